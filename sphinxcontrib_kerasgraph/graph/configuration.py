"""What a layer's configuration tells of the layer itself, and what of its name alone."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph.kinds import CallKind
from sphinxcontrib_kerasgraph.graph.naming import snake_case
from sphinxcontrib_kerasgraph.printable import printable_value

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


def value_text(value: Any) -> str:
    """A value as short Python text; an object of Keras's by its name: ``glorot_uniform``.

    With what it was made with, in parentheses: ``l2(l2=0.0001)``.
    """
    return printable_value(_text(value))


def _text(value: Any) -> str:
    match value:
        case "":
            return "''"
        case {"class_name": str(name), "config": {"name": str(policy)}} if name.endswith("Policy"):
            return policy
        case {"class_name": "function", "config": str(name)}:
            return name
        case {"class_name": str(name), "config": dict(config)}:
            told = sorted(nameless(config).items())
            given = [f"{key}={_text(one)}" for key, one in told if one is not None]
            return f"{snake_case(name)}({', '.join(given)})" if given else snake_case(name)
        case {"class_name": str(name)}:
            return snake_case(name)
        case dict():
            return ", ".join(f"{key}: {_text(one)}" for key, one in sorted(value.items()))
        case list() | tuple():
            return f"({', '.join(map(_text, value))}{',' * (len(value) == 1)})"
        case float():
            return f"{value:.6g}"
    return str(value)


def configured(call: Call) -> dict[str, Any]:
    """What a layer is configured with; of an operation, and of a call, the plain arguments, too.

    An argument that isn't written as a literal is its text. The configuration comes first.
    """
    found: dict[str, Any] = {name: _literal(text) for name, text in call.constants}
    if call.activation is not None:
        found["activation"] = call.activation
    return found | call.config


def field_of(call: Call, name: str) -> Any:
    """What a field of that name stands for: of the configuration, or a fact of the call.

    ``None`` where there is none; so is an entry that is not set.
    """
    found = configured(call)
    if name in found:
        return found[name]
    match name:
        case "name" | "class_name" | "module" | "dtype" as fact:
            made = call.outputs[0].dtype if call.outputs else None
            return {"dtype": made}.get(fact, getattr(call, fact, None))
        case "shape":
            return call.outputs[0].shape if call.outputs else None
        case "params":
            return call.parameters.total
    return None


def size_text(value: Any) -> str:
    """A value as facts have it: ``3×3`` for several numbers."""
    if isinstance(value, list | tuple) and all(one is None or type(one) is int for one in value):
        return "×".join("?" if one is None else str(one) for one in value)
    return value_text(value)


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


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
