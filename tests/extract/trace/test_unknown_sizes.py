"""What depends on a size that isn't known beforehand."""

from __future__ import annotations

import keras
import pytest
from keras import layers, ops

from graph_text import graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.extract.errors import with_unknown
from zoo_checks import expected


class Positions(layers.Layer):
    """Adds what depends on the length of its input alone."""

    def __init__(self, names):
        super().__init__(name="positions")
        self.scale = layers.Dense(4, name=names[0])
        self.embed = layers.Embedding(128, 4, name=names[1])
        self.other = layers.Embedding(128, 4, name=names[2])

    def call(self, x):
        length = ops.shape(x)[1]
        return (
            self.scale(x) + self.embed(ops.arange(length)) + self.other(ops.arange(1, length + 1))
        )


class Positioned(keras.Model):
    def __init__(self, *names):
        super().__init__(name="positioned")
        self.positions = Positions(names)

    def call(self, x):
        return self.positions(x)


def test_a_layer_has_the_name_of_what_depends_on_a_length():
    graph = model_to_graph(Positioned("shape", "embed", "other"), (None, 4)).graph
    assert graph_text(graph) == expected("""
        x InputLayer
        positions Positions <- x
            shape~2 Shape <- ^
            shape_1 Shape <- ^
            shape Dense <- ^
            embed Embedding <- shape~2
            add Add <- shape, embed
            other Embedding <- shape_1
            add_1 Add <- add, other
            -> add_1
        -> positions
    """)
    graph.check()


@pytest.mark.parametrize(
    "names",
    [
        ("shape_1", "shape", "shape~2"),
        ("constant", "constant_1", "shape"),
        ("shape~2", "shape~2~2", "shape"),
    ],
)
def test_ids_are_unique_whatever_layers_are_called(names):
    graph = model_to_graph(Positioned(*names), (None, 4)).graph
    graph.check()
    body = graph["positions"].body
    assert [call.class_name for call in body.calls].count("Shape") == 2
    assert {call.id for call in body.calls} >= set(names)
    embedded = {edge.target.call: body[edge.source.call] for edge in body.edges if edge.source.call}
    assert {embedded[name].class_name for name in names[1:]} == {"Shape"}
    assert embedded[names[1]] != embedded[names[2]]


class Needing(keras.Model):
    """Needs a number for the batch, and an image."""

    def __init__(self):
        super().__init__(name="needing")
        self.conv = layers.Conv2D(4, 3)

    def call(self, x):
        ops.arange(ops.shape(x)[0])
        return self.conv(x)


@pytest.mark.parametrize("shape", [(), (3,), (None, 5)])
def test_sizes_that_nobody_gave_are_not_told(shape):
    with pytest.raises(ValueError, match="can't be called with the input shape") as caught:
        model_to_graph(Needing(), shape)
    told = ", ".join(map(str, (None, *shape)))
    assert f"Full shape received: ({told}{',' * (not shape)})" in str(caught.value)


def test_unknown_sizes_are_what_differs_between_messages_that_say_the_same():
    text = "x_1 has (2, 64, 3), and 128 == 2 * 64. dense_2 isn't 1.5."
    assert with_unknown(text, "x_7 has (4, 8, 3), and 32 == 4 * 8. dense_2 isn't 1.5.") == (
        "x_1 has (None, None, 3), and None == None * None. dense_2 isn't 1.5."
    )
    assert with_unknown(text, "y has (4, 8, 3)") == text
    assert with_unknown("(2, 3)", "(None, 3)") == "(None, 3)"
