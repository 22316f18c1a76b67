"""The dtype policy that layers have in common: where it is another, that is one difference."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.compare.difference import Aspect, CallChanged, PolicyChanged
from sphinxcontrib_kerasgraph.graph import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinxcontrib_kerasgraph.compare.difference import Difference
    from sphinxcontrib_kerasgraph.compare.match import Matching, Pair

_KEY = "dtype"
#: The policy of so many layers may be their own.
_LEAST = 2


def policy_once(found: Sequence[Difference], matching: Matching) -> list[Difference]:
    """The differences, one in place of those of all layers that had the same policy.

    Layers that keep it make it a matter of those that don't. Inputs have a dtype and no policy.
    """
    changed: dict[tuple[str, str], list[CallChanged]] = defaultdict(list)
    for one in found:
        if isinstance(one, CallChanged) and (names := _names(one)) is not None:
            changed[names].append(one)
    told = list(found)
    for (before, after), mine in changed.items():
        places = {one.place.old for one in mine}
        kept = {
            pair.place.old for pair in matching.walk_pairs() if before in _policies_kept(pair)
        } - places
        if kept or len(places) < _LEAST:
            continue
        told[told.index(mine[0])] = PolicyChanged(before, after)
        others = set(map(id, mine))
        told = [one for one in told if id(one) not in others]
    return told


def _names(one: CallChanged) -> tuple[str, str] | None:
    """The names of the policies, if it is one that is another."""
    if one.aspect is not Aspect.CONFIGURATION:
        return None
    before, after = _name(one.before), _name(one.after)
    if one.keys[-1] != _KEY or before is None or after is None:
        return None
    return before, after


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
