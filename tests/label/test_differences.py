"""What is told of calls that are drawn as one, and aren't the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import serialized
from make_graphs import leaf, model
from make_scenes import NESTED, frames_of, said_by, scene
from sphinxcontrib_kerasgraph.graph import Call, CallKind
from sphinxcontrib_kerasgraph.label.details import differing
from sphinxcontrib_kerasgraph.label.differences import differences
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.options import LabelOptions, SelectOptions
from sphinxcontrib_kerasgraph.view.expand import expand


def configured(*configs: dict, **facts) -> list[Call]:
    return [
        replace(leaf(f"n{at}", "Dense"), **{"config": {"name": f"n{at}", **config}} | facts)
        for at, config in enumerate(configs)
    ]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([True, False, True], "yes, no, yes"),
        ([16, None], "16, none"),
        ([64, 16, 32], "64, 16, 32"),
        ([0.1, 0.30000000000000004], "0.1, 0.3"),
        (["gelu", "relu"], "gelu, relu"),
        (["first_of_all", "second", "last_of_all"], "first_of_all, second, last_of_all"),
        ([[1, 2], [3, 4]], "(1, 2); (3, 4)"),
    ],
)
def test_values_that_differ(values, told):
    assert differences(configured(*({"odd": value} for value in values))) == {"odd": told}


def test_what_is_the_same_is_not_told():
    assert differences(configured({"odd": 1}, {"odd": 1})) == {}
    assert differences(configured({"odd": 1})) == {}
    call = leaf("a", "Dense")
    assert differences([call, call]) == {}


def test_names_do_not_matter():
    calls = configured({"init": serialized("HeNormal", name="a")},
                       {"init": serialized("HeNormal", name="b")})  # fmt: skip
    assert differences(calls) == {}


def test_what_the_fact_tells_is_not_told_again():
    assert differences(configured({"units": 8}, {"units": 16})) == {}
    both = configured({"units": 8, "use_bias": True}, {"units": 16, "use_bias": False})
    assert differences(both) == {"use_bias": "yes, no"}
    convolutions = configured(
        {"filters": 8, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same"},
        {"filters": 8, "kernel_size": [5, 5], "strides": [2, 2], "padding": "valid"},
        kind=CallKind.CONVOLUTION,
    )
    assert differences(convolutions) == {"padding": "same, valid"}
    # What a custom layer's configuration means isn't known: it has no fact.
    custom = configured({"units": 8}, {"units": 16}, kind=CallKind.CUSTOM)
    assert differences(custom) == {"units": "8, 16"}


def test_an_activation_is_told_once():
    calls = [
        replace(leaf("a", "Dense"), activation=name, config={"activation": name})
        for name in ("gelu", "relu")
    ]
    assert differences(calls) == {"activation": "gelu, relu"}
    layers = [replace(call, kind=CallKind.ACTIVATION, qualname="Activation") for call in calls]
    assert differences(layers) == {}


def test_what_is_inside_of_a_value_has_both_names():
    calls = configured({"init": serialized("HeNormal", seed=1)},
                       {"init": serialized("HeNormal", seed=2)},
                       {"init": serialized("Zeros")})  # fmt: skip
    assert differences(calls) == {"init": "HeNormal (×2), Zeros", "init.seed": "1, 2, none"}


def test_constants_of_operations():
    one, other = (
        replace(leaf("o", "Clip"), is_operation=True, constants=(("low", low), ("high", "9")))
        for low in ("1", "2")
    )
    assert differences([one, other]) == {}  # the fact tells them
    long = "x" * 60
    one, other = (replace(call, constants=(("a", long), *call.constants)) for call in (one, other))
    assert differences([one, other]) == {"low": "1, 2"}  # unless it is cut


def test_sharing_and_training():
    one = replace(leaf("d", "Dense"), trainable=True)
    assert differences([one, replace(one, trainable=False)]) == {"trainable": "yes, no"}
    assert differences([one, replace(one, shared=True)]) == {"shared": "no, yes"}
    # What has no weights isn't trained, whatever its configuration says.
    idle = configured({"trainable": True}, {"trainable": False})
    assert differences(idle) == {}


def test_of_many_differences_the_number_is_told():
    calls = configured(dict.fromkeys("abcd", 1), dict.fromkeys("abcd", 2))
    assert differences(calls) == {"a": "1, 2", "b": "1, 2", "more": "2 differ"}


def test_what_options_show_anyway_is_not_told_again():
    calls = [
        replace(leaf("d", "Dense"), trainable=value, activation=name)
        for value, name in ((True, "relu"), (False, "gelu"))
    ]
    told = [one.alone() for one in differing(calls, LabelOptions())]
    assert told == ["trainable: yes, no", "activation: relu, gelu"]
    shown = LabelOptions(show_trainable=True, show_layer_activations=True)
    assert differing(calls, shown) == []


# Blocks


def closed(text: str = NESTED, **config) -> Call:
    call = expand(model(text), SelectOptions()).graph["b"]
    return replace(call, config=call.config | config)


def test_what_differs_inside_of_closed_blocks_is_told_with_its_place():
    assert differences([closed(), closed()]) == {}
    text = NESTED.replace("c Conv2D", "c Other")
    one, other = closed(text), closed(text.replace("c Other", "c Other/8"))
    assert differences([one, other]) == {"inside": "i/c size none, 8"}
    third = closed(text.replace("c Other", "c Other/8").replace("d Dense", "d Dense/9"))
    assert differences([one, third]) == {"inside": "d none, × 9 and 1 more"}


def test_what_a_block_hands_on_to_what_is_inside_is_not_told_again():
    one = closed(size=None)
    other = closed(NESTED.replace("c Conv2D", "c Conv2D/8"), size="8")
    assert differences([one, other]) == {"size": "none, 8"}


def repeated(size: str) -> str:
    """Four blocks, of the last of which a layer has that size."""
    lines, last = ["x InputLayer"], "x"
    for n in range(1, 5):
        lines += [
            f"b{n} Block <- {last}",
            f"    d{n} Other{size if n == 4 else ''} <- ^",
            f"    a{n} Add <- d{n}, ^",
            f"    -> a{n}",
        ]
        last = f"b{n}"
    return "\n".join([*lines, f"-> {last}"])


#: Its number of calls, and which of them differs in what.
TOLD_CLOSED = "Block b1 … b4 ×4 2 calls inside inside d1 size none, none, none, 8"


@pytest.mark.parametrize("fold", ["auto", "exact", "loose"])
@pytest.mark.parametrize("depth", [0, 1])
def test_no_fold_of_blocks_that_differ_inside_is_silent(fold, depth):
    same = scene(repeated(""), view="overview", fold=fold, depth=depth)
    assert not any("none, 8" in text for text in said_by(same).values())
    made = scene(repeated("/8"), view="overview", fold=fold, depth=depth)
    if fold == "loose":
        [told] = [text for text in said_by(made).values() if "none, none, none, 8" in text]
        assert told == ("Other size: none, none, none, 8" if depth else TOLD_CLOSED)
    else:  # too few are left to be folded
        assert set(said_by(made)) >= ({"b1/d1", "b4/d4"} if depth else {"b1", "b4"})


def test_the_frame_of_an_open_block_tells_what_differs_of_the_block():
    text = repeated("")
    graph = model(text)
    calls = [
        replace(call, config=call.config | {"window": 8 * (call.id == "b2")})
        for call in graph.graph.calls
    ]
    graph = replace(graph, graph=replace(graph.graph, calls=tuple(calls)))
    frames = frames_of(scene(graph, view="overview", fold="loose", depth=1))
    said = [" ".join(plain_text(one.label).split()) for frame in frames for one in frame.entries]
    assert said == ["×4 Block b1 … b4 window: 0, 8, 0, 0 8"]
