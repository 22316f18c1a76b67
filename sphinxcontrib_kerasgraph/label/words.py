"""A model in words: a sentence for who can't see the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind
from sphinxcontrib_kerasgraph.label.shapes import shapes_text
from sphinxcontrib_kerasgraph.label.text import passed_over_text

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import ModelGraph


def sentence(graph: ModelGraph) -> str:
    """Name, kind, numbers of layers and parameters, shapes at both ends, what was passed over."""
    calls = graph.graph
    names = [call.name for call in calls.calls if call.kind is CallKind.SUBMODEL]
    if names:
        number = f"{len(names)} models side by side" if len(names) > 1 else "one model"
        return (
            f"{graph.name}, {number}: {', '.join(names)}; with {graph.parameters.total:,} "
            "parameters."
        )
    inputs = [tensor for id_ in calls.inputs for tensor in calls[id_].outputs]
    outputs = [calls[port.call].outputs[port.index] for port in calls.outputs]
    class_name = graph.qualname.rpartition(".")[2]
    kind = f"{_article(class_name)} {class_name}" + " model" * (not class_name.endswith("Model"))
    layers = graph.layers
    text = (
        f"{graph.name}, {kind} with {layers:,} layer{'s' * (layers != 1)} and "
        f"{graph.parameters.total:,} parameters"
    )
    if inputs:
        text += f", from {_ends('input', shapes_text(inputs), len(inputs))}"
        text += f" to {_ends('output', shapes_text(outputs), len(outputs))}"
    text = f"{text}."
    return f"{text} {passed_over_text(graph)}." if graph.passed_over else text


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" else "a"


def _ends(word: str, shapes: str, number: int) -> str:
    return f"{word}{'s' * (number != 1)} {shapes}"
