"""What is inside of closed blocks, as graphs of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import (
    BLOCK,
    Call,
    CallGraph,
    CallKind,
    ModelGraph,
    Parameters,
    Port,
)
from sphinxcontrib_kerasgraph.graph.configuration import own_config
from sphinxcontrib_kerasgraph.graph.naming import own_name
from sphinxcontrib_kerasgraph.store import key_of
from sphinxcontrib_kerasgraph.view.listing import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What the ids of inputs begin with that are none of the calls inside.
_NO_CALL = "\0"


@dataclass(frozen=True)
class Inside:
    """What is inside of blocks that are alike."""

    #: Those of the blocks.
    paths: tuple[str, ...]
    #: The first of the blocks.
    block: Call
    graph: ModelGraph
    #: How many closed blocks one has to open to see it, at least.
    level: int

    @property
    def calls(self) -> CallGraph:
        """Those of the block, which alone have paths in it."""
        return self.block.body or self.block.hidden or self.graph.graph


def insides(graph: CallGraph, levels: float = inf) -> list[Inside]:
    """What is inside of the closed blocks of a selected graph, the same once, in their order.

    ``levels`` is how many closed blocks are opened one in the other: with one those that are drawn
    as boxes.
    """
    found: dict[str, Inside] = {}
    for one in listed(graph):
        if not 0 < one.level <= levels:
            continue
        within = inside(one.call, one.arguments)
        if within is None:
            continue
        key = key_of_inside(within)
        known = found.get(key)
        if known is None:
            found[key] = Inside((one.path,), one.call, within, one.level)
        else:
            paths = (*known.paths, one.path)
            found[key] = replace(known, paths=paths, level=min(known.level, one.level))
    return list(found.values())


def inside(call: Call, arguments: Sequence[str | None] = ()) -> ModelGraph | None:
    """The calls inside of a block, open or closed, as a model that takes the block's inputs.

    ``arguments`` name these. Names that Keras made are left out, since blocks that are alike but
    for them are drawn once. ``None`` where nothing is inside, or isn't known.
    """
    body = call.body or call.hidden
    if body is None or not body.calls:
        return None
    entries = _entries(call, body, arguments)

    def there(port: Port) -> Port:
        return Port(entries[port.index].id) if port.call == BLOCK else port

    own_entries = {entry.id for entry in entries.values()} & body.places.keys()
    edges = tuple(
        replace(edge, source=there(edge.source))
        for edge in body.edges
        if edge.target.call not in own_entries
    )
    outputs = tuple(map(there, body.outputs))
    calls = [call for call in body.calls if call.id not in own_entries]
    shown = [*entries.values(), *_with_outputs(map(_shown, calls), outputs)]
    return ModelGraph(
        name=call.name,
        module=call.module,
        qualname=call.qualname,
        model_type="Functional",
        parameters=call.parameters,
        layers=len(body.calls),
        graph=CallGraph(
            tuple(shown), edges, tuple(entry.id for entry in entries.values()), outputs
        ),
    )


def is_entry(path: str) -> bool:
    """Whether a path in what `inside` returns is that of an input of the block, and of no call."""
    return path.startswith(_NO_CALL)


def key_of_inside(graph: ModelGraph) -> str:
    """Stands for what `inside` returns, as far as it is drawn: not for where the block is."""
    return key_of(_nameless(graph.graph))


def _entries(call: Call, body: CallGraph, arguments: Sequence[str | None]) -> dict[int, Call]:
    """For each input of the block that something inside takes, the call that stands for it.

    That is the input layer of a nested model.
    """
    found: dict[int, Call] = {}
    taken = sorted(set(_taken(body)))
    layers = {
        edge.source.index: body[edge.target.call]
        for edge in body.edges
        if edge.source.call == BLOCK and body[edge.target.call].kind is CallKind.INPUT
    }
    for index in taken:
        argument = arguments[index] if index < len(arguments) else None
        entry = layers.get(index) or _entry(call, index)
        name = f"input {index + 1}" if len(taken) > 1 else entry.class_name
        name = own_name(entry) or argument or name
        found[index] = replace(entry, name=name, inputs=(), attribute=None)
    return found


def _taken(graph: CallGraph) -> Iterator[int]:
    """The inputs of the block that something inside takes, or that it hands through."""
    for port in (*(edge.source for edge in graph.edges), *graph.outputs):
        if port.call == BLOCK:
            yield port.index


def _entry(call: Call, index: int) -> Call:
    return Call(
        id=f"{_NO_CALL}{index}",
        name="input",
        module="",
        qualname="Input",
        kind=CallKind.INPUT,
        inputs=(),
        outputs=(call.inputs[index],),
        layer="",
    )


def _shown(call: Call) -> Call:
    """The call by the name that its author gave it; by that of its class where there is none."""
    return replace(call, name=own_name(call) or call.class_name, attribute=None)


def _with_outputs(calls: Iterator[Call], outputs: Sequence[Port]) -> Iterator[Call]:
    """The calls; those that make one of several outputs of the block tell which."""
    made = {port: f"output {at}" for at, port in enumerate(outputs, 1)} if outputs[1:] else {}
    for call in calls:
        names = tuple(made.get(Port(call.id, at), "") for at in range(len(call.outputs)))
        told = any(names) and not any(call.output_names)
        yield replace(call, output_names=names) if told else call


def _nameless(graph: CallGraph) -> CallGraph:
    """The graph with numbers in place of ids, and nothing that isn't drawn of its calls."""
    ids = {call.id: str(at) for at, call in enumerate(graph.calls)} | {BLOCK: BLOCK}

    def there(port: Port) -> Port:
        return replace(port, call=ids[port.call])

    calls = tuple(
        replace(
            call,
            id=ids[call.id],
            name=own_name(call) or call.class_name,
            layer="",
            attribute=None,
            # Operations tell as constants what they were made with.
            config={} if call.is_operation else own_config(call),
            chosen=None,
            parameters=Parameters(),
            body=call.body and _nameless(call.body),
            hidden=call.hidden and _nameless(call.hidden),
        )
        for call in graph.calls
    )
    edges = tuple(
        replace(edge, source=there(edge.source), target=there(edge.target)) for edge in graph.edges
    )
    return CallGraph(
        calls, edges, tuple(ids[id_] for id_ in graph.inputs), tuple(map(there, graph.outputs))
    )
