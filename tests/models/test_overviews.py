"""Overviews of real models: boxes, frames, columns, and what they say."""

from __future__ import annotations

import re
import subprocess

import keras
import pytest
from keras import layers

import svg
from sphinxcontrib_kerasgraph import model_to_dot, model_to_graph
from sphinxcontrib_kerasgraph.draw.fit import COLUMN, PAGE, draw
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.columns import Space
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes as boxes
from sphinxcontrib_kerasgraph.view.views import views
from svg import words

UNBROKEN = DrawOptions.of(fit="none")


def residual(blocks: int = 4, stages: int = 1) -> keras.Model:
    """Blocks of a convolution around which the data also passes, in stages of several widths."""
    keras.utils.clear_session()
    inputs = x = keras.Input((32, 32, 3), name="image")
    for stage in range(1, stages + 1):
        x = layers.Conv2D(8 * stage, 3, padding="same", name=f"stage{stage}_widen")(x)
        for block in range(1, blocks + 1):
            name = f"stage{stage}_block{block}"
            y = layers.Conv2D(8 * stage, 3, padding="same", name=f"{name}_conv")(x)
            y = layers.BatchNormalization(name=f"{name}_bn")(y)
            y = layers.ReLU(name=f"{name}_relu")(y)
            x = layers.Add(name=f"{name}_add")([x, y])
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(inputs, layers.Dense(10, name="head")(x), name="residual")


def picture(dot: str, code: str) -> str:
    """The SVG that ``dot`` makes of it, without a word of complaint."""
    done = subprocess.run([dot, "-Tsvg"], input=code.encode(), capture_output=True, check=True)
    complaints = [
        line for line in done.stderr.decode().splitlines() if "non-ASCII character" not in line
    ]
    assert complaints == []
    return done.stdout.decode()


def drawn(dot: str, model: keras.Model, **options) -> str:
    return picture(dot, model_to_dot(model, **{"view": "overview"} | options).to_string())


def test_what_is_repeated_is_a_frame_and_chains_are_one_box(dot):
    made = drawn(dot, residual())
    assert sorted(svg.boxes(made)) == [
        "image",
        "pool_stack",
        "stage1_block1_add",
        "stage1_block1_conv_stack",
        "stage1_widen",
    ]
    assert svg.frames(made) == ["stage1_block1_conv_fold"]
    fold, conv, add = (f"stage1_block1_{name}" for name in ("conv_fold//in0", "conv_stack", "add"))
    assert {edge: n for edge, n in svg.edges(made).items() if "//note" not in edge} == {
        ("image", "stage1_widen"): 1,
        ("stage1_widen", fold): 1,
        (fold, conv): 1,
        (fold, add): 1,
        (conv, add): 1,
        (add, "pool_stack"): 1,
    }


def test_it_tells_how_often_what_and_which_shapes(dot):
    texts = words(drawn(dot, residual()))
    assert "×4 stage1_block1 … stage1_block4 32×32×8" in texts
    assert "Conv2D 8 · 3×3 BatchNormalization ReLU" in texts
    assert "+ 32×32×8" in texts
    assert "20 calls in 5 boxes; ×N: N times in a row." in texts


def test_what_differs_is_a_range_when_folded_loosely(dot):
    model = residual(3, stages=4)
    assert len(svg.frames(drawn(dot, model, fold="exact"))) == 4
    made = drawn(dot, model, fold="loose")
    assert len(svg.frames(made)) == 2
    texts = words(made)
    assert "×4" in texts
    assert "8 … 32 · 3×3" in texts


def test_nothing_is_left_out_of_a_full_view(dot):
    model = residual()
    made = drawn(dot, model, view="full")
    assert sorted(svg.boxes(made)) == sorted(layer.name for layer in model.layers)
    assert "calls in" not in words(made)


def test_large_models_are_overviews_unless_told_otherwise(dot):
    model = residual(20)
    assert len(svg.frames(drawn(dot, model, view="auto"))) == 1
    assert svg.frames(drawn(dot, model, view="auto", overview_above=100)) == []
    assert svg.frames(drawn(dot, residual(), view="auto")) == []


def test_columns_stand_side_by_side_in_order_and_connectors_join_them(dot):
    made = drawn(dot, residual(3, stages=4), columns=3)
    across = places(made)
    connectors = [name for name in across if re.match(r"//\d", name)]
    assert sorted(connectors) == ["//1_in_1", "//1_out", "//2_in_2", "//2_out"]
    assert across["image"] < across["//1_in_1"] < across["//2_in_2"]
    assert across["//1_out"] < across["//1_in_1"]
    assert across["//2_out"] < across["//2_in_2"]
    # No edge goes from column to column.
    ends = [(across[a], across[b]) for a, b in svg.edges(made)]
    assert all(abs(a - b) < 200 for a, b in ends)


def places(made: str) -> dict[str, float]:
    """How far to the right the first text of each node is."""
    found = re.findall(
        r'class="node[^"]*">\s*<title>(.*?)</title>.*?<text[^>]* x="([-\d.]+)"', made, re.DOTALL
    )
    return {name: float(x) for name, x in found}


def measure(dot: str):
    def sizes(codes) -> list[tuple[float, float]]:
        found = []
        for code in codes:
            match = re.search(r'<svg width="([\d.]+)pt" height="([\d.]+)pt"', picture(dot, code))
            found.append((float(match[1]), float(match[2])))
        return found

    return sizes


@pytest.mark.parametrize("stages", [1, 6, 12])
def test_a_drawing_fits_its_space(dot, stages):
    graph = model_to_graph(residual(3, stages))
    options = DrawOptions.of(view="overview", fold="exact")
    sizes = measure(dot)
    [size] = sizes([draw(views(graph, options), options, PAGE, sizes).dot.to_string()])
    on_page = PAGE.scale(*size)
    assert on_page > 0.66
    # Where pages scroll, only the width counts.
    scrolled, unbroken = sizes(
        [
            draw(views(graph, options), options, COLUMN, sizes).dot.to_string(),
            draw(views(graph, UNBROKEN), UNBROKEN, PAGE).dot.to_string(),
        ]
    )
    assert COLUMN.scale(*scrolled) > 0.75
    assert on_page >= PAGE.scale(*unbroken)


def test_what_is_wide_is_put_in_rows(dot):
    keras.utils.clear_session()
    inputs = keras.Input((8, 8, 3), name="image")
    branches = [layers.Conv2D(8, n, padding="same", name=f"branch{n}")(inputs) for n in range(1, 9)]
    model = keras.Model(inputs, layers.Concatenate(name="all")(branches))
    graph, sizes, narrow = model_to_graph(model), measure(dot), Space(200, 400)
    options = DrawOptions.of(view="overview", fold="none")
    made = draw(views(graph, options), options, narrow, sizes).dot.to_string()
    [size] = sizes([made])
    assert narrow.scale(*size) > 0.6
    assert sum(name.startswith("branch") for name in svg.boxes(picture(dot, made))) == 8


def test_loose_only_where_exact_is_too_small():
    graph = model_to_graph(residual(3, stages=4))
    exact, loose = views(graph, DrawOptions.of(view="overview"))
    assert boxes(loose.graph.graph) < boxes(exact.graph.graph)
    many = model_to_graph(residual(3, stages=16))
    [only] = views(many, DrawOptions.of(view="overview"))
    assert boxes(only.graph.graph) == boxes(loose.graph.graph)


def test_part_of_a_model_has_stubs_and_says_so(dot):
    made = drawn(
        dot, residual(), view="full", from_="stage1_block2_*", to="*block2_add", hide="ReLU"
    )
    assert sorted(name for name in svg.boxes(made) if not name.startswith("//")) == [
        "from_stage1_block1_add",
        "stage1_block2_add",
        "stage1_block2_bn",
        "stage1_block2_conv",
        "to_stage1_block3_conv",
    ]
    texts = words(made)
    assert "Part of the model. Without ReLU." in texts


def test_nothing_left_is_an_error():
    with pytest.raises(ValueError, match=r"No call is left .* from_="):
        model_to_dot(residual(), from_="head", to="stage1_widen")


def test_other_layouts_have_no_overview():
    with pytest.raises(ValueError, match="layout 'neato'"):
        model_to_dot(residual(), view="overview", layout="neato")
    assert "pack" not in model_to_dot(residual(30), layout="neato").to_string()
