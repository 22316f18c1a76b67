"""What layers that do something else apply to what they make: ``relu``, ``softmax``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph import CallKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.graph import Call

#: What recurrent layers apply unless they are told otherwise.
_USUAL = {"activation": "tanh", "recurrent activation": "sigmoid"}


def activations(call: Call, *, every: bool = False) -> Iterator[tuple[str, str]]:
    """The activations of a layer, each with what it is: ``("activation", "relu")``.

    Those alone that aren't to be expected: neither ``linear`` nor what every LSTM and GRU does;
    or ``every`` one. Of an activation layer its class, or its fact, tells. Of a layer around
    another, such as Bidirectional, they are those of the layer inside.
    """
    if call.kind is CallKind.ACTIVATION:
        return
    config, own = call.config, call.activation
    match config:
        case {"layer": {"config": dict() as inner}} if own is None:
            config, own = inner, _name(inner.get("activation"))
    is_recurrent = call.kind is CallKind.RECURRENT
    gates = _name(config.get("recurrent_activation")) if is_recurrent else None
    for what, name in (("activation", own), ("recurrent activation", gates)):
        expected = {"linear", _USUAL[what]} if is_recurrent else {"linear"}
        if name is not None and (every or name not in expected):
            yield what, name


def _name(value: Any) -> str | None:
    """The name of an activation as a configuration has it."""
    match value:
        case {"class_name": str() as of_class, "config": inner}:
            return inner if isinstance(inner, str) else of_class
        case str():
            return value
    return None
