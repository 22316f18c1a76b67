"""The everyday models by which pictures are measured are what their titles say."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph
from sphinxcontrib_kerasgraph.target import ModelRequest, Target
from zoo.everyday import EVERYDAY

#: Calls of the model itself, inputs included, counted by hand in the code.
CALLS = {
    "U-Net": 1 + 4 * 7 + 6 + 4 * 8 + 1,
    "VAE": 1 + 4 + 3 + 5,
    # The models that it holds, since it has no call.
    "GAN": 2,
    "Seq2seq with attention": 2 + 2 + 2 + 4,
    "Siamese": 2 + 2 + 2 + 1,
    "Two towers": 5 * 3 + 2 * 4 + 1,
    "12 tabular inputs": 6 * 2 + 6 * 3 + 6,
    "30 tabular inputs": 18 * 2 + 12 * 3 + 6,
    "FPN detector": 1 + 4 + 4 * (9 + 7) + 3 + 2 * 2 + 3 + 3 + 2 * 11,
    "Transformer encoder": 2 + 6 * 9 + 3,
    "Encoder-decoder": 4 + 4 * 9 + 4 * 13 + 1,
    # Residual blocks have 11 calls, attention 5; shortcuts are convolved where the width changes.
    "Diffusion U-Net": (
        (2 + 2 + 1)
        + (2 * 11 + 1)
        + (2 * 16 + 1 + 1)
        + (2 * 16 + 1)
        + (16 + 11)
        + 2 * (3 * 18 + 2)
        + 3 * 13
        + 3
    ),
    "8 experts": 1 + 1 + 8 * 2 + 5,
    # The last block hands nothing on.
    "WaveNet": 2 + 16 * 6 - 2 + 4,
    # Branches are begun (3), convolved twice (6), and exchanged.
    "HRNet": 1 + 6 + 2 * 3 + (2 + 3) * 6 + (3 + 10) + (2 + 3) * 2 + 7,
    "CNN": 8,
    "46-layer chain": 1 + 46,
    "LSTM stack": 1 + 4 * 2 + 2,
    "Autoencoder": 3,
    "Multi-task": 1 + 3 * 4 + 2 + 3 * 3,
}


@pytest.mark.parametrize("title", EVERYDAY)
def test_number_of_calls(title):
    target, options = EVERYDAY[title]
    request = ModelRequest(
        target, **{name.replace("-", "_"): text for name, text in options.items()}
    )
    graph = target_to_graph(Target.parse(request.target), Calling.of(request)).graph
    assert len(graph.calls) == CALLS[title]
