"""What differs between two models, as values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import NESTED, NET, chain, changed, configured, of_keras, serialized
from make_graphs import TENSOR, model, of_graph
from sphinxcontrib_kerasgraph.compare import Difference, Place, compared, finding, matched
from sphinxcontrib_kerasgraph.compare.difference import (
    ArgumentChanged,
    Aspect,
    CallAdded,
    CallChanged,
    CallRemoved,
    CallRenamed,
    InputsReordered,
    InsideChanged,
    ModelChanged,
    OutputChanged,
    OutputsReordered,
    SharingChanged,
    TensorAdded,
    TensorRemoved,
    Undrawn,
)
from sphinxcontrib_kerasgraph.compare.match import MODEL
from sphinxcontrib_kerasgraph.compare.tensors import End, Route
from sphinxcontrib_kerasgraph.graph import Change, ModelGraph, Parameters, Tensor
from sphinxcontrib_kerasgraph.graph.changed_values import Missing

DENSE = Place("dense", "dense")
TWO = "a InputLayer\nb InputLayer\nsub Sub <- a, b\n-> sub"


def differences(old: ModelGraph, new: ModelGraph) -> tuple[Difference, ...]:
    return compared(old, new).differences


def test_the_same_models_have_no_differences():
    assert differences(model(NESTED), model(NESTED)) == ()


def test_what_a_model_was_made_without_is_no_difference():
    old = model(NESTED)
    assert differences(old, replace(old, passed_over=("weights of a.h5",))) == ()


def test_a_matching_that_is_known_is_taken():
    old, new = model(NET), configured(model(NET), "dense", size="9")
    assert finding.differences(old, new, matched(old, new)) == differences(old, new)
    nothing = replace(matched(old, new), matches=())
    assert finding.differences(old, new, nothing) != differences(old, new)


# Values


def test_a_value_of_a_configuration():
    old = configured(model(NET), "dense", init=serialized("HeNormal", seed=1))
    new = configured(model(NET), "dense", init=serialized("HeNormal", seed=None), rank=4)
    assert differences(old, new) == (
        CallChanged(DENSE, Aspect.CONFIGURATION, ("init", "seed"), 1, None),
        CallChanged(DENSE, Aspect.CONFIGURATION, ("rank",), Missing.NOTHING, 4),
    )


def test_a_constant():
    new = changed(model(NET), "dense", constants=(("axis", "1"),))
    assert differences(model(NET), new) == (
        CallChanged(DENSE, Aspect.CONSTANT, ("axis",), Missing.NOTHING, "1"),
    )


@pytest.mark.parametrize(
    ("field", "after"),
    [
        ("module", "demo"),
        ("qualname", "Outer.Dense"),
        ("kind", "custom"),
        ("is_operation", True),
        ("trainable", False),
        ("activation", "relu"),
        ("opaque", "it has no call"),
    ],
)
def test_a_field_of_a_call(field, after):
    before = getattr(model(NET).graph["dense"], field)
    assert differences(model(NET), changed(model(NET), "dense", **{field: after})) == (
        CallChanged(DENSE, Aspect.FIELD, (field,), before, after),
    )


@pytest.mark.parametrize("field", ["name", "qualname", "module", "model_type", "opaque"])
def test_a_field_of_the_model(field):
    before = getattr(model(NET), field)
    assert differences(model(NET), replace(model(NET), **{field: "other"})) == (
        ModelChanged(Aspect.FIELD, (field,), before, "other"),
    )


def test_a_value_inside_a_renumbered_block_has_its_paths_in_both():
    old = configured(model(NESTED.replace("block", "block_1")), "block_1/inner/conv", size="16")
    new = model(NESTED.replace("block", "block_2"))
    assert differences(old, new) == (
        CallChanged(
            Place("block_1/inner/conv", "block_2/inner/conv"),
            Aspect.CONFIGURATION,
            ("size",),
            "16",
            "8",
        ),
    )


# Calls


def test_an_added_and_a_removed_call():
    old, new = chain([("Dense", 8)]), chain([("Dense", 8), ("Dropout", 0)])
    assert differences(old, new) == (CallAdded("dropout", "Dropout", "dense"),)
    assert differences(new, old) == (CallRemoved("dropout", "Dropout", "dense"),)


def test_a_call_that_takes_nothing_follows_nothing():
    new = model(NET.replace("x InputLayer\n", "x InputLayer\n    y InputLayer\n", 1))
    assert differences(model(NET), new) == (CallAdded("y", "InputLayer", None),)


def test_an_added_call_in_a_block_has_its_path_and_that_of_the_one_before():
    new = model(
        NESTED.replace("relu ReLU <- conv\n", "bn Norm <- conv\n            relu ReLU <- bn\n")
    )
    assert differences(model(NESTED), new) == (
        CallAdded("block/inner/bn", "Norm", "block/inner/conv"),
    )


def test_a_call_that_takes_what_the_block_takes_follows_nothing():
    new = model(
        NESTED.replace("conv Conv2D/8 <- ^", "bn Norm <- ^\n            conv Conv2D/8 <- bn")
    )
    assert differences(model(NESTED), new) == (CallAdded("block/inner/bn", "Norm", None),)


def test_a_renamed_call():
    new = model(NET.replace("softmax Softmax", "head Softmax").replace("-> softmax", "-> head"))
    assert differences(model(NET), new) == (
        CallRenamed(Place("softmax", "head"), "softmax", "head"),
    )


def test_an_inside_that_is_known_no_more():
    place, new = (
        Place("block/inner", "block/inner"),
        changed(model(NESTED), "block/inner", body=None),
    )
    assert differences(model(NESTED), new) == (InsideChanged(place, known=False),)
    assert differences(new, model(NESTED)) == (InsideChanged(place, known=True),)


def test_sharing_of_weights():
    place, new = Place("dense_1", "dense_1"), changed(model(NET), "dense_1", layer="dense")
    assert differences(model(NET), new) == (SharingChanged(place, None, "dense"),)
    assert differences(new, model(NET)) == (SharingChanged(place, "dense", None),)


def test_sharing_with_a_renumbered_call_is_the_same():
    new = model(
        NET.replace("dense_1", "dense_7")
        .replace("dense ", "dense_6 ")
        .replace("<- dense\n", "<- dense_6\n")
    )
    new = changed(new, "dense_7", layer="dense_6")
    assert not any(
        isinstance(one, SharingChanged)
        for one in differences(changed(model(NET), "dense_1", layer="dense"), new)
    )


# Tensors


def test_a_tensor_that_goes_elsewhere():
    new = model(TWO.replace("<- a, b", "<- a, a"))
    a, b, sub = (Place(name, name) for name in ("a", "b", "sub"))
    assert differences(model(TWO), new) == (
        TensorRemoved(Route(MODEL, End(b, 0), End(sub, 1))),
        TensorAdded(Route(MODEL, End(a, 0), End(sub, 1))),
    )


def test_another_argument():
    old = model(TWO)
    *edges, last = old.graph.edges
    new = of_graph(replace(old.graph, edges=(*edges, replace(last, argument="key"))))
    route = Route(MODEL, End(Place("b", "b"), 0), End(Place("sub", "sub"), 1))
    assert differences(old, new) == (ArgumentChanged(route, None, "key"),)


def test_another_order_of_the_inputs():
    old = model(TWO)
    new = of_graph(replace(old.graph, inputs=("b", "a")))
    assert differences(old, new) == (InputsReordered(MODEL, ("a", "b"), ("b", "a")),)


def test_renamed_inputs_in_the_same_order_are_in_order():
    found = differences(
        model(TWO), model(TWO.replace("b InputLayer", "c InputLayer").replace("a, b", "a, c"))
    )
    assert found == (CallRenamed(Place("b", "c"), "b", "c"),)


THREE = "x InputLayer\na Dense/4 <- x\nb Dense/5 <- a\nc Dense/6 <- b\n"


def output(name: str, at: int) -> Route:
    return Route(MODEL, End(Place(name, name), 0), End(MODEL, at))


def test_an_output_that_is_none_any_more():
    both, one = model(f"{THREE}-> a, c"), model(f"{THREE}-> c")
    assert differences(both, one) == (OutputChanged(Change.REMOVED, output("a", 0)),)
    assert differences(one, both) == (OutputChanged(Change.ADDED, output("a", 0)),)


def test_another_output():
    assert differences(model(f"{THREE}-> c"), model(f"{THREE}-> b")) == (
        OutputChanged(Change.REMOVED, output("c", 0)),
        OutputChanged(Change.ADDED, output("b", 0)),
    )


def test_another_order_of_the_outputs():
    found = differences(model(f"{THREE}-> a, c"), model(f"{THREE}-> c, a"))
    assert found == (
        OutputsReordered(MODEL, (("a", None), ("c", None)), (("c", None), ("a", None))),
    )


def test_an_output_that_goes_on_into_an_added_call_is_none():
    new = model(f"{THREE}d Dropout <- c\n-> d")
    assert differences(model(f"{THREE}-> c"), new) == (CallAdded("d", "Dropout", "c"),)


def test_an_output_in_whose_place_is_an_added_call_that_does_not_take_it_is_none_any_more():
    new = model(f"{THREE}d Dropout <- x\n-> d, c")
    assert differences(model(f"{THREE}-> a, c"), new) == (
        CallAdded("d", "Dropout", "x"),
        OutputChanged(Change.REMOVED, output("a", 0)),
    )


# What is said only where nothing else is


def resized(old: ModelGraph) -> ModelGraph:
    new = changed(old, "dense", outputs=(Tensor((None, 16), "float16"),))
    return changed(new, "dense", parameters=Parameters(20, 20, 20))


def test_sizes_where_they_are_all():
    assert differences(model(NET), resized(model(NET))) == (
        CallChanged(
            DENSE, Aspect.TENSORS, ("outputs",), (TENSOR,), (Tensor((None, 16), "float16"),)
        ),
        CallChanged(DENSE, Aspect.PARAMETERS, ("total",), 0, 20),
    )


def test_sizes_follow_from_what_else_differs():
    new = configured(resized(model(NET)), "dense", size="16")
    assert differences(model(NET), new) == (
        CallChanged(DENSE, Aspect.CONFIGURATION, ("size",), "8", "16"),
    )


def test_numbers_of_names_where_they_are_all():
    new = model(NET.replace("dense_1", "dense_7"))
    assert differences(model(NET), new) == (
        CallRenamed(Place("dense_1", "dense_7"), "dense_1", "dense_7"),
    )


def test_weights_of_the_model_where_no_call_tells_of_them():
    new = replace(model(NET), parameters=Parameters(0, 0, 4))
    assert differences(model(NET), new) == (ModelChanged(Aspect.PARAMETERS, ("own",), 0, 4),)


def test_what_is_not_drawn_where_it_is_all():
    assert differences(model(NET), replace(model(NET), layers=7)) == (Undrawn(),)


def test_across_versions_of_keras_only_what_both_tell():
    new = configured(model(NET), "dense", rank=4, size="9")
    assert differences(of_keras(model(NET), "3.4"), of_keras(new, "3.9")) == (
        CallChanged(DENSE, Aspect.CONFIGURATION, ("size",), "8", "9"),
    )
    assert (
        differences(of_keras(model(NET), "3.4"), of_keras(replace(model(NET), layers=7), "3.9"))
        == ()
    )
