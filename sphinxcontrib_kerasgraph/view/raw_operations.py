"""A model without those operations of TensorFlow that aren't asked for.

An extraction has every one that data goes through, where code uses TensorFlow itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind
from sphinxcontrib_kerasgraph.view.hide import hide_if

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import Call, ModelGraph


def with_raw_operations(graph: ModelGraph, which: str = "joins") -> ModelGraph:
    """The graph with ``all`` of them, with ``none``, or with those that join or fork data.

    What goes into one that is hidden goes on to what takes its output.
    """
    if which == "all" or not any(is_raw(call) for _, call in graph.graph.walk()):
        return graph
    hidden = is_raw if which == "none" else _is_step
    return hide_if(graph, lambda call, _: hidden(call))


def is_raw(call: Call) -> bool:
    """Whether the call is an operation of TensorFlow's, and no control flow."""
    is_tensorflow = call.module == "tf" or call.module.startswith("tf.")
    return is_tensorflow and call.is_operation and call.kind != CallKind.CONTROL


def _is_step(call: Call) -> bool:
    return is_raw(call) and len(call.inputs) == len(call.outputs) == 1
