"""What a layer's configuration tells of the layer itself, and what of its name alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph.kinds import CallKind

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph.calls import Call

#: Entries of a config that tell layers apart by name alone.
NAMES = frozenset({"name", "registered_name", "build_config", "shared_object_id"})


def nameless(value: Any) -> Any:
    """The configuration without names of layers, at any depth."""
    if isinstance(value, list | tuple):
        return [nameless(one) for one in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("class_name", "")).endswith("DTypePolicy"):  # whose name is the dtype
        return value
    return {key: nameless(one) for key, one in value.items() if key not in NAMES}


def own_config(call: Call) -> dict[str, Any]:
    """What the call's configuration tells of it, names of layers aside.

    What is inside tells more of a block than its configuration, which may hold the layers, and
    lists of their names: of a block only single values, and lists of numbers, are told. The shape
    of an input is that of its tensor.
    """
    if call.kind is CallKind.INPUT:
        return {}
    if call.body is None and call.hidden is None:
        found: dict[str, Any] = nameless(call.config)
        return found
    return {key: value for key, value in call.config.items() if key not in NAMES and _plain(value)}


def _plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(one, int | float) for one in value)
    return not isinstance(value, dict)
