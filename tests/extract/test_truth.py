"""The whole zoo, held against what each model really does when it is called with numbers."""

from __future__ import annotations

import importlib
import pkgutil

import keras
import pytest

import zoo
from recorder import arguments
from sphinxcontrib_kerasgraph import model_to_graph
from truth import Truth
from zoo import catalogue

#: Every module of the zoo; those in raw TensorFlow where that is there.
MODULES = [
    module.name
    for module in pkgutil.iter_modules(zoo.__path__)
    if keras.config.backend() == "tensorflow" or not module.name.startswith("raw_")
]
ZOO = {
    f"{module}.{name}": case
    for module in MODULES
    for cases in ("SUBCLASSED", "FUNCTIONAL")
    for name, case in getattr(importlib.import_module(f"zoo.{module}"), cases, {}).items()
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
MODELS = catalogue.MODELS | APPLICATIONS
if keras.config.backend() != "tensorflow":  # where each of their operations takes its time
    MODELS = {name: MODELS[name] for name in MODELS if name not in APPLICATIONS}
ZOO |= {f"catalogue.{name}": (function, None, None) for name, function in MODELS.items()}
#: Outputs that don't depend on an input although a way leads there, with the reason.
DEAD = {
    # Whatever is looked for, all that is found are ones.
    "weights.ones_as_keys": [
        "the model: output 0 of input 0",
        "attention: output 0 of input 0",
    ],
    # Of the tokens, positions take but how many they are; raw TensorFlow has no box for it.
    "raw_tensorflow.placed": ["embed/places: output 0 of input 0"],
}
#: What Keras itself says of a model, and isn't so.
OF_KERAS = {
    # A merging layer of tensors of which one has a batch of 1 has that too, by its own account.
    "weights.functional_positions": [
        "sum: returns [((2, 5, 4), 'float32')], not [((1, 5, 4), 'float32')]",
        "average: returns [((2, 5, 4), 'float32')], not [((1, 5, 4), 'float32')]",
    ],
}


def truth_of(name: str) -> Truth:
    """What is found of a model that is made anew."""
    case = ZOO[name]
    function, shape, dtype = (case, None, None) if callable(case) else case
    keras.utils.clear_session()
    model = function()
    graph = model_to_graph(model, shape, dtype)
    args, kwargs = arguments(model, shape, dtype)
    return Truth(model, graph, args, kwargs)


@pytest.mark.parametrize("name", ZOO)
def test_the_graph_is_what_the_model_does(name):
    truth = truth_of(name)
    assert truth.faults == OF_KERAS.get(name, [])
    assert truth.dead == DEAD.get(name, [])
