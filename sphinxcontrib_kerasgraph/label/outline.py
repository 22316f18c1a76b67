"""A model as a short list of its calls, blocks with their own, for who reads no drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import BLOCK, CallKind
from sphinxcontrib_kerasgraph.label.facts import key_fact
from sphinxcontrib_kerasgraph.label.shapes import shapes_text
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.graph import CallGraph


@dataclass(frozen=True)
class Item:
    """A call in words, and what is inside it."""

    text: str
    inside: tuple[Item, ...] = ()


def outline(graph: CallGraph) -> tuple[Item, ...]:
    """The calls in their order: name, class, and what isn't as one expects after the one before.

    That is the shape of the outputs, where it isn't that of its first source; and the sources,
    where they aren't the call before. What is inside of a block is told once for blocks that have
    the same inside: a deep model of alike blocks has a short outline.
    """
    return _outline(graph, "", {})


def _outline(graph: CallGraph, prefix: str, known: dict[tuple[Item, ...], str]) -> tuple[Item, ...]:
    """The same; ``known`` are the insides that were told, with the path of the block of each."""
    sources: dict[str, list[str]] = {}
    for edge in graph.edges:
        if edge.source.call != BLOCK and not edge.recurrent:
            sources.setdefault(edge.target.call, []).append(edge.source.call)
    shapes: dict[str, str] = {}
    items = []
    last = ""
    for call in graph.calls:
        if call.kind is CallKind.STUB:
            continue
        shapes[call.id] = shapes_text(call.outputs)
        fact, found = key_fact(call), sources.get(call.id, [])
        said = f"{call.id}: {call.class_name}" + f" ({fact})" * bool(fact)
        if shapes[call.id] and (not found or shapes.get(found[0]) != shapes[call.id]):
            said += f", {shapes[call.id]}"
        if found and found != [last]:
            said += ", " + _("from {names}", names=", ".join(found))
        inner = call.body or call.hidden
        path = prefix + call.id
        inside = _outline(inner, f"{path}/", known) if inner is not None else ()
        if inside and known.setdefault(inside, path) != path:
            said, inside = said + ", " + _("inside as {path}", path=known[inside]), ()
        items.append(Item(said, inside))
        last = call.id
    return tuple(items)
