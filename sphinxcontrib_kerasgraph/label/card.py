"""All that is known of a call, as pairs of texts: what a panel beside the drawing shows."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.label.facts import key_fact
from sphinxcontrib_kerasgraph.label.text import tensor_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, Tensor

#: The longest value of a configuration that is told.
_LONGEST = 200
#: So many calls of a layer are told.
_MOST_CALLS = 12


def card(
    call: Call, arguments: Sequence[str | None] = (), alike: Sequence[str] = ()
) -> tuple[tuple[str, str], ...]:
    """What is to be known of a call, path and class aside; empty texts are left out.

    ``arguments`` name its inputs; ``alike`` are the paths of all calls of its layer, if there are
    several.
    """
    return tuple((key, value) for key, value in _rows(call, arguments, alike) if value)


def _rows(
    call: Call, arguments: Sequence[str | None], alike: Sequence[str]
) -> Iterator[tuple[str, str]]:
    yield "Summary", key_fact(call)
    yield "Attribute", f"self.{call.attribute}" if call.attribute else ""
    yield "Input", _tensors(call.inputs, arguments)
    yield "Output", _tensors(call.outputs, call.output_names)
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
    yield "Calls of the layer", _listed(alike)
    yield "Not opened", call.opaque or ""


def _tensors(tensors: Sequence[Tensor], names: Sequence[str | None]) -> str:
    each = zip_longest(tensors, names[: len(tensors)])
    return "\n".join(tensor_text(tensor, name) for tensor, name in each)


def _listed(paths: Sequence[str]) -> str:
    more = len(paths) - _MOST_CALLS
    return "\n".join([*paths[:_MOST_CALLS], *[f"and {more} more"] * (more > 0)])


def _trainable(call: Call) -> str:
    if call.parameters.trainable == call.parameters.total:
        return "yes" if call.trainable else "no"
    return f"{call.parameters.trainable:,} parameters"
