"""In which a model differs from what it was, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph import BLOCK, Call, CallGraph, ModelGraph, Port

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinxcontrib_kerasgraph.graph import Tensor

#: Fields of models and calls that are compared as they are, and the words for them.
_MODEL_WORDS = {
    "name": "the model's name",
    "qualname": "its class",
    "module": "the module of its class",
    "model_type": "its type",
    "opaque": "the reason why its inside isn't known",
}
_CALL_WORDS = {
    "module": "module",
    "qualname": "class",
    "kind": "kind",
    "is_operation": "is an operation",
    "trainable": "trainable",
    "activation": "activation",
    "opaque": "the reason why its inside isn't known",
}

#: Stands for a value that one of the two doesn't have.
_NOTHING = object()

#: A tensor's way: from which output of which call to which input of which call.
_Way = tuple[str, int, str, int, bool]


def differences(old: ModelGraph, new: ModelGraph) -> list[str]:
    """What changed, in the order of the calls; nothing if the models are the same.

    Calls are matched in order, by class and by name without its number, since Keras numbers names
    anew if a layer is added. What the models were made with is no difference; where the versions
    of Keras are two, neither is what one of them alone tells of a layer's configuration.
    """
    same_keras = old.made_with.get("keras") == new.made_with.get("keras")
    comparison = _Comparison(same_keras)
    comparison.compare_models(old, new)
    # Shapes, numbers of weights and of names follow from what was said; here they are all there is.
    said = comparison.said or [*_changed_sizes(old.graph, new.graph)]
    if not said and old.parameters != new.parameters:
        said = [f"parameters {_change(old.parameters.total, new.parameters.total)}"]
    if not said and same_keras and replace(old, made_with=new.made_with) != new:
        said = ["it differs in what isn't drawn"]
    return said


@dataclass
class _Comparison:
    same_keras: bool
    said: list[str] = field(default_factory=list)

    def compare_models(self, old: ModelGraph, new: ModelGraph) -> None:
        self.said += _changed_fields(old, new, _MODEL_WORDS)
        self._compare(old.graph, new.graph, "")

    def _compare(self, old: CallGraph, new: CallGraph, prefix: str) -> None:
        names = {BLOCK: BLOCK}
        added, removed = set(), set()
        for before, after in _matched(old, new):
            if before is not None and after is not None:
                names[before.id] = after.id
                self._compare_calls(before, after, prefix)
            elif after is not None:
                added.add(after.id)
                self.said.append(f"added {_place(after, new, prefix)}")
            elif before is not None:
                removed.add(before.id)
                self.said.append(f"removed {_place(before, old, prefix)}")
        mapped = _ways(old, names | {name: f"{name} (removed)" for name in removed})
        removed = {f"{name} (removed)" for name in removed}
        ways = _ways(new, {call.id: call.id for call in new.calls} | {BLOCK: BLOCK})
        gone = _unexplained(mapped - ways, ways, removed, added)
        come = _unexplained(ways - mapped, mapped, added, removed)
        self.said += [f"no tensor goes {_way(way, prefix)} any more" for way in gone]
        self.said += [f"a tensor goes {_way(way, prefix)}" for way in come]

    def _compare_calls(self, old: Call, new: Call, prefix: str) -> None:
        path = prefix + new.id
        if _stem(old.id) != _stem(new.id):
            self.said.append(f"{prefix}{old.id}: its name is {new.id} now")
        told = {name: words for name, words in _CALL_WORDS.items() if name not in new.config}
        changes = [
            *_changed_values(old.config, new.config, all_keys=self.same_keras),
            *_changed_values(dict(old.constants), dict(new.constants)),
            *_changed_fields(old, new, told),
        ]
        self.said += [f"{path}: {change}" for change in changes]
        if old.body is not None and new.body is not None:
            self._compare(old.body, new.body, f"{path}/")
        elif old.body is not None:
            self.said.append(f"{path}: what is inside isn't known any more")
        elif new.body is not None:
            self.said.append(f"{path}: what is inside is known now")


def _matched(old: CallGraph, new: CallGraph) -> Iterator[tuple[Call | None, Call | None]]:
    """Calls of both that belong together, and those of one alone."""
    keys = [(call.class_name, _stem(call.id)) for call in old.calls]
    new_keys = [(call.class_name, _stem(call.id)) for call in new.calls]
    if keys == new_keys:
        yield from zip(old.calls, new.calls, strict=True)
        return
    matcher = SequenceMatcher(None, keys, new_keys, autojunk=False)
    for kind, begin, end, at, to in matcher.get_opcodes():
        before, after = old.calls[begin:end], new.calls[at:to]
        if kind == "equal" or _classes(before) == _classes(after):
            yield from zip(before, after, strict=True)
        else:
            yield from ((call, None) for call in before)
            yield from ((None, call) for call in after)


def _classes(calls: Iterable[Call]) -> list[str]:
    return [call.class_name for call in calls]


def _stem(name: str) -> str:
    return re.sub(r"(_\d+)?(#\d+)?$", "", name)


def _place(call: Call, graph: CallGraph, prefix: str) -> str:
    words = f"{call.class_name} {prefix}{call.id}"
    for edge in graph.edges_into.get(call.id, ()):
        if edge.source.call and not edge.recurrent:
            return f"{words} after {prefix}{edge.source.call}"
    return words


def _ways(graph: CallGraph, names: dict[str, str]) -> set[_Way]:
    """The tensors' ways, with these names for the calls; ``-`` takes the outputs."""
    edges = [(edge.source, edge.target, edge.recurrent) for edge in graph.edges]
    edges += [(port, Port("-", at), False) for at, port in enumerate(graph.outputs)]
    names = names | {"-": "-"}
    return {
        (names[source.call], source.index, names[target.call], target.index, recurrent)
        for source, target, recurrent in edges
    }


def _unexplained(
    ways: set[_Way], others: set[_Way], own: set[str], foreign: set[str]
) -> list[_Way]:
    """Those ways that are not told by the calls that only one of the graphs has.

    A way of such a call is; so is one that the other graph leads through such a call.
    """
    left = {(source, port) for source, port, target, _, _ in others if target in foreign}
    entered = {(target, port) for source, _, target, port, _ in others if source in foreign}
    return sorted(
        way
        for way in ways
        if own.isdisjoint((way[0], way[2]))
        and (way[0], way[1]) not in left
        and (way[2], way[3]) not in entered
    )


def _way(way: _Way, prefix: str) -> str:
    source = f"from {prefix}{way[0]}" if way[0] else "from the block's input"
    target = "to the outputs" if way[2] == "-" else f"to {prefix}{way[2]}"
    return f"{source} {target}"


def _changed_sizes(old: CallGraph, new: CallGraph) -> Iterator[str]:
    for (path, before), (_, after) in zip(old.walk(), new.walk(), strict=False):
        if before.id != after.id:
            yield f"{path}: its name is {after.id} now"
        for name in ("inputs", "outputs"):
            tensors = [_tensors(getattr(call, name)) for call in (before, after)]
            if tensors[0] != tensors[1]:
                yield f"{path}: {name} {_change(*tensors)}"
        if before.parameters != after.parameters:
            yield f"{path}: parameters {_change(before.parameters.total, after.parameters.total)}"
        if before.layer != after.layer:
            yield f"{path}: it shares its weights with {after.layer}, no more with {before.layer}"


def _changed_fields(old: Any, new: Any, words: dict[str, str]) -> Iterator[str]:
    for name, said in words.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield f"{said} {_change(before, after)}"


def _changed_values(
    old: dict[str, Any], new: dict[str, Any], prefix: str = "", *, all_keys: bool = True
) -> Iterator[str]:
    """What differs in configurations; of an object in it of the same class, what differs there."""
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key, _NOTHING), new.get(key, _NOTHING)
        if before == after or (key == "name" and not prefix):
            continue
        if _NOTHING in (before, after) and not all_keys:
            continue
        if isinstance(before, dict) and isinstance(after, dict) and _class(before) == _class(after):
            inside = f"{prefix}{key}."
            yield from _changed_values(_flat(before), _flat(after), inside, all_keys=all_keys)
        else:
            yield f"{prefix}{key} {_change(before, after)}"


def _class(value: dict[str, Any]) -> Any:
    return value.get("class_name")


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    """A serialized object with its configuration beside its class."""
    inner = value.get("config")
    return value | inner | {"config": None} if isinstance(inner, dict) else value


def _change(old: Any, new: Any) -> str:
    return f"{_shown(old)} → {_shown(new)}"


def _shown(value: Any) -> str:
    if value is _NOTHING:
        return "nothing"
    if isinstance(value, dict) and "class_name" in value:
        return str(value["class_name"])
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_shown, value))}{',' * (len(value) == 1)})"
    return str(value)


def _tensors(tensors: Iterable[Tensor]) -> str:
    return ", ".join(f"{one.dtype} {_shown(one.shape)}" for one in tensors)
