"""In which a model differs from what it was, in words."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.graph import BLOCK, Call, CallGraph, ModelGraph, Port
from sphinxcontrib_kerasgraph.graph.configuration import nameless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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

#: A tensor's way: from which output of which call to which input of which call, and whether in
#: the next step; and ways with the arguments that they are for.
_Way = tuple[str, int, str, int, bool]
_Ways = dict[_Way, str | None]

#: A call as it was and as it is; one may be missing.
_Match = tuple[Call | None, Call | None]


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
    said = comparison.said or [*comparison.changed_sizes()]
    if not said:
        said = [*_changed_parameters(old, new)]
    if not said and same_keras and replace(old, made_with=new.made_with) != new:
        said = ["it differs in what isn't drawn"]
    return said


@dataclass
class _Comparison:
    same_keras: bool
    said: list[str] = field(default_factory=list)
    #: The calls that were matched, with their paths.
    pairs: list[tuple[str, Call, str, Call]] = field(default_factory=list)

    def compare_models(self, old: ModelGraph, new: ModelGraph) -> None:
        self.said += _changed_fields(old, new, _MODEL_WORDS)
        self._compare(old.graph, new.graph, "", "")
        paths = {before: after for before, _, after, _ in self.pairs}
        for before, call, path, now in self.pairs:
            if paths.get(call.layer, call.layer) == now.layer:
                continue
            if now.layer != path:
                self.said.append(f"{path}: it shares its weights with {now.layer}")
            elif call.layer != before:
                self.said.append(f"{path}: it shares its weights no more with {call.layer}")

    def changed_sizes(self) -> Iterator[str]:
        for before, old, after, new in self.pairs:
            if before != after:
                yield f"{before}: its name is {new.id} now"
            for name in ("inputs", "outputs"):
                tensors = [_tensors(getattr(call, name)) for call in (old, new)]
                if tensors[0] != tensors[1]:
                    yield f"{after}: {name} {_change(*tensors)}"
            yield from (f"{after}: {change}" for change in _changed_parameters(old, new))

    def _compare(self, old: CallGraph, new: CallGraph, prefix: str, new_prefix: str) -> None:
        names = {BLOCK: BLOCK}
        added, removed = set(), set()
        for before, after in self._matched(old, new):
            if before is not None and after is not None:
                names[before.id] = after.id
                self.pairs.append((prefix + before.id, before, new_prefix + after.id, after))
                self._compare_calls(before, after, prefix, new_prefix)
            elif after is not None:
                added.add(after.id)
                self.said.append(f"added {_place(after, new, new_prefix)}")
            elif before is not None:
                removed.add(before.id)
                self.said.append(f"removed {_place(before, old, prefix)}")
        names |= {name: f"{name} (removed)" for name in removed}
        self._compare_ways(
            _ways(old, names),
            _ways(new, {name: name for name in (BLOCK, *(call.id for call in new.calls))}),
            {f"{name} (removed)" for name in removed},
            added,
            new_prefix,
        )
        mapped = [names[name] for name in old.inputs]
        if sorted(mapped) == sorted(new.inputs) and mapped != list(new.inputs):
            self.said.append(f"the inputs are {', '.join(new.inputs)} in this order now")

    def _compare_ways(
        self, old: _Ways, new: _Ways, removed: set[str], added: set[str], prefix: str
    ) -> None:
        gone = _unexplained(old, new, removed, added)
        come = _unexplained(new, old, added, removed)
        # Where calls alone don't tell ways apart, the numbers of their inputs and outputs do.
        known = Counter(_way(way, prefix) for way in [*gone, *come])
        for ways, words in ((gone, "no tensor goes {} any more"), (come, "a tensor goes {}")):
            for way in ways:
                said = _way(way, prefix)
                said = said if known[said] == 1 else _way(way, prefix, exact=True)
                self.said.append(words.format(said))
        for way in sorted(old.keys() & new.keys()):
            if old[way] != new[way]:
                change = _change(old[way], new[way])
                self.said.append(f"the argument of the tensor {_way(way, prefix)} {change}")

    def _compare_calls(self, old: Call, new: Call, prefix: str, new_prefix: str) -> None:
        path = new_prefix + new.id
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
            self._compare(old.body, new.body, f"{prefix}{old.id}/", f"{path}/")
        elif old.body is not None:
            self.said.append(f"{path}: what is inside isn't known any more")
        elif new.body is not None:
            self.said.append(f"{path}: what is inside is known now")

    def _matched(self, old: CallGraph, new: CallGraph) -> Iterator[_Match]:
        """Calls of both that belong together, and those of one alone."""
        ids = [[call.id for call in one.calls] for one in (old, new)]
        if ids[0] != ids[1] and sorted(ids[0]) == sorted(ids[1]):
            # In another order, which may be as good.
            yield from ((call, new[call.id]) for call in old.calls)
            return
        yield from _aligned(old.calls, new.calls, [self._contents(old, new), _title])

    def _contents(self, old: CallGraph, new: CallGraph) -> Callable[[Call], object]:
        """What tells a call from others of its class: its configuration, as far as both tell it."""
        keys: dict[str, set[str]] = {}
        if not self.same_keras:
            told = [
                {call.class_name: call.config.keys() for call in one.calls} for one in (old, new)
            ]
            keys = {name: {*told[0][name]} & {*told[1].get(name, ())} for name in told[0]}

        def content(call: Call) -> object:
            config = {
                key: value
                for key, value in call.config.items()
                if self.same_keras or key in keys.get(call.class_name, ())
            }
            return (*_title(call), json.dumps(nameless(config), sort_keys=True), call.constants)

        return content


def _title(call: Call) -> tuple[str, str]:
    return call.class_name, _stem(call.id)


def _aligned(
    old: Sequence[Call], new: Sequence[Call], keys: Sequence[Callable[[Call], object]]
) -> Iterator[_Match]:
    """Calls matched by the first key, and what is left between them by the others."""
    if _classes(old) == _classes(new):
        yield from zip(old, new, strict=True)
        return
    if not keys:
        yield from ((call, None) for call in old)
        yield from ((None, call) for call in new)
        return
    key, *others = keys
    before, after = [key(call) for call in old], [key(call) for call in new]
    start = _common(before, after)
    stop = _common(before[start:][::-1], after[start:][::-1])
    ends = len(before) - stop, len(after) - stop
    yield from zip(old[:start], new[:start], strict=True)
    # It takes the longest stretch that is equal, which may be the wrong one of several.
    matcher = SequenceMatcher(None, before[start : ends[0]], after[start : ends[1]], autojunk=False)
    for kind, begin, end, at, to in matcher.get_opcodes():
        parts = old[start + begin : start + end], new[start + at : start + to]
        if kind == "equal":
            yield from zip(*parts, strict=True)
        else:
            yield from _aligned(*parts, others)
    yield from zip(old[ends[0] :], new[ends[1] :], strict=True)


def _common(old: Sequence[object], new: Sequence[object]) -> int:
    """How many of the first are equal."""
    pairs = zip(old, new, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


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


def _ways(graph: CallGraph, names: dict[str, str]) -> _Ways:
    """The tensors' ways, with these names for the calls; ``-`` takes the outputs."""
    edges = [(edge.source, edge.target, edge.recurrent, edge.argument) for edge in graph.edges]
    edges += [(port, Port("-", at), False, None) for at, port in enumerate(graph.outputs)]
    names = names | {"-": "-"}
    return {
        (names[source.call], source.index, names[target.call], target.index, recurrent): argument
        for source, target, recurrent, argument in edges
    }


def _unexplained(ways: _Ways, others: _Ways, own: set[str], foreign: set[str]) -> list[_Way]:
    """Those ways of the first alone that are not told by the calls that only one graph has.

    A way of such a call is; so is one that the other graph leads through such a call.
    """
    left = {(source, port) for source, port, target, _, _ in others if target in foreign}
    entered = {(target, port) for source, _, target, port, _ in others if source in foreign}
    return sorted(
        way
        for way in ways.keys() - others.keys()
        if own.isdisjoint((way[0], way[2]))
        and (way[0], way[1]) not in left
        and (way[2], way[3]) not in entered
    )


def _way(way: _Way, prefix: str, *, exact: bool = False) -> str:
    source, output, target, at, recurrent = way
    words = f"{prefix}{source}" if source else "the block's input"
    if exact:
        words = f"output {output + 1} of {words}" if source else f"{words} {output + 1}"
    to = f"{prefix}{target}" if target != "-" else "the outputs"
    if exact:
        to = f"input {at + 1} of {to}" if target != "-" else f"output {at + 1}"
    later = " in the next step" if exact and recurrent else ""
    return f"from {words} to {to}{later}"


def _changed_parameters(old: Call | ModelGraph, new: Call | ModelGraph) -> Iterator[str]:
    words = {"total": "parameters", "trainable": "trainable parameters", "own": "own parameters"}
    yield from list(_changed_fields(old.parameters, new.parameters, words))[:1]


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
        if before == after or (key == "name" and _is_name(before, after, prefix)):
            continue
        if _NOTHING in (before, after) and not all_keys:
            continue
        inside = _members(before, after)
        if inside is None:
            yield f"{prefix}{key} {_change(before, after)}"
        else:
            yield from _changed_values(*inside, f"{prefix}{key}.", all_keys=all_keys)


def _is_name(old: Any, new: Any, prefix: str) -> bool:
    """Whether these are names of a layer, or of one that it wraps, with Keras's numbers at most."""
    texts = isinstance(old, str) and isinstance(new, str)
    return not prefix or (texts and _stem(old) == _stem(new))


def _members(old: Any, new: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What is in two objects that can be compared one by one."""
    dicts = isinstance(old, dict) and isinstance(new, dict)
    if dicts and old.get("class_name") == new.get("class_name"):
        return _flat(old), _flat(new)
    lists = isinstance(old, list) and isinstance(new, list) and len(old) == len(new)
    if lists and any(isinstance(one, dict | list) for one in (*old, *new)):
        return _numbered(old), _numbered(new)
    return None


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    """A serialized object with its configuration beside its class."""
    inner = value.get("config")
    if "class_name" not in value or not isinstance(inner, dict):
        return value
    outer = {key: one for key, one in value.items() if key != "config"}
    return outer | {key if key not in outer else f"config.{key}": one for key, one in inner.items()}


def _numbered(values: list[Any]) -> dict[str, Any]:
    return {str(at): value for at, value in enumerate(values)}


def _change(old: Any, new: Any) -> str:
    shown = _shown(old), _shown(new)
    if shown[0] == shown[1]:
        shown = repr(old), repr(new)
    return f"{shown[0]} → {shown[1]}"


def _shown(value: Any) -> str:
    if value is _NOTHING:
        return "nothing"
    if value == "":
        return "''"
    if isinstance(value, dict) and "class_name" in value:
        return str(value["class_name"])
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_shown, value))}{',' * (len(value) == 1)})"
    return str(value)


def _tensors(tensors: Iterable[Tensor]) -> str:
    return ", ".join(f"{one.dtype} {_shown(one.shape)}" for one in tensors) or "none"
