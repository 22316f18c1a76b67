"""Overviews of real models: boxes, frames, columns, and what they say."""

from __future__ import annotations

import re
import subprocess

import keras
import pytest
from keras import layers

import svg
import zoo_checks
from make_scenes import frames_of, said_by
from sphinxcontrib_kerasgraph import model_to_dot, model_to_graph
from sphinxcontrib_kerasgraph.draw.fit import COLUMN, PAGE, draw
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.build import scene_of
from sphinxcontrib_kerasgraph.scene.columns import Space
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes as boxes
from sphinxcontrib_kerasgraph.view.overview.part_inputs import names_of_inputs
from sphinxcontrib_kerasgraph.view.overview.parts import parts_of
from sphinxcontrib_kerasgraph.view.views import views
from svg import words
from zoo import everyday, folds

UNBROKEN = DrawOptions.of(view="full")


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


def test_what_differs_is_told_in_order_when_folded_loosely(dot):
    model = residual(3, stages=4)
    assert len(svg.frames(drawn(dot, model, fold="exact", fit="none"))) == 4
    made = drawn(dot, model, fold="loose")
    assert len(svg.frames(made)) == 2
    texts = words(made)
    assert "×4" in texts
    assert "8, 16, 24, 32 · 3×3" in texts


def test_nothing_is_left_out_of_a_full_view(dot):
    model = residual()
    made = drawn(dot, model, view="full")
    assert sorted(svg.boxes(made)) == sorted(layer.name for layer in model.layers)
    assert "calls in" not in words(made)


def test_large_models_are_overviews_unless_told_otherwise(dot):
    model = residual(20)
    assert len(svg.frames(drawn(dot, model, view="auto"))) == 1
    assert svg.frames(drawn(dot, model, view="full")) == []
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


@pytest.mark.parametrize("stages", [1, 6, 12])
def test_a_drawing_fits_its_space(dot, stages):
    graph = model_to_graph(residual(3, stages))
    options, lay_out = DrawOptions.of(view="overview", fold="exact"), Graphviz(dot).lay_out
    on_page = PAGE.scale(*draw(views(graph, options), options, PAGE, lay_out).size)
    assert on_page > 0.66
    # Where pages scroll, only the width counts.
    scrolled = draw(views(graph, options), options, COLUMN, lay_out).size
    unbroken = draw(views(graph, UNBROKEN), UNBROKEN, PAGE, lay_out).size
    assert COLUMN.scale(*scrolled) > 0.75
    assert on_page >= PAGE.scale(*unbroken)


def test_what_is_wide_is_put_in_rows(dot):
    keras.utils.clear_session()
    inputs = keras.Input((8, 8, 3), name="image")
    branches = [layers.Conv2D(8, n, padding="same", name=f"branch{n}")(inputs) for n in range(1, 9)]
    model = keras.Model(inputs, layers.Concatenate(name="all")(branches))
    graph, narrow = model_to_graph(model), Space(200, 400)
    options = DrawOptions.of(view="overview", fold="none")
    made = draw(views(graph, options), options, narrow, Graphviz(dot).lay_out)
    assert narrow.scale(*made.size) > 0.6
    assert sum(name.startswith("branch") for name in svg.boxes(picture(dot, made.finished))) == 8


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


# Blocks that are alike but for something.


def told(name: str, **options) -> list[list[str]]:
    """Of each view of a model of `folds`, in order, what its boxes and frames say."""
    if name in folds.SUBCLASSED:
        graph = zoo_checks.made(folds.SUBCLASSED[name])[1]
    else:
        keras.utils.clear_session()
        graph = model_to_graph(folds.FUNCTIONAL[name][0]())
    chosen = DrawOptions.of(view="overview", **options)
    scenes = [scene_of(view, chosen.label, chosen.layout) for view in views(graph, chosen)]
    return [[*said_by(scene).values(), *headings(scene)] for scene in scenes]


def headings(scene) -> list[str]:
    """What stands at the top of frames, and as their titles."""
    texts = []
    for frame in frames_of(scene):
        label = frame.title or (frame.title_beside.label if frame.title_beside else None)
        labels = [*([label] if label else []), *(entry.label for entry in frame.entries[:1])]
        texts += [" ".join(plain_text(one).split()) for one in labels]
    return texts


def test_what_is_alike_all_the_way_down_is_one_box():
    [only] = told("alike")
    assert only == [
        "tokens",
        "Embedding 100 × 8",
        "GemmaBlock block_0 … block_25 ×26 8 calls inside",
        "LayerNormalization",
    ]


def test_a_number_that_differs_is_told_in_order_or_two_boxes():
    exact, loose = told("windows")
    assert exact[2:4] == [f"GemmaBlock block_{number} 8 calls inside" for number in (0, 1)]
    assert exact[-1] == "×13 block ?×8"
    assert loose[2] == "GemmaBlock block_0 … block_25 ×26 8 calls inside window 64, 16 in turn"


@pytest.mark.parametrize("fold", ["exact", "loose"])
def test_blocks_with_a_call_more_are_never_one_with_others(fold):
    [only] = told("extra_norms", fold=fold)
    assert only[2:6] == [
        "GemmaBlock block_0 … block_22 ×5 8 calls inside",
        "GemmaBlock block_5 9 calls inside",
        "GemmaBlock block_24 8 calls inside",
        "GemmaBlock block_25 8 calls inside",
    ]
    assert only[-1] == "×4 block ?×8"


@pytest.mark.parametrize("depth", [0, 1])
def test_a_decoder_whose_blocks_differ_in_a_flag_and_every_sixth_in_a_call(depth):
    for texts in told("gemma", depth=depth):
        assert not any("×26" in text for text in texts)
    [loose] = told("gemma", depth=depth, fold="loose")
    flags = [text for text in loose if "window" in text]
    assert flags == (
        [
            "WindowAttention attention 8 calls inside window 16, none in turn",
            "WindowAttention attention 8 calls inside window 16, none",
            "×5 GemmaBlock block_0 … block_22 window: 16, none in turn ?×8",
            "×2 GemmaBlock block_24 … block_25 window: 16, none ?×8",
        ]
        if depth
        else ["GemmaBlock block_0 … block_22 ×5 8 calls inside window 16, none in turn"]
    )


def test_what_no_configuration_tells_is_told_by_the_place_where_it_is():
    exact, loose = told("untold")
    assert exact[2:4] == [f"GemmaBlock block_{number} 8 calls inside" for number in (0, 1)]
    head = "GemmaBlock block_0 … block_25 ×26 8 calls inside"
    assert re.fullmatch(rf"{head} inside attention/\w+ ÷ 50.0, ÷ 30.0 in turn and 1 more", loose[2])


@pytest.mark.parametrize("name", ["vit", "block_vit"])
def test_one_block_with_another_activation_is_seen(name):
    exact, loose = told(name)
    assert [text for text in loose if "activation" in text and "gelu (×7), relu, gelu (×4)" in text]
    repeats = [text for text in exact if "×" in text and "block" in text.lower()]
    assert [re.search(r"×(\d+)", text)[1] for text in repeats] == ["7", "4"]


def test_heads_that_share_weights_over_scales_are_no_part_of_one_another():
    for texts in told("detector"):
        for filters in (36, 180):
            [head] = [text for text in texts if f"Conv2D shared {filters} · 3×3" in text]
            assert head.startswith("7 side by side")
        assert not any("…" in text and "Conv2D" in text for text in texts)


def test_heads_of_all_scales_stand_side_by_side_and_what_differs_is_told_in_turn():
    [only] = told("decoupled")
    assert "16 side by side box … class" in only
    assert "Conv2D 8, 16 in turn · 3×3 relu" in only


def test_heads_that_are_the_same_stand_side_by_side():
    [only] = told("even_heads")
    assert "16 side by side box … class" in only
    assert "Conv2D 8 · 3×3 relu" in only


def test_a_time_embedding_has_the_same_letter_in_all_parts():
    keras.utils.clear_session()
    [view] = views(model_to_graph(everyday.diffusion()), DrawOptions.of(view="overview"))
    names = names_of_inputs(view.graph.graph)
    # The data is the main input; the time is the same for all, the shortcut another for each.
    assert [sorted(several) for several in names.values()] == [["", "a", "t"]] * 3
    for letter, calls in parts_of(view.graph.graph).items():
        main, time = names[letter].index(""), names[letter].index("t")
        assert {len(call.inputs[main].shape) for call in calls} == {4}
        assert {call.inputs[time].shape for call in calls} == {(None, 256)}


@pytest.mark.parametrize("name", ["MobileNetV3Large", "EfficientNetB0"])
def test_squeeze_and_excite_is_drawn_once(name):
    keras.utils.clear_session()
    model = getattr(keras.applications, name)(weights=None)
    for view in views(model_to_graph(model), DrawOptions.of(view="overview")):
        [places] = parts_of(view.graph.graph).values()
        for call in places:
            first, *_, last = call.bodies[0].flat()
            assert (first.class_name, last.class_name) == ("GlobalAveragePooling2D", "Multiply")
        # All of them, and the head's own pooling.
        pools = sum(type(one).__name__ == "GlobalAveragePooling2D" for one in model.layers)
        assert len(places) == pools - 1


def everyday_drawn(make, **options) -> list[list[str]]:
    """Of each view of the model, what its boxes and frames say."""
    keras.utils.clear_session()
    chosen = DrawOptions.of(view="overview", **options)
    scenes = [
        scene_of(view, chosen.label, chosen.layout)
        for view in views(model_to_graph(make()), chosen)
    ]
    return [[*said_by(scene).values(), *headings(scene)] for scene in scenes]


def test_experts_are_one_box():
    [only] = everyday_drawn(everyday.experts)
    assert len(only) <= 12
    [experts] = [text for text in only if "side by side" in text]
    assert experts.startswith("8 side by side expert_0 … expert_7 Dense 128")


@pytest.mark.parametrize(
    ("make", "numbers"), [(everyday.table12, (6, 6)), (everyday.table30, (18, 12))]
)
def test_the_inputs_of_a_table_are_two_boxes(make, numbers):
    loose = everyday_drawn(make)[-1]
    assert len(loose) <= 12
    for number in numbers:
        assert any(text.startswith(f"{number} side by side") for text in loose)
        assert any(text.endswith(f" {number} × 1") for text in loose)


def test_what_the_blocks_of_a_wavenet_tell_aside_is_taken_of_all(dot):
    made = drawn(dot, everyday.wavenet())
    assert "all 16" in words(made)
    # What the last block would hand on is no part of the model.
    assert "the last without Conv1D 32 · 1, +" in words(made)
    assert len(svg.boxes(made)) <= 12 + 2  # with the text at the top of the frame, and the note


def test_towers_that_are_alike_are_one_part_and_each_place_has_its_name():
    [only] = told("towers")
    assert {"A query_tower 8", "A item_tower 8"} <= set(only)
    assert "A query_tower, item_tower 16" in only
    [nameless] = told("towers", show_layer_names=False)
    assert not any("tower" in text for text in nameless)
