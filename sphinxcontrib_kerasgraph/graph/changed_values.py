"""Which values of two configurations differ, at any depth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph.naming import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class Missing(Enum):
    """Stands for a value that one of two configurations doesn't have."""

    NOTHING = "nothing"

    def __str__(self) -> str:
        return "\N{EN DASH}"


@dataclass(frozen=True)
class ValueChange:
    """A value of a configuration, as it was and as it is."""

    #: Where it is: the keys that lead there, places in lists among them. What a serialized object
    #: is made with is beside its class: ``("kernel_initializer", "seed")``.
    keys: tuple[str, ...]
    #: `Missing.NOTHING` where there is none.
    before: Any
    after: Any


def changed_values(
    old: dict[str, Any], new: dict[str, Any], *, all_keys: bool = True
) -> Iterator[ValueChange]:
    """What differs in configurations; of an object in it of the same class, what differs there.

    Names of layers are no difference. Without ``all_keys``, neither are values that only one has.
    """
    return _changed(old, new, (), all_keys=all_keys)


def with_values(config: dict[str, Any], values: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """The configuration with other values at these places, which are named as in `ValueChange`."""
    for (key, *rest), value in values.items():
        config = _set(config, key, rest, value)
    return config


def value_at(config: dict[str, Any], keys: Sequence[str]) -> Any:
    """The value at the place; `Missing.NOTHING` where there is none."""
    members = config
    for key in keys[:-1]:
        value = members.get(key)
        if not isinstance(value, dict | list):
            return Missing.NOTHING
        members = _flat(value) if isinstance(value, dict) else _numbered(value)
    return members.get(keys[-1], Missing.NOTHING)


def _set(members: dict[str, Any], key: str, rest: Sequence[str], value: Any) -> dict[str, Any]:
    """These members with the value at the place, or without it."""
    if rest:
        value = _put(members[key], rest[0], rest[1:], value)
    if value is Missing.NOTHING:
        return {one: other for one, other in members.items() if one != key}
    return members | {key: value}


def _put(inside: Any, key: str, rest: Sequence[str], value: Any) -> Any:
    """What can be compared member by member, with the value at the place inside."""
    if isinstance(inside, list):
        return [*_set(_numbered(inside), key, rest, value).values()]
    config = inside.get("config")
    if (
        "class_name" not in inside
        or not isinstance(config, dict)
        or key in inside.keys() - {"config"}
    ):
        return _set(inside, key, rest, value)
    own = key.removeprefix("config.")
    return inside | {"config": _set(config, own if own in inside else key, rest, value)}


def _changed(
    old: dict[str, Any], new: dict[str, Any], outer: tuple[str, ...], *, all_keys: bool
) -> Iterator[ValueChange]:
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key, Missing.NOTHING), new.get(key, Missing.NOTHING)
        if before == after or (key == "name" and (not outer or _are_names(before, after))):
            continue
        if Missing.NOTHING in (before, after) and not all_keys:
            continue
        inside = _members(before, after)
        if inside is None:
            yield ValueChange((*outer, key), before, after)
        else:
            yield from _changed(*inside, (*outer, key), all_keys=all_keys)


def _are_names(old: Any, new: Any) -> bool:
    """Whether these are names of a layer that is wrapped, which differ by numbers at most."""
    return isinstance(old, str) and isinstance(new, str) and stem(old) == stem(new)


def _members(old: Any, new: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What is in two objects that can be compared one by one."""
    dicts = isinstance(old, dict) and isinstance(new, dict)
    if dicts and old.get("class_name") == new.get("class_name") and not _is_policy(old):
        return _flat(old), _flat(new)
    lists = isinstance(old, list) and isinstance(new, list) and len(old) == len(new)
    if lists and any(isinstance(one, dict | list) for one in (*old, *new)):
        return _numbered(old), _numbered(new)
    return None


def _is_policy(value: dict[str, Any]) -> bool:
    """Whether it is a policy of dtypes, of which the name is all that there is."""
    return str(value.get("class_name", "")).endswith("DTypePolicy")


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    """A serialized object with its configuration beside its class."""
    inner = value.get("config")
    if "class_name" not in value or not isinstance(inner, dict):
        return value
    outer = {key: one for key, one in value.items() if key != "config"}
    return outer | {key if key not in outer else f"config.{key}": one for key, one in inner.items()}


def _numbered(values: list[Any]) -> dict[str, Any]:
    return {str(at): value for at, value in enumerate(values)}
