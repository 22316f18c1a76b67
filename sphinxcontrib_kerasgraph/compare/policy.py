"""The dtype policy that layers have in common: where it is another, that is one difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.compare.difference import Aspect, CallChanged, PolicyChanged
from sphinxcontrib_kerasgraph.graph import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.compare.difference import Difference
    from sphinxcontrib_kerasgraph.compare.match import Matching, Pair
    from sphinxcontrib_kerasgraph.graph import Call

_KEY = "dtype"
#: The policy of so many layers may be their own.
_LEAST = 2


def policy_once(found: Sequence[Difference], matching: Matching) -> list[Difference]:
    """The differences, one in place of those of all layers that had the same policy.

    Layers that keep it make it a matter of those that don't. Inputs have a dtype and no policy.
    """
    changed: dict[tuple[str, str], set[str]] = {}
    for one in found:
        if (names := _names(one)) is not None:
            changed.setdefault(names, set()).add(one.place.old)  # type: ignore[union-attr]
    told = list(found)
    for names, places in changed.items():
        before, after = names
        kept = {
            pair.place.old for pair in matching.walk_pairs() if before in _policies_kept(pair)
        } - places
        if kept or len(places) < _LEAST:
            continue
        mine = [one for one in told if _names(one) == names]
        at = told.index(mine[0])
        told = [one for one in told if one not in mine]
        told.insert(at, PolicyChanged(before, after))
    return told


def without_policies(call: Call, before: Call) -> Call:
    """What a call was, but for policies: those that it has now."""
    return replace(before, config=_with(before.config, call.config))


def _names(one: Difference) -> tuple[str, str] | None:
    """The names of the policies, if it is one that is another."""
    if not isinstance(one, CallChanged) or one.aspect is not Aspect.CONFIGURATION:
        return None
    if _KEY not in {*one.keys[-1:], *(one.keys[-2:-1] if one.keys[-1] == "name" else ())}:
        return None
    both = one.before, one.after
    return (both[0], both[1]) if all(isinstance(value, str) for value in both) else None


def _policies_kept(pair: Pair) -> Iterator[str]:
    """The policies that a layer had, and what it has is compared with."""
    if pair.old.kind not in SOURCES and pair.old.class_name == pair.new.class_name:
        yield from policies(pair.old.config)


def policies(value: Any) -> Iterator[str]:
    """The names of the policies in a configuration, at any depth."""
    match value:
        case dict():
            for key, inner in value.items():
                if key == _KEY and (name := _name(inner)) is not None:
                    yield name
                else:
                    yield from policies(inner)
        case list():
            for inner in value:
                yield from policies(inner)


def _name(value: Any) -> str | None:
    """The name of a policy as a configuration has it: serialized, or its name alone."""
    match value:
        case str():
            return value
        case {"config": {"name": str(name)}}:
            return name
    return None


def _with(config: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The configuration with the policies that are in another one, at any depth."""
    made = {}
    for key, value in config.items():
        other = now.get(key, value)
        if key == _KEY and _name(value) is not None:
            made[key] = other
        elif isinstance(value, dict) and isinstance(other, dict):
            made[key] = _with(value, other)
        else:
            made[key] = value
    return made
