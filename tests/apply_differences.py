"""The differences of two models applied to the old one; and what of a model they tell."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from sphinxcontrib_kerasgraph.compare import Difference, Place
from sphinxcontrib_kerasgraph.compare import difference as d
from sphinxcontrib_kerasgraph.compare.opened import opened
from sphinxcontrib_kerasgraph.compare.tensors import End, TensorMatch
from sphinxcontrib_kerasgraph.graph import BLOCK, SOURCES, Call, CallGraph, Change
from sphinxcontrib_kerasgraph.graph.changed_values import Missing
from sphinxcontrib_kerasgraph.graph.configuration import nameless
from sphinxcontrib_kerasgraph.graph.naming import stem

#: A call: by its id in the old graph; or that of the new one, of added ones.
Node = tuple[str, str]
#: What is around.
AROUND: Node = ("", BLOCK)
FIELDS = ("module", "qualname", "kind", "is_operation", "trainable", "activation", "opaque")


class Applied:
    """A graph in the making, of the old one and of differences alone."""

    def __init__(
        self, graph: CallGraph, differences: Sequence[Difference], block: str = ""
    ) -> None:
        """``block`` is the path of the graph in the old model."""
        for one in _of(differences, d.WrappingChanged):
            inside = one.path.removeprefix(f"{block}/" if block else "")
            if one.change is Change.REMOVED and inside in graph.places:
                graph = opened(graph, inside)
        self.block = block
        self.differences = differences
        self.calls: dict[Node, Call] = {("old", call.id): call for call in graph.calls}
        self.shares: dict[Node, Node | None] = {
            node: None if call.layer == self._path(call.id) else ("old", call.layer)
            for node, call in self.calls.items()
        }
        self.inputs = Counter(("old", one) for one in graph.inputs)
        #: By target, input, and whether it comes from the step before.
        self.edges: dict[tuple[Node, int, bool], tuple[Node, int, str | None]] = {}
        for edge in graph.edges:
            target = self._old(edge.target.call), edge.target.index, edge.recurrent
            self.edges[target] = self._old(edge.source.call), edge.source.index, edge.argument
        for at, port in enumerate(graph.outputs):
            self.edges[AROUND, at, False] = self._old(port.call), port.index, None
        #: The nodes that old ones have become.
        self.became: dict[Node, Node] = {}
        self._apply()

    def _path(self, id_: str) -> str:
        return f"{self.block}/{id_}" if self.block else id_

    def _old(self, id_: str) -> Node:
        return ("old", id_) if id_ != BLOCK else AROUND

    def _node(self, place: Place) -> Node | None:
        """The call of a place, if it is here, and no deeper."""
        id_ = place.old.removeprefix(f"{self.block}/" if self.block else "")
        node = self.became.get(("old", id_), ("old", id_))
        return node if self._path(id_) == place.old and node in self.calls else None

    def _end(self, end: End) -> Node | None:
        return AROUND if end.call.old == self.block else self._node(end.call)

    def _apply(self) -> None:
        self._come_and_go()
        self._rewire()
        for one in self.differences:
            if isinstance(one, d.CallReplaced | d.CallChanged | d.CallRenamed | d.SharingChanged):
                node = self._node(one.place)
                if node is not None:
                    self._change(node, one)
        for one in _of(self.differences, d.PolicyChanged):
            for node, call in self.calls.items():
                if node[0] == "old" and call.kind not in SOURCES:
                    config = _with_policy(call.config, one.before, one.after)
                    self.calls[node] = replace(call, config=config)
        self._look_inside()

    def _come_and_go(self) -> None:
        for one in _of(self.differences, d.CallMoved):
            node = self._node(one.place)
            if node is not None:
                self._drop(node)
                self.became[node] = self._add(one.place.new, one.call)
        for one in _of(self.differences, d.CallAdded):
            if one.block.old == self.block:
                self._add(one.path, one.call)
        for one in _of(self.differences, d.CallRemoved):
            node = self._node(Place(one.path, ""))
            if node is not None:
                self._drop(node)

    def _look_inside(self) -> None:
        known = {
            node: one
            for one in _of(self.differences, d.InsideChanged)
            if (node := self._node(one.place)) is not None
        }
        for node, call in [*self.calls.items()]:
            if node in known:
                body, path = known[node].body, known[node].place.new
                self.calls[node] = replace(call, body=body and (body, (), path))
            elif node[0] == "old" and call.body is not None:
                inside = Applied(call.body, self.differences, self._path(node[1]))
                self.calls[node] = replace(call, body=inside)

    def _add(self, path: str, call: Call) -> Node:
        node = "new", call.id
        body = None if call.body is None else (call.body, (), path)
        self.calls[node] = replace(call, body=body)
        self.shares[node] = None if call.layer == path else ("new", call.layer)
        if call.id in self._new_inputs():
            self.inputs[node] += 1
        return node

    def _new_inputs(self) -> set[str]:
        """The ids of added calls that stand for inputs: those that take no tensor."""
        return {
            one.call.id
            for one in _of(self.differences, d.CallAdded | d.CallMoved)
            if (one.call.kind == "input" or one.call.class_name == "InputLayer")
            and not any(tensor.new.target.call == one.call.id for tensor in one.tensors)
        }

    def _drop(self, node: Node) -> None:
        del self.calls[node]
        self.inputs.pop(node, None)
        for target, source in [*self.edges.items()]:
            if node in {target[0], source[0]}:
                del self.edges[target]

    def _rewire(self) -> None:
        self._redirect_outputs()
        for one in _of(self.differences, d.TensorRemoved):
            if one.route.block.old == self.block:
                target = self._end(one.route.target), one.route.target.index, one.route.recurrent
                del self.edges[target]
        for one in self.differences:
            if isinstance(one, d.CallAdded | d.CallRemoved | d.CallMoved):
                for tensor in one.tensors:
                    if self._is_here(one, tensor):
                        self._lead(tensor)
        for one in _of(self.differences, d.TensorAdded | d.ArgumentChanged):
            route = one.route
            if route.block.old == self.block:
                target = self._end(route.target), route.target.index, route.recurrent
                argument = one.argument if isinstance(one, d.TensorAdded) else one.after
                self.edges[target] = self._end(route.source), route.source.index, argument

    def _redirect_outputs(self) -> None:
        found = [
            tensor
            for one in _of(self.differences, d.OutputChanged | d.OutputsReordered)
            for tensor in one.tensors
            if tensor.route.block.old == self.block
        ]
        for one in sorted(found, key=lambda one: one.new is not None):
            source, at = one.route.source, (AROUND, one.route.target.index, False)
            self.edges.pop(at, None)
            if one.new is not None:
                self.edges[at] = self._end(source), source.index, None

    def _is_here(self, one: d.CallAdded | d.CallRemoved | d.CallMoved, tensor: TensorMatch) -> bool:
        if tensor.route is not None:
            return tensor.route.block.old == self.block
        match one:
            case d.CallAdded():
                return one.block.old == self.block
            case d.CallMoved():
                return self._node(one.place) is not None
        return False

    def _lead(self, tensor: TensorMatch) -> None:
        edge, route = tensor.new, tensor.route
        source, target = (
            (tensor.source, tensor.target) if route is None else (route.source, route.target)
        )
        from_ = ("new", edge.source.call) if source is None else self._end(source)
        to = ("new", edge.target.call) if target is None else self._end(target)
        self.edges[to, edge.target.index, edge.recurrent] = from_, edge.source.index, edge.argument

    def _change(
        self, node: Node, one: d.CallReplaced | d.CallChanged | d.CallRenamed | d.SharingChanged
    ) -> None:
        call = self.calls[node]
        match one:
            case d.CallReplaced():
                call = replace(one.call, id=call.id, name=call.name, body=call.body)
            case d.CallRenamed():
                call = replace(call, id=one.after)
            case d.SharingChanged():
                self.shares[node] = None if one.after is None else ("new", one.after)
            case d.CallChanged(aspect=d.Aspect.CONFIGURATION):
                call = replace(call, config=_with(call.config, one.keys, one.after))
            case d.CallChanged(aspect=d.Aspect.CONSTANT):
                constants = _with(dict(call.constants), one.keys, one.after)
                call = replace(call, constants=tuple(constants.items()))
            case d.CallChanged(aspect=d.Aspect.FIELD):
                call = replace(call, **{one.keys[0]: one.after})
        self.calls[node] = call

    def told(self) -> Hashable:
        """What is told of the graph, to be compared with `told`."""
        renamed = {one.place.old: one.after for one in _of(self.differences, d.CallRenamed)}
        shares = {
            node: other and stem(renamed.get(other[1], other[1]) if other[0] == "old" else other[1])
            for node, other in self.shares.items()
        }
        return _told(self.calls, self.edges, shares, self.inputs)


def told(graph: CallGraph, differences: Sequence[Difference], block: str = "") -> Hashable:
    """What differences tell of the new graph: all but numbers of names, and what follows."""
    for one in _of(differences, d.WrappingChanged):
        inside = one.path.removeprefix(f"{block}/" if block else "")
        if one.change is Change.ADDED and inside in graph.places:
            graph = opened(graph, inside)
    prefix = f"{block}/" if block else ""
    calls = {("", call.id): call for call in graph.calls}
    edges = {
        (("", one.target.call), one.target.index, one.recurrent): (
            ("", one.source.call),
            one.source.index,
            one.argument,
        )
        for one in graph.edges
    }
    for at, port in enumerate(graph.outputs):
        edges[AROUND, at, False] = ("", port.call), port.index, None
    shares = {
        node: None if call.layer == prefix + call.id else stem(call.layer)
        for node, call in calls.items()
    }
    bodies = {
        node: replace(call, body=(call.body, differences, prefix + call.id))
        for node, call in calls.items()
        if call.body is not None
    }
    return _told(calls | bodies, edges, shares, Counter(("", one) for one in graph.inputs))


def _told(calls, edges, shares, inputs) -> Hashable:
    """Each call with all that leads to it, so that neither names nor the order matter."""
    into: dict[Node, list] = {node: [] for node in calls}
    for (target, at, recurrent), source in edges.items():
        if target != AROUND:
            into[target].append((at, recurrent, source))
    own = {node: _own(call, shares[node]) for node, call in calls.items()}
    known: dict[Node, Hashable] = {AROUND: "around"}

    def of(node: Node) -> Hashable:
        if node not in known:
            sources = (
                (at, recurrent, own[one] if recurrent and one != AROUND else of(one), output, name)
                for at, recurrent, (one, output, name) in into[node]
            )
            known[node] = hash((own[node], tuple(sorted(sources, key=repr))))
        return known[node]

    outputs = [
        (at, of(one), index) for (to, at, _), (one, index, _) in edges.items() if to == AROUND
    ]
    return (
        frozenset(Counter(map(of, calls)).items()),
        tuple(sorted(outputs)),
        frozenset(Counter(map(of, inputs.elements())).items()),
    )


def _own(call: Call, shares: str | None) -> Hashable:
    fields = [(name, str(getattr(call, name))) for name in FIELDS if name not in call.config]
    config = json.dumps(nameless(call.config), sort_keys=True)
    body = call.body
    if body is not None:
        body = body.told() if isinstance(body, Applied) else told(*body)
    constants = frozenset(one for one in dict(call.constants).items() if one[0] != "name")
    return call.class_name, stem(call.id), shares, tuple(fields), config, constants, body


def _of(differences: Sequence[Difference], kind: Any) -> list[Any]:
    return [one for one in differences if isinstance(one, kind)]


def _with(config: dict[str, Any], keys: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The configuration with another value where the keys lead."""
    made = deepcopy(config)
    inner: Any = made
    for key in keys[:-1]:
        inner = _holding(inner, key)
        inner = inner[_key(inner, key)]
    inner = _holding(inner, keys[-1])
    key = _key(inner, keys[-1])
    if value is Missing.NOTHING:
        del inner[key]
    else:
        inner[key] = value
    return made


def _with_policy(value: Any, before: str, after: str, *, is_policy: bool = False) -> Any:
    """The configuration with another policy wherever it has this one."""
    if is_policy and value == before:
        return after
    if is_policy and isinstance(value, dict) and value.get("config", {}).get("name") == before:
        return value | {"config": value["config"] | {"name": after}}
    if isinstance(value, dict):
        return {
            key: _with_policy(inner, before, after, is_policy=key == "dtype")
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_with_policy(inner, before, after) for inner in value]
    return value


def _holding(value: Any, key: str) -> Any:
    """A serialized object holds what it is made with in its configuration."""
    if isinstance(value, dict) and "class_name" in value and isinstance(value.get("config"), dict):
        return value if key in value and key != "config" else value["config"]
    return value


def _key(value: Any, key: str) -> Any:
    return int(key) if isinstance(value, list) else key.removeprefix("config.")
