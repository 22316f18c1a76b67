"""A model as a table or list of its layers, for outputs without pictures: text, man and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinxcontrib_kerasgraph.label.words import COLUMNS, rows
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.label.outline import Item


def graph_to_table(graph: ModelGraph, alt: str) -> list[nodes.Element]:
    """The description, then a row for each call."""
    heads, body = tuple(map(_, COLUMNS)), list(rows(graph))
    widths = [max(map(len, column)) for column in zip(heads, *body, strict=True)]
    group = nodes.tgroup("", cols=len(heads))
    group += [nodes.colspec("", colwidth=width) for width in widths]
    group += nodes.thead("", _row(heads))
    group += nodes.tbody("", *map(_row, body))
    return [nodes.paragraph("", alt), nodes.table("", group)]


def graph_to_list(graph: ModelGraph, alt: str) -> list[nodes.Element]:
    """The description, then an item for each call; for where a table can't stand."""
    items = nodes.bullet_list("")
    for name, class_name, shape, parameters, sources in rows(graph):
        text = f"{name}: {class_name}"
        said = [shape]
        if parameters:
            said.append(_("parameters: {number}", number=parameters))
        if sources:
            said.append(_("from {names}", names=sources))
        text = ", ".join([text, *filter(None, said)])
        items += nodes.list_item("", nodes.paragraph("", text))
    return [nodes.paragraph("", alt), items]


def items_to_list(items: Iterable[Item]) -> nodes.bullet_list:
    """The outline of a drawn model; without paragraphs, of which long pages would be longer."""
    found = nodes.bullet_list("")
    for item in items:
        entry = nodes.list_item("", nodes.Text(item.text))
        if item.inside:
            entry += items_to_list(item.inside)
        found += entry
    return found


def divide_man(request: nodes.Element, told: list[nodes.Element]) -> None:
    """Have a page of man go on below the table that is told in place of a request.

    docutils ends no line after a caption, and what follows a table at the end of an indented part
    is written over its last rule.
    """
    told.append(nodes.raw("", ".sp\n", format="manpage"))
    if isinstance(request.parent, nodes.figure):
        for caption in request.parent.findall(nodes.caption):
            caption.append(nodes.raw("", "\n", format="manpage"))


def _row(texts: Sequence[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))
