"""All that is known of a call, as pairs of texts: what a panel beside the drawing shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.label.facts import key_fact
from sphinxcontrib_kerasgraph.label.shapes import shape_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, Tensor

#: The longest value of a configuration that is told.
_LONGEST = 200


def card(call: Call) -> tuple[tuple[str, str], ...]:
    """What is to be known of a call, name and class aside; empty texts are left out."""
    return tuple((key, value) for key, value in _rows(call) if value)


def _rows(call: Call) -> Iterator[tuple[str, str]]:
    yield "Summary", key_fact(call)
    yield "Attribute", f"self.{call.attribute}" if call.attribute else ""
    yield "Input", _tensors(call.inputs)
    yield "Output", _tensors(call.outputs)
    total = call.parameters.total
    yield "Parameters", f"{total:,}" if total else ""
    if total:
        yield "Trainable", _trainable(call)
    yield "Activation", call.activation or ""
    for name, value in call.constants:
        yield name, value
    for name, value in call.config.items():
        if name != "name" and value is not None:
            yield name, str(value)[:_LONGEST]
    yield "Not opened", call.opaque or ""


def _tensors(tensors: Sequence[Tensor]) -> str:
    return "\n".join(f"{shape_text(tensor)} {tensor.dtype}" for tensor in tensors)


def _trainable(call: Call) -> str:
    if call.parameters.trainable == call.parameters.total:
        return "yes" if call.trainable else "no"
    return f"{call.parameters.trainable:,} parameters"
