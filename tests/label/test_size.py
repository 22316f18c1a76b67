"""Labels are about as large as `dot` makes them: near enough to choose columns by."""

from __future__ import annotations

import subprocess

import pytest

from make_scenes import RESIDUAL, boxes_of, scene
from sphinxcontrib_kerasgraph.draw.html_label import html_label
from sphinxcontrib_kerasgraph.label.size import text_width


def test_characters_have_the_widths_of_helvetica():
    assert text_width("", 10) == 0
    assert text_width("i", 1000) == 222
    assert text_width("W", 1000) == 944
    assert text_width("7", 1000) == text_width("é", 1000) == 556
    assert text_width("64 × 3", 10) == pytest.approx(10 * (3 * 0.556 + 2 * 0.278 + 0.584))


def drawn_sizes(dot: str, labels: list[str]) -> list[tuple[float, float]]:
    """How large `dot` makes a node of each label, in points."""
    nodes = "".join(f"n{at} [label={label}]\n" for at, label in enumerate(labels))
    code = f"graph {{ node [shape=plain, fontname=Arial, fontsize=10]\n{nodes}}}"
    said = subprocess.run(
        [dot, "-Tplain"], input=code, capture_output=True, text=True, check=True
    ).stdout
    found = {}
    for line in said.splitlines():
        if line.startswith("node "):
            _, name, _, _, width, height, *_ = line.split(maxsplit=6)
            found[name] = (float(width) * 72, float(height) * 72)
    return [found[f"n{at}"] for at in range(len(labels))]


@pytest.mark.parametrize("options", [{}, {"show_shapes": True, "show_params": True}])
def test_boxes_of_an_overview_are_about_as_large_as_dot_makes_them(dot, options):
    boxes = boxes_of(scene(RESIDUAL, view="overview", **options))
    sizes = drawn_sizes(dot, [html_label(box.label) for box in boxes])
    assert len(boxes) > 4
    for box, (width, height) in zip(boxes, sizes, strict=True):
        assert box.size[0] == pytest.approx(width, rel=0.1), box.label
        assert box.size[1] == pytest.approx(height, rel=0.1), box.label
