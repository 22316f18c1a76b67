"""What is said where shapes and other arguments are missing or wrong, followed to the picture."""

from __future__ import annotations

from dataclasses import replace

import keras
import pytest
from keras import layers, ops

from graph_text import graph_text
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.keras_model import model_to_graph
from sphinxcontrib_kerasgraph.faults import COMMAND, PYTHON, SPHINX, Fault
from sphinxcontrib_kerasgraph.target import ModelRequest
from zoo import arguments


def refused(make, **options: str) -> Fault:
    """What is said of the model, where these are the options of its directive."""
    with pytest.raises(Fault) as caught:
        drawn(make, options)
    assert caught.value.subtype == "build"
    return caught.value


def drawn(make, options: dict[str, str]) -> str:
    """The model's calls, with the options of a directive."""
    graph = model_to_graph(make(), Calling.of(ModelRequest("zoo.arguments", **options)))
    assert graph.opaque is None
    return graph_text(graph.graph)


def proposed(fault: Fault, *fills: str) -> dict[str, str]:
    """The options that the advice names, with these in place of its dots, one after the other."""
    found: dict[str, str] = {}

    def noted(name: str, value: str) -> str:
        found[name.replace("-", "_")] = value
        return value

    fault.told(replace(SPHINX, option=noted))
    filled = iter(fills)
    for name, value in found.items():
        for _ in range(value.count("…")):
            found[name] = found[name].replace("…", next(filled), 1)
    assert next(filled, None) is None
    return found


def test_all_that_is_missing_is_told_by_name():
    fault = refused(arguments.Translator)
    assert "no input shape: 'call' of Translator needs 'encoder' and 'decoder'." in fault.message
    assert proposed(fault) == {
        "input_shape": '{"encoder": (None,), "decoder": (None,)}',
        "input_dtype": "int32",
    }
    assert "scores Dense" in drawn(arguments.Translator, proposed(fault))


def test_so_is_what_is_missing_beside_a_shape():
    fault = refused(arguments.Translator, input_shape="(7,)")
    assert fault.message == (
        "'call' of Translator needs 'encoder' and 'decoder'; 'decoder' isn't given."
    )
    options = proposed(fault)
    assert options["input_shape"] == '{"encoder": (7,), "decoder": (None,)}'
    assert "scores Dense" in drawn(arguments.Translator, options)


def test_a_name_that_is_nearly_right():
    shapes = '{"encoder": (7,), "decodre": (9,)}'
    fault = refused(arguments.Translator, input_shape=shapes)
    assert "'decoder' isn't given" in fault.message
    assert proposed(fault)["input_shape"] == '{"encoder": (7,), "decoder": (None,)}'


def test_more_shapes_than_arguments():
    fault = refused(arguments.Translator, input_shape="[(7,), (9,), (3,)]")
    assert "takes 'encoder' and 'decoder', and 3 shapes are given" in fault.message
    assert "scores Dense" in drawn(arguments.Translator, proposed(fault))


def test_tensor_by_name_alone():
    fault = refused(arguments.Guided, input_shape="(4,)")
    assert "'guidance' isn't given" in fault.message
    assert proposed(fault, "3,")["input_shape"] == '{"x": (4,), "guidance": (3,)}'
    assert "guide Dense" in drawn(arguments.Guided, proposed(fault, "3,"))


def test_any_number_of_tensors():
    options = proposed(refused(arguments.Fusion), "4,", "5,")
    assert options == {"input_shape": "[(4,), (5,)]"}
    assert "add Add <- view_0, view_1" in drawn(arguments.Fusion, options)


def test_flag():
    fault = refused(arguments.Stateful, input_shape="(7, 4)")
    assert fault.message == (
        "'call' of Stateful needs 'x' and 'return_state'; 'return_state' isn't given."
    )
    options = proposed(fault)
    assert options == {"call": '{"return_state": False}'}
    assert "-> head" in drawn(arguments.Stateful, {"input_shape": "(7, 4)", **options})


def test_flag_of_a_model_without_shapes():
    options = proposed(refused(arguments.Stateful), "4")
    assert options == {"input_shape": "(None, 4)", "call": '{"return_state": False}'}
    assert "-> head" in drawn(arguments.Stateful, options)


def test_mask():
    fault = refused(arguments.Masked, input_shape="(7, 4)")
    assert "'mask' isn't given" in fault.message
    options = proposed(fault)
    assert options == {"call": '{"mask": None}'}
    assert "-> attention" in drawn(arguments.Masked, {"input_shape": "(7, 4)", **options})


def test_texts_and_numbers():
    options = proposed(refused(arguments.Pooled, input_shape="(9, 4)"), "max", "1")
    assert options == {"call": '{"pooling": "max", "steps": 1}'}
    assert "-> maximum" in drawn(arguments.Pooled, {"input_shape": "(9, 4)", **options})


def test_argument_that_there_is_not():
    fault = refused(arguments.Stateful, input_shape="(7, 4)", call='{"return_sate": False}')
    assert fault.message == "'call' of Stateful has no argument 'return_sate'."
    assert fault.advice == "Did you mean 'return_state'? It takes 'x' and 'return_state'."


def test_arguments_of_a_method():
    fault = refused(arguments.Autoencoder, input_shape="(8,)", trace="encode")
    assert "'encode' of Autoencoder needs 'images' and 'noisy'" in fault.message


@pytest.mark.parametrize("shape", [None, "(3,)", '{"user_id": (), "item": ()}'])
def test_keys_of_a_dict(shape):
    fault = refused(arguments.Recommender, **({"input_shape": shape} if shape else {}))
    options = proposed(fault, "1,")
    assert options == {
        "input_shape": '{"user_id": (), "item_id": (), "price": (1,)}',
        "input_dtype": '{"user_id": "int32", "item_id": "int32", "price": "float32"}',
    }
    assert "join Concatenate <- users, items, price" in drawn(arguments.Recommender, options)


def test_shapes_that_are_given_are_kept():
    fault = refused(arguments.Patient, input_shape='{"history": (7,), "vitals": (4,)}')
    shapes = '{"history": {"codes": ()}, "vitals": (4,)}'
    assert proposed(fault)["input_shape"] == shapes
    # A single code can't be pooled: that is for the author to know, who is told of the shape.
    fault = refused(arguments.Patient, **proposed(fault))
    assert "Check the input shape" in fault.advice
    shapes = shapes.replace("()", "(7,)")
    assert "add Add" in drawn(arguments.Patient, {"input_shape": shapes})


def test_parts_that_can_be_drawn_instead():
    fault = refused(arguments.Autoencoder)
    assert fault.advice.endswith("by its attribute behind the target: .encoder, .decoder.")
    assert proposed(fault) == {"input_shape": "(8,)"}
    assert "decoder Sequential" in drawn(arguments.Autoencoder, proposed(fault))
    assert model_to_graph(arguments.Autoencoder().encoder).name == "encoder"


def test_shape_that_a_built_layer_tells():
    assert proposed(refused(arguments.Sized)) == {"input_shape": "(5,)"}


def test_shapes_at_fault():
    fault = refused(arguments.Sized, input_shape="(4,)")
    assert "can't be called with the input shape (4,): ValueError: " in fault.message
    assert "expected axis -1 of input shape to have value 5" in fault.message
    assert "arguments.py:" in fault.message
    assert fault.advice.startswith("Check the input shape")


def test_code_at_fault():
    fault = refused(arguments.Forgetful, input_shape="(4,)")
    assert "AttributeError" in fault.message
    assert "shape" not in fault.advice
    assert "Mend the 'call'" in fault.advice
    assert "return self.dense(x)" in fault.details


def test_dtype_at_fault():
    fault = refused(arguments.OneHot, input_shape="(4,)")
    assert "must be of dtype int32" in fault.message
    options = proposed(fault)
    assert options == {"input_dtype": "int32"}
    assert "-> dense" in drawn(arguments.OneHot, {"input_shape": "(4,)", **options})


def test_long_texts_are_cut():
    class Long(keras.Model):
        def call(self, x):
            raise ValueError("so long a text " * 100)

    fault = refused(Long, input_shape="(4,)")
    assert len(fault.message) < 500
    assert fault.message.endswith(").")  # where it was raised is told
    assert "shape" not in fault.advice


@pytest.mark.parametrize(
    ("code", "is_said"),
    [
        (lambda x: ops.reshape(x, (-1, 7)) @ ops.ones((3, 4)), True),
        (lambda x: x + ops.ones((2, 3, 5)), True),
        (lambda x: layers.Conv2D(3, 3)(x), True),
        (lambda x: ops.concatenate([x, ops.ones((2, 7))], axis=0), True),
        (lambda x: {}["key"], False),
        (lambda x: nowhere, False),  # noqa: F821 - that is what is tested
        (lambda x: x * int("three"), False),
    ],
)
def test_shape_is_doubted_where_it_is_one(code, is_said):
    class Model(keras.Model):
        def call(self, x):
            return code(x)

    fault = refused(Model, input_shape="(4,)")
    assert fault.advice.startswith("Check the input shape") is is_said, fault.message


def test_each_reader_is_told_in_his_own_way():
    fault = refused(arguments.Stateful, input_shape="(7, 4)")
    assert """':call: {"return_state": False}'""" in fault.told(SPHINX)
    assert """--call '{"return_state": False}'""" in fault.told(COMMAND)
    assert """call={"return_state": False}.""" in fault.told(PYTHON)


@pytest.mark.parametrize("shape", [None, "(None,)", "[(None,)]"])
def test_items_of_a_list(shape):
    fault = refused(arguments.Attender, **({"input_shape": shape} if shape else {}))
    assert "the shapes of the list that it takes" in fault.advice
    options = proposed(fault)
    assert options == {"input_shape": "[(None,), (None,)]", "input_dtype": "int32"}
    assert "join Attention <- target, source" in drawn(arguments.Attender, options)


def test_items_that_are_taken_by_their_places():
    options = proposed(refused(arguments.Drawn), "4,", "4,")
    assert options == {"input_shape": "[(4,), (4,)]"}
    assert "Add <- inputs_0, exp" in drawn(arguments.Drawn, options)
