"""The whole zoo, held against what each model really does when it is called with numbers."""

from __future__ import annotations

import importlib
import pkgutil

import keras
import numpy as np
import pytest

import zoo
from recorder import BATCH, arguments
from sphinxcontrib_kerasgraph import model_to_graph
from truth import Truth
from zoo import catalogue

pytestmark = pytest.mark.slow

#: Modules of models that aren't called, aren't Keras 3's, or load weights that aren't there; and
#: those of what models do to each other.
OTHERS = {"training", "legacy", "legacy_names", "loading", "innocent", "world_changes"}
#: Every other module of the zoo; those in raw TensorFlow where that is there.
MODULES = [
    module.name
    for module in pkgutil.iter_modules(zoo.__path__)
    if module.name not in OTHERS
    and (keras.config.backend() == "tensorflow" or not module.name.startswith("raw_"))
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
#: How many samples a model is called with that can't take any number of them.
BATCHES = {
    # Windows of images: four of each; nine, and then sixteen, of one.
    "raw_flow.windows": 8,
    "sizes.windows": 8,
    "sizes.functional_windows": 8,
    "sizes.shifted_windows": 16,
    # Edges tell the nodes by number; the numbers are those of words, of which there are 8.
    "raw_weights.messages": 8,
}
#: Rows of a ragged tensor: as many values as the longest ones take, since TensorFlow, which is told
#: not to look at the lengths, would go on in whatever lies behind them.
RAGGED = {"raw_flow.ragged_rows", "raw_flow.ragged_given"}
#: Outputs that don't depend on an input although a way leads there, with the reason.
DEAD = {
    # Whatever is looked for, all that is found are ones.
    "weights.ones_as_keys": [
        "the model: output 0 of input 0",
        "attention: output 0 of input 0",
    ],
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
    function, shape, dtype = ZOO[name]
    keras.utils.clear_session()
    model = function()
    graph = model_to_graph(model, shape, dtype)
    args, kwargs = arguments(model, shape, dtype, batch=BATCHES.get(name, BATCH))
    if name in RAGGED:
        values = np.random.default_rng(5).normal(size=(6, 4)).astype("float32")
        args = (values, np.array([1, 3], "int32"))
    return Truth(model, graph, args, kwargs)


@pytest.mark.parametrize("name", ZOO)
def test_the_graph_is_what_the_model_does(name):
    truth = truth_of(name)
    assert truth.faults == OF_KERAS.get(name, [])
    assert truth.dead == DEAD.get(name, [])
