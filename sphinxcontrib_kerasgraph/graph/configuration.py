"""What a layer's configuration tells of the layer itself, and what of its name alone."""

from __future__ import annotations

from typing import Any

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
