"""The backbones of keras_hub, held against what each really does: by ``make test-hub`` alone."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from hub.backbones import BACKBONES
from recorder import like
from sphinxcontrib_kerasgraph import model_to_graph
from truth import Truth

#: Inputs whose numbers or sizes mean something to the model, by its name and theirs.
INPUTS = {
    "gemma3_with_images": {
        "images": lambda rng: rng.normal(size=(2, 1, 16, 16, 3)).astype("float32"),
        "vision_indices": lambda _: np.array([[1, 2, 3, 4]] * 2, "int32"),
        "vision_mask": lambda _: np.array([[0, 1, 1, 1, 1, 0, 0, 0]] * 2, "int32"),
    },
    "moonshine": {
        "encoder_input_values": lambda rng: rng.normal(size=(2, 1200, 1)).astype("float32"),
        "encoder_padding_mask": lambda _: np.arange(1200)[None].repeat(2, 0) < 1000,
    },
    "sam": {
        "points": lambda rng: rng.uniform(1, 31, (2, 3, 2)).astype("float32"),
        "labels": lambda _: np.array([[0, 1, 1]] * 2, "float32"),
        "boxes": lambda rng: rng.uniform(1, 31, (2, 1, 2, 2)).astype("float32"),
        "masks": lambda rng: rng.normal(size=(2, 1, 16, 16, 1)).astype("float32"),
    },
}


#: What Keras says of layers of keras_hub's, where these are made.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

#: Classes of layers that take how large a tensor is, and none of its numbers.
SIZES = {"PositionEmbedding", "DINOV3RopePositionEmbedding", "SmolLM3RotaryEmbedding"}
#: Blocks whose inside isn't known, with how the reason begins.
OPAQUE = {
    # The angles that its blocks take have a dimension less by their layer's own account.
    "moonshine": {
        f"{side}_block_{at}": "ValueError: Index out of range"
        for side in ("encoder", "decoder")
        for at in range(2)
    },
    # It returns nothing in place of the second output that it tells Keras of.
    "xlnet": {f"xlnet_encoder_{at}": "it tells Keras of 2 outputs" for at in range(2)},
}
#: Backbones with a layer that tells Keras another shape than that of what it returns.
MISTAKEN = {
    # As many tokens as are in an image, of however many the text has.
    "gemma3_with_images",
    # A place for a token of the class, which the encoder of images hasn't.
    "siglip",
    # Angles of rotary embeddings without their last dimension; a mask of floating-point numbers.
    "moonshine",
    # What is left out of its outputs, as above.
    "xlnet",
    # A mask whose length Keras takes for zero, where it isn't known.
    "t5gemma",
}
#: Outputs that don't depend on an input although a way leads there, with the reason.
DEAD = {
    # Each frame of the sound that is left has some of it that is no padding.
    "moonshine": [
        "the model: output 1 of input 2",
        "compute_attention_mask: output 0 of input 2",
    ],
}


def given(name: str, model: keras.Model) -> object:
    """Numbers for the inputs of a backbone."""
    rng = np.random.default_rng(5)

    def numbers(key: str, tensor: keras.KerasTensor) -> np.ndarray:
        if key in INPUTS.get(name, {}):
            return INPUTS[name][key](rng)
        made = like(rng, tensor, 8)
        if "mask" in key:  # the last place is padding
            made = np.ones_like(made)
            made[:, -1] = 0
        elif "segment" in key:
            made %= 2
        return made

    inputs = model.input
    if isinstance(inputs, dict):
        return {key: numbers(key, tensor) for key, tensor in inputs.items()}
    return numbers("", inputs)


def test_there_are_enough():
    assert len(BACKBONES) >= 45


@pytest.mark.parametrize("name", BACKBONES)
def test_the_graph_is_what_the_backbone_does(name):
    keras.utils.clear_session()
    model = BACKBONES[name]()
    graph = model_to_graph(model)
    opaque = {path: call.opaque for path, call in graph.graph.walk() if call.opaque}
    reasons = OPAQUE.get(name, {})
    assert opaque.keys() == reasons.keys()
    assert all(opaque[path].startswith(reason) for path, reason in reasons.items())
    truth = Truth(model, graph, (given(name, model),), {}, SIZES)
    wrong_shapes = {one for one in truth.faults if ": returns [" in one}
    assert bool(wrong_shapes) == (name in MISTAKEN)
    assert [one for one in truth.faults if one not in wrong_shapes] == []
    assert truth.dead == DEAD.get(name, [])
