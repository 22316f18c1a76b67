"""The drawing that fits its space best: found in few trials, of labels that are made once."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import tried
from make_graphs import model, random_models
from make_scenes import NESTED, PARTS, RESIDUAL, boxes_of, residual, scene, texts_of
from sphinxcontrib_kerasgraph.draw import fit
from sphinxcontrib_kerasgraph.draw.dot import dot_to_lay_out
from sphinxcontrib_kerasgraph.draw.placed import placed
from sphinxcontrib_kerasgraph.label import compact
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene import build
from sphinxcontrib_kerasgraph.scene.columns import Space
from sphinxcontrib_kerasgraph.view.views import views

LONG = f"x InputLayer\n{residual(20)}\n-> a20"


class Ruler:
    """Lays out as large as it is told, and else by the length of the code; keeps what it saw."""

    def __init__(self, *sizes: tuple[float, float] | None) -> None:
        self.codes: list[str] = []
        self._sizes = list(sizes)

    def __call__(self, codes):
        self.codes += codes
        return [self._said(code) for code in codes]

    def _said(self, code: str) -> str | None:
        columns = max(1, code.count("cluster_//column"))
        size = self._sizes.pop(0) if self._sizes else (columns * 200.0, len(code) / columns)
        return size and json.dumps({"bb": f"0,0,{size[0]},{size[1]}"})

    @property
    def runs(self) -> int:
        return len(self.codes)


@pytest.fixture(autouse=True)
def as_laid_out(monkeypatch):
    """What the ruler says is neither checked nor finished: it says nothing of boxes."""
    monkeypatch.setattr(fit, "placed", lambda said, lines, _: placed(said, lines))
    monkeypatch.setattr(fit, "finish", lambda arranged, placed, *_, is_draft: (arranged, placed))


def fitted(graph, ruler=None, space: Space = fit.PAGE, **options) -> fit.Fitted:
    made = model(graph) if isinstance(graph, str) else graph
    settings = DrawOptions.of(**options)
    return fit.draw(views(made, settings), settings, space, ruler)


def drawn(graph, ruler=None, space: Space = fit.PAGE, **options) -> str:
    """The DOT that was laid out, or would be."""
    made = fitted(graph, ruler, space, **options)
    return dot_to_lay_out(made.arranged, made.options)[0] if ruler else made.dot.to_string()


@tried(60)
@given(
    random_models(),
    st.sampled_from([{"fold": "exact"}, {"fold": "loose"}, {"fold": "none", "fuse": "no"}]),
    st.integers(40, 700),
    st.none() | st.integers(40, 700),
)
def test_any_scene_is_laid_out_a_few_dozen_times_at_most(graph, options, width, height):
    ruler = Ruler()
    code = drawn(graph, ruler, Space(width, height), view="overview", **options)
    assert 1 <= ruler.runs <= 36
    assert len(set(ruler.codes)) == ruler.runs  # nothing twice
    assert code in ruler.codes


def test_a_loose_view_is_measured_besides_where_the_exact_one_is_too_small():
    graph = model(
        "x InputLayer\n" + residual(30).replace("c2 Conv2D/8", "c2 Conv2D/16") + "\n-> a30"
    )
    both = views(graph, DrawOptions.of(view="overview"))
    assert len(both) == 2
    for size, most in (((100, 100), 3), ((10_000, 10_000), 24)):
        ruler = Ruler(*[size] * 30)
        drawn(graph, ruler, view="overview")
        assert ruler.runs <= most


@pytest.mark.parametrize("graph", [LONG, PARTS])
def test_what_is_legible_at_once_is_laid_out_three_times_and_in_the_shape_of_the_network(graph):
    ruler = Ruler(*[(100, 100)] * 12)
    drawn(graph, ruler, view="overview", fold="none", shape="none")
    assert ruler.runs <= 4  # with letters, too
    ruler = Ruler(*[(100, 100)] * 12)
    drawn(graph, ruler, view="overview", fold="none")
    assert ruler.runs <= 5


def test_the_best_of_what_was_measured_is_drawn():
    for best in range(2):
        sizes = [(400.0, 600.0 + 300 * (at != best)) for at in range(12)]
        ruler = Ruler(*sizes)
        code = drawn(LONG, ruler, view="overview", fold="none")
        assert ruler.codes.index(code) == best


def test_where_pages_scroll_the_lowest_that_is_legible_is_drawn():
    ruler = Ruler((500, 3000), (500, 1000), (5000, 100))
    code = drawn(LONG, ruler, fit.COLUMN, view="overview", fold="none")
    assert ruler.codes.index(code) == 1


@pytest.mark.parametrize(
    "options",
    [{"view": "full"}, {"view": "overview", "fit": "none"}, {"view": "full", "depth": "all"}],
)
def test_what_is_not_to_fit_is_laid_out_once_in_one_column(options):
    ruler = Ruler()
    code = drawn(NESTED, ruler, **options)
    assert ruler.codes == [code]
    assert "pack=" not in code


FOUR = f"x InputLayer\n{residual(4)}\n-> a4"


@pytest.mark.parametrize(
    ("space", "size", "is_full"),
    [
        (fit.PAGE, (451, 642), True),
        (fit.PAGE, (670, 642), True),  # text of 6 points
        (fit.PAGE, (690, 642), False),
        (fit.PAGE, (400, 970), False),
        (fit.COLUMN, (550, 600), True),
        (fit.COLUMN, (780, 600), True),  # at 70 %
        (fit.COLUMN, (790, 400), False),
        (fit.COLUMN, (300, 600), True),  # 800 pixels: seen at once
        (fit.COLUMN, (300, 640), False),
    ],
)
def test_every_call_is_drawn_where_that_is_read_at_ease(space, size, is_full):
    ruler = Ruler((size[0] - 8, size[1] - 8), *[(300, 300)] * 11)
    made = fitted(FOUR, ruler, space)
    assert made.arranged.scene.compact != is_full
    assert (ruler.runs == 1) == is_full


def test_the_overview_is_drawn_only_where_it_fits_better():
    assert not fitted(FOUR, Ruler((900, 900), *[(2000, 2000)] * 11)).arranged.scene.compact
    assert fitted(FOUR, Ruler((900, 900), *[(800, 800)] * 11)).arranged.scene.compact


def test_what_takes_too_long_does_not_cost_the_picture():
    ruler = Ruler((400, 600), None, None)
    code = drawn(LONG, ruler, view="overview", fold="none")
    assert ruler.codes.index(code) == 0


def test_a_number_of_columns_is_kept():
    for number in (2, 3):
        ruler = Ruler()
        assert drawn(LONG, ruler, view="full", columns=number).count("subgraph") >= number
        assert f"array_tu{number}" in drawn(LONG, ruler, view="full", columns=number)


def test_without_measure_sizes_are_estimated():
    assert "pack=" in drawn(LONG, view="overview", fold="none")
    assert "pack=" not in drawn(RESIDUAL, view="overview")


@pytest.mark.parametrize("options", [{}, {"view": "overview"}, {"depth": "all", "fit": "page"}])
def test_the_same_view_gives_the_same_dot(options):
    assert drawn(LONG, Ruler(), **options) == drawn(LONG, Ruler(), **options)


@pytest.fixture
def made(monkeypatch) -> Counter:
    """How often each function that makes labels is called."""
    calls: Counter[str] = Counter()

    def count(module, name):
        function = getattr(module, name)

        def counted(*args, **kwargs):
            calls[name] += 1
            return function(*args, **kwargs)

        monkeypatch.setattr(module, name, counted)

    for name in ("stack_label", "source_label", "stub_label", "part_label", "entry_label",
                 "exit_label", "note_label"):  # fmt: skip
        count(compact, name)
    for name in ("call_label", "frame_label"):
        count(build, name)
    return calls


@pytest.mark.parametrize(
    ("graph", "options"),
    [
        (LONG, {"view": "overview", "fold": "none", "fuse": "no"}),
        (PARTS, {"view": "overview", "fold": "loose"}),
        (RESIDUAL, {"view": "overview", "fold": "exact"}),
    ],
)
def test_labels_are_made_once_a_way_however_often_a_scene_is_laid_out(made, graph, options):
    one = scene(graph, **options)
    once = made.total()
    assert once == len(boxes_of(one)) + len(texts_of(one))
    made.clear()
    ruler = Ruler(*[(10_000, 10_000)] * 30)  # never legible: all is tried
    drawn(graph, ruler, **options)
    assert ruler.runs >= 1
    ways = 2 if one.compact else 1  # of fewer rows, too
    assert made.total() <= ways * once


def test_names_of_a_cluster_are_its_own():
    options = DrawOptions.of(depth="all")
    view, *_ = views(model(NESTED), options)
    code = fit.draw_cluster(view, options).to_string()
    assert '"net/b/d"' in code
    assert '"b/d"' not in code
