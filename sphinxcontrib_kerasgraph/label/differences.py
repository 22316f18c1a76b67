"""What is not alike of calls that are drawn as one, and that nothing else in their box tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph.changed_values import changed_values, value_at
from sphinxcontrib_kerasgraph.graph.configuration import NAMES, own_config, value_text
from sphinxcontrib_kerasgraph.graph.similarity import Similarity
from sphinxcontrib_kerasgraph.label.alike import Alike, places_inside, places_of
from sphinxcontrib_kerasgraph.label.facts import key_fact, merged_facts
from sphinxcontrib_kerasgraph.label.in_order import in_order
from sphinxcontrib_kerasgraph.wording import _, and_more, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph
    from sphinxcontrib_kerasgraph.label.alike import Place

#: So many are told; of more, how many they are.
_MOST = 3


def differences(calls: Sequence[Call], told: Iterable[str] = ()) -> dict[str, str]:
    """By its name, what differs: ``{"activation": "gelu, relu"}``; empty if all are alike.

    Not told is what the calls' facts tell, and what is ``told`` beside, by name. Of closed blocks
    the first is told of what differs inside.
    """
    if len(calls) < 2 or all(call is calls[0] for call in calls):
        return {}
    found = _own(calls, told)
    if len(found) > _MOST:
        rest = len(found) - _MOST + 1
        found = dict(list(found.items())[: _MOST - 1]) | {
            "more": ngettext("{number} differs", "{number} differ", rest)
        }
    return found | _inside(calls, found)


def other_values(
    calls: Sequence[Call], befores: Sequence[Call], told: Iterable[str] = ()
) -> dict[str, tuple[str, str]]:
    """By its name, what each value of calls was, and what it is; without what facts tell.

    These are the values that are told of two models, and their texts. ``told`` is what is told
    beside. Nothing of calls of another class, of which nearly all differs.
    """
    if befores is calls or any(
        before.class_name != call.class_name for before, call in zip(befores, calls, strict=True)
    ):
        return {}
    both = [(_values(before), _values(call)) for before, call in zip(befores, calls, strict=True)]
    changes = [{one.keys: one for one in changed_values(*each)} for each in both]
    found = {}
    for keys in dict.fromkeys(keys for one in changes for keys in one):
        differ = [at for at, one in enumerate(changes) if keys in one]
        if keys[-1] in told or any(_in_fact(keys[0], befores[at], calls[at]) for at in differ):
            continue
        texts = ([value_text(value_at(each[at], keys)) for each in both] for at in (0, 1))
        was, now = (in_order(each, places_of(calls)) for each in texts)
        found[".".join(keys)] = was, now
    if len(found) > _MOST:
        rest = len(found) - _MOST + 1
        more = ngettext("{number} differs", "{number} differ", rest)
        found = dict(list(found.items())[: _MOST - 1]) | {_("more"): ("", more)}
    return found


def _own(calls: Sequence[Call], told: Iterable[str]) -> dict[str, str]:
    """What differs of the calls themselves."""
    if all(_is_plainly_alike(call, calls[0]) for call in calls):
        return {}
    facts = [_facts(call) for call in calls]
    names = dict.fromkeys(name for one in facts for name in one)
    found = {}
    for name in names:
        texts = [_text(one.get(name)) for one in facts]
        if len(set(texts)) == 1 or name in told:
            continue
        other = next(call for call, text in zip(calls, texts, strict=True) if text != texts[0])
        if not _in_fact(name.partition(".")[0], calls[0], other):
            found[name] = in_order(texts, places_of(calls))
    return found


def _inside(calls: Sequence[Call], own: Mapping[str, str]) -> dict[str, str]:
    """The first of what differs inside of closed blocks, and how many more there are.

    Not again what differs of the blocks ``own``, which hand it on.
    """
    graphs = [call.hidden for call in calls if call.hidden is not None]
    if all(graph is graphs[0] for graph in graphs):
        return {}
    similarity = Similarity(exact=True)
    if len({similarity.of_graph(graph) for graph in graphs}) == 1:
        return {}
    told = list(_deep(graphs, places_of(calls)))
    if not told:
        return {"inside": _("differs")}
    found = [" ".join(one) for one in told if one[1:] not in set(own.items())]
    if not found:
        return {}
    return {"inside": and_more(found[0], len(found) - 1)}


def _deep(
    graphs: Sequence[CallGraph], places: tuple[Place, ...], path: str = ""
) -> Iterator[tuple[str, ...]]:
    """What differs at each place of graphs of the same structure: the place, and in which way.

    ``places`` tells in which repetitions the graphs are.
    """
    for several in zip(*(graph.calls for graph in graphs), strict=False):
        calls = Alike(several, places)
        place = path + calls[0].name
        if len(set(map(key_fact, calls))) > 1:
            yield place, merged_facts(calls)
        yield from ((place, *difference) for difference in _own(calls, ()).items())
        inside = [graph for call in calls for graph in call.bodies]
        yield from _deep(inside, places_inside(calls), f"{place}/")


def _is_plainly_alike(call: Call, other: Call) -> bool:
    """Whether that can be told without a closer look, as of most calls."""
    if call.config.keys() != other.config.keys():
        return False
    alike = (call.constants, call.activation, call.trainable, call.shared) == (
        other.constants,
        other.activation,
        other.trainable,
        other.shared,
    )
    return alike and all(
        value == other.config[key] for key, value in call.config.items() if key not in NAMES
    )


def _values(call: Call) -> dict[str, Any]:
    """What tells a call from others of its class, by names that are told.

    Names in the configuration aside, and whether a layer without weights is trained.
    """
    found = own_config(call)
    found.pop("trainable", None)
    if call.trainable is not None:
        found["trainable"] = call.trainable
    if call.activation is not None:
        found["activation"] = call.activation
    return found | {"shared": call.shared} | dict(call.constants)


def _facts(call: Call) -> dict[str, Any]:
    """The same, with what is inside of values beside them."""
    return dict(_flat(_values(call), ""))


def _flat(config: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """The values of a configuration: ``kernel_regularizer`` and ``kernel_regularizer.l2``, say."""
    for key, value in config.items():
        match value:
            case {"class_name": str(name), "config": {"name": str(policy)}} if name.endswith(
                "Policy"
            ):
                yield path + key, policy
            case {"class_name": of_class, "config": inner}:
                yield path + key, inner if isinstance(inner, str) else of_class
                if isinstance(inner, dict):
                    yield from _flat(inner, f"{path}{key}.")
            case dict():
                yield from _flat(value, f"{path}{key}.")
            case _:
                yield path + key, value


def _text(value: Any) -> str:
    match value:
        case None:
            return _("none")
        case bool():
            return _("yes") if value else _("no")
    return value_text(value)


def _in_fact(key: str, first: Call, other: Call) -> bool:
    """Whether the fact changes where that alone does: then it tells of it."""
    changed = first
    if key in first.config and key in other.config:
        changed = replace(changed, config=first.config | {key: other.config[key]})
    if key == "activation":
        changed = replace(changed, activation=other.activation)
    mine, others = dict(first.constants), dict(other.constants)
    if key in mine or key in others:
        kept = {**mine, **others}
        constants = ((one, mine[one] if one != key and one in mine else kept[one]) for one in kept)
        changed = replace(changed, constants=tuple(constants))
    return key_fact(changed) != key_fact(first)
