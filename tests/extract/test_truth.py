"""The whole zoo, held against what each model really does when it is called with numbers."""

from __future__ import annotations

import importlib

import keras
import pytest

from recorder import arguments
from sphinxcontrib_kerasgraph import model_to_graph
from truth import Truth
from zoo import catalogue

MODULES = ["nets", "sequences", "control", "llama", "nested"]
if keras.config.backend() == "tensorflow":
    MODULES.append("raw_tensorflow")
SUBCLASSED = {
    f"{module}.{name}": case
    for module in MODULES
    for name, case in importlib.import_module(f"zoo.{module}").SUBCLASSED.items()
}
#: Those of Keras as small as they can be made.
APPLICATIONS = {
    "ResNet50": lambda: keras.applications.ResNet50(weights=None, input_shape=(32, 32, 3)),
    "MobileNetV3Small": lambda: keras.applications.MobileNetV3Small(
        weights=None, input_shape=(32, 32, 3)
    ),
    "EfficientNetB0": lambda: keras.applications.EfficientNetB0(
        weights=None, input_shape=(32, 32, 3)
    ),
}
FUNCTIONAL = {
    f"catalogue.{name}": (function, None, None)
    for name, function in (catalogue.MODELS | APPLICATIONS).items()
}
ZOO = SUBCLASSED | FUNCTIONAL
#: Outputs that don't depend on an input although a way leads there, with the reason.
DEAD = {
    # Of the tokens, positions take but how many they are; raw TensorFlow has no box for it.
    "raw_tensorflow.placed": ["embed/places: output 0 of input 0"],
}


def truth_of(name: str) -> Truth:
    """What is found of a model that is made anew."""
    function, shape, dtype = ZOO[name]
    keras.utils.clear_session()
    model = function()
    graph = model_to_graph(model, shape, dtype)
    args, kwargs = arguments(model, shape, dtype)
    return Truth(model, graph, args, kwargs)


@pytest.mark.parametrize("name", ZOO)
def test_the_graph_is_what_the_model_does(name):
    truth = truth_of(name)
    assert truth.faults == []
    assert truth.dead == DEAD.get(name, [])
