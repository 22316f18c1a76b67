"""Every way there is to trace what is inside a call: what a tracer is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.extract.trace.openers import open_call, opener_of
from sphinxcontrib_kerasgraph.extract.trace.protocol import Way
from sphinxcontrib_kerasgraph.extract.trace.raw_tensorflow.runner import (
    is_usable,
    needs_conversion,
    needs_graph,
    open_converted,
    open_in_graph,
)

if TYPE_CHECKING:
    import keras

#: For the author's own code: on Keras's symbolic tensors, or else in a graph of TensorFlow, or else
#: as autograph converts it.
_SYMBOLIC = Way(open_call, reads_sizes=True, is_hopeless=needs_graph)
_IN_GRAPH = Way(open_in_graph)
_CONVERTED = Way(open_converted, answers=needs_conversion)


def ways_of(operation: keras.Operation) -> tuple[Way, ...]:
    """The ways to trace a call of the operation, the best one first; none for a leaf."""
    opener = opener_of(operation)
    if opener is None:
        return ()
    if opener is not open_call:
        return (Way(opener, is_hopeless=needs_graph),)
    return (_SYMBOLIC, _IN_GRAPH, _CONVERTED) if is_usable() else (_SYMBOLIC,)
