"""What a model calls its outputs, where it returns a dict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.read.recorded import tensors_in
from sphinxcontrib_kerasgraph.graph import BLOCK, CallGraph
from sphinxcontrib_kerasgraph.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinxcontrib_kerasgraph.graph import Port


def with_output_names(graph: CallGraph, outputs: Any) -> CallGraph:
    """The graph, whose calls know the keys by which ``outputs`` has what they make.

    ``outputs`` is what the model returns: the tensors of ``graph.outputs``, in Keras's order, in
    any structure. A call inside of a block that makes the output knows it, too.
    """
    tensors = tensors_in(outputs)
    if len(tensors) != len(graph.outputs):
        return graph
    keys: dict[int, list[str]] = {}
    for name, tensor in _named(outputs, ""):
        keys.setdefault(id(tensor), []).append(name)
    names: dict[Port, str] = {}
    for port, tensor in zip(graph.outputs, tensors, strict=True):
        if known := keys.get(id(tensor)):
            names[port] = ", ".join(dict.fromkeys(map(printable, known)))
    return _named_graph(graph, names) if names else graph


def _named(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The tensors that have a key, at any depth, with the keys that lead to them."""
    match value:
        case dict():
            for key, item in value.items():
                yield from _named(item, f"{name}.{key}" if name else str(key))
        case list() | tuple():
            for place, item in enumerate(value):
                yield from _named(item, f"{name}[{place}]" if name else "")
        case keras.KerasTensor() if name:
            yield name, value


def _named_graph(graph: CallGraph, names: Mapping[Port, str]) -> CallGraph:
    calls = []
    for call in graph.calls:
        own = {port.index: name for port, name in names.items() if port.call == call.id}
        if own:
            told = tuple(own.get(at, "") for at in range(len(call.outputs)))
            body = call.body
            if body is not None:
                inner = {body.outputs[at]: name for at, name in own.items()}
                inner = {port: name for port, name in inner.items() if port.call != BLOCK}
                body = _named_graph(body, inner)
            call = replace(call, output_names=told, body=body)  # noqa: PLW2901 - the same call
        calls.append(call)
    return replace(graph, calls=tuple(calls))
