"""A model in words: a sentence for who can't see the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind
from sphinxcontrib_kerasgraph.label.shapes import shapes_text
from sphinxcontrib_kerasgraph.label.text import passed_over_text
from sphinxcontrib_kerasgraph.printable import legible
from sphinxcontrib_kerasgraph.wording import _, ngettext

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import ModelGraph


def sentence(graph: ModelGraph) -> str:
    """Name, kind, numbers of layers and parameters, shapes at both ends, what was passed over."""
    calls = graph.graph
    parameters = ngettext("{number} parameter", "{number} parameters", graph.parameters.total)
    names = [call.name for call in calls.calls if call.kind is CallKind.SUBMODEL]
    if names:
        return _(
            "{name}, {models}: {names}; with {parameters}.",
            name=graph.name,
            models=ngettext("one model", "{number} models side by side", len(names)),
            names=", ".join(names),
            parameters=parameters,
        )
    inputs = [tensor for id_ in calls.inputs for tensor in calls[id_].outputs]
    outputs = [calls[port.call].outputs[port.index] for port in calls.outputs]
    class_name = graph.qualname.rpartition(".")[2]
    layers = ngettext("{number} layer", "{number} layers", graph.layers)
    told = {"name": graph.name, "kind": _kind(class_name)}
    told |= {"layers": layers, "parameters": parameters}
    if inputs:
        made, taken = shapes_text(outputs), shapes_text(inputs)
        text = _(
            "{name}, {kind} with {layers} and {parameters}, from {inputs} to {outputs}.",
            inputs=ngettext("input {shapes}", "inputs {shapes}", len(inputs), shapes=taken),
            outputs=ngettext("output {shapes}", "outputs {shapes}", len(outputs), shapes=made),
            **told,
        )
    else:
        text = _("{name}, {kind} with {layers} and {parameters}.", **told)
    return legible(f"{text} {passed_over_text(graph)}" if graph.passed_over else text)


def _kind(class_name: str) -> str:
    """The class, with an article, and that it is a model if its name doesn't say so."""
    begins_with_vowel = class_name[:1].lower() in "aeiou"
    if class_name.endswith("Model"):
        said = _("an {kind}") if begins_with_vowel else _("a {kind}")
    else:
        said = _("an {kind} model") if begins_with_vowel else _("a {kind} model")
    return said.format(kind=class_name)
