"""The rows of a model as a short list, for who reads no drawing, and for who searches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.label.facts import merged_facts
from sphinxcontrib_kerasgraph.label.shapes import shapes_text
from sphinxcontrib_kerasgraph.printable import legible
from sphinxcontrib_kerasgraph.summary.rows import rows_of
from sphinxcontrib_kerasgraph.view.boxes import number_of_boxes
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.summary.rows import Row

#: In a list of more calls, what is repeated is told once, with the names of all.
_MOST_CALLS = 60


@dataclass(frozen=True)
class Item:
    """A row in words, and what is inside it."""

    text: str
    inside: tuple[Item, ...] = ()


def outline(graph: ModelGraph) -> tuple[Item, ...]:
    """The calls in their order: name, class, and what isn't as one expects after the one before.

    That is the shape of the outputs, where it isn't that of its first source; and the sources, by
    their numbers from 1 on, where they aren't the call before. What is inside of a block is told
    once for blocks that have the same inside: a deep model of alike blocks has a short outline. A
    long one tells once what is repeated, with the names of all repetitions.
    """
    told = graph
    if number_of_boxes(graph.graph) > _MOST_CALLS:
        # What differs between branches isn't told, so that these cost little.
        told = fold(graph, exact=True, exact_branches=False)
    return _outline(rows_of(told.graph, through=True), "", {})


def _outline(
    rows: Sequence[Row], prefix: str, known: dict[tuple[Item, ...], str]
) -> tuple[Item, ...]:
    """The same; ``known`` are the insides that were told, with the path of the block of each."""
    shapes = [shapes_text(row.call.outputs) for row in rows]
    items = []
    for at, row in enumerate(rows):
        sources = [
            source.at for source in row.sources if source.at is not None and not source.recurrent
        ]
        said = _what(row)
        if shapes[at] and (not sources or shapes[sources[0]] != shapes[at]):
            said += f", {shapes[at]}"
        if sources and sources != [at - 1]:
            names = ", ".join(str(source + 1) for source in sources)
            said += ", " + _("from {names}", names=names)
        path = prefix + row.name
        inside = _outline(row.inside, f"{path}/", known)
        if inside and known.setdefault(inside, path) != path:
            said, inside = said + ", " + _("inside as {path}", path=known[inside]), ()
        items.append(Item(legible(said), inside))
    return tuple(items)


def _what(row: Row) -> str:
    """What is repeated, and how often; or the names of the layers, their class and fact."""
    if row.is_repetition:
        return row.title
    fact = merged_facts(row.calls)
    names = ", ".join(call.id for call in row.calls)
    times = f"{row.times} " if row.times else ""
    return f"{times}{names}: {row.call.class_name}" + f" ({fact})" * bool(fact)
