"""What the inputs of parts are called that are drawn apart: the same tensor the same everywhere.

The main input of a part, of which its output is made, has no name. The others have small letters:
a tensor that several parts take is called the same in all of them, and so is what differs from
place to place, in the order of the inputs.
"""

from __future__ import annotations

from itertools import product
from string import ascii_lowercase
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, CallKind, GroupKind, Port

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Call, CallGraph

#: A tensor: where the graph is that it is in, by the ids of the groups around, and what makes it.
_Tensor = tuple[tuple[str, ...], Port]


def names_of_inputs(graph: CallGraph) -> dict[str, tuple[str, ...]]:
    """For each part, by its letter, the names of its inputs; nothing for the main one."""
    tensors: dict[str, list[set[_Tensor]]] = {}
    parts: dict[str, Call] = {}
    for call, sources in _places(graph, (), ()):
        letter = call.group.letter if call.group else ""
        parts.setdefault(letter, call)
        known = tensors.setdefault(letter, [set() for _ in sources])
        for one, source in zip(known, sources, strict=True):
            one.add(source)
    names: dict[Hashable, str] = {}
    found: dict[str, tuple[str, ...]] = {}
    for letter in sorted(parts):
        main = _main_input(parts[letter])
        said = [""] * len(tensors[letter])
        others = 0
        for at, several in enumerate(tensors[letter]):
            if at == main:
                continue
            key: Hashable = next(iter(several))
            wanted = _initial(graph, *several) if len(several) == 1 else ""
            if len(several) > 1:
                key, others = others, others + 1
            if key not in names:
                names[key] = _free(wanted, names.values())
            said[at] = names[key]
        found[letter] = tuple(said)
    return found


def _places(
    graph: CallGraph, path: tuple[str, ...], entering: Sequence[_Tensor]
) -> Iterator[tuple[Call, list[_Tensor]]]:
    """The parts wherever they are drawn, and the tensors that they take.

    ``entering`` are those that are the same for all that the graph stands for; else its own inputs.
    """

    def tensor(port: Port) -> _Tensor:
        inside = port.call == BLOCK and port.index < len(entering)
        return entering[port.index] if inside else (path, port)

    for call in graph.calls:
        group = call.group
        if group is None or group.kind is GroupKind.STACK:
            continue
        edges = graph.edges_into.get(call.id, ())
        taken = {edge.target.index: tensor(edge.source) for edge in edges}
        here = (*path, call.id)
        if group.letter:
            yield call, [taken.get(at, (here, Port(BLOCK, at))) for at in range(len(call.inputs))]
            inner = [(here, Port(BLOCK, at)) for at in range(len(call.inputs))]
        else:
            inner = []
            for at, output in enumerate(group.carried):
                outer = group.inputs_of(at)
                own: _Tensor = (here, Port(BLOCK, at))
                same = output is None and len(outer) == 1
                inner.append(taken.get(outer[0], own) if same else own)
        yield from _places(call.bodies[0], here, inner)


def _main_input(part: Call) -> int:
    """The input with as many axes as the output, on the longest way to it, in layers."""
    graph = part.bodies[0]
    lengths: dict[str, int] = {port.call: 0 for port in graph.outputs[:1]}
    ways = dict.fromkeys(range(len(part.inputs)), -1)
    for call in reversed(graph.calls):
        if call.id not in lengths:
            continue
        for edge in graph.edges_into.get(call.id, ()):
            length, source = lengths[call.id] + _layers(call), edge.source
            if source.call == BLOCK:
                ways[source.index] = max(ways[source.index], length)
            elif not edge.recurrent:
                lengths[source.call] = max(lengths.get(source.call, 0), length)
    axes = [len(tensor.shape) for tensor in part.outputs[:1]]
    return max(ways, key=lambda at: (len(part.inputs[at].shape) in axes, ways[at], -at), default=0)


def _layers(call: Call) -> int:
    """How many layers are drawn of a call: all rows of a box, one after the other."""
    return 1 if call.group is None else sum(map(_layers, call.bodies[0].calls))


def _initial(graph: CallGraph, tensor: _Tensor) -> str:
    """The initial of the only input of the model that a tensor is made of, if there are others."""
    path, port = tensor
    if path or port.call == BLOCK:
        return ""
    seen, waiting = {port.call}, [port.call]
    while waiting:
        for edge in graph.edges_into.get(waiting.pop(), ()):
            if edge.source.call not in seen:
                seen.add(edge.source.call)
                waiting.append(edge.source.call)
    inputs = [graph[id_] for id_ in seen if id_ != BLOCK and graph[id_].kind is CallKind.INPUT]
    if len(inputs) != 1 or len(graph.inputs) < 2:
        return ""
    initial = inputs[0].name[:1].lower()
    return initial if initial in ascii_lowercase else ""


def _free(wanted: str, taken: Iterable[str]) -> str:
    """The letter that is wanted, or else the first, that nothing else is called."""
    used = {*taken, ""}
    letters = (*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2)))
    free: Iterator[str] = (one for one in (wanted, *letters) if one not in used)
    return next(free)
