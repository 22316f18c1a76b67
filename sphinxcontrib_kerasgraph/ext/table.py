"""A model's layers as a table or a list of docutils's, which every builder writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_kerasgraph.ext.nodes import kerasgraph_scroll
from sphinxcontrib_kerasgraph.graph.public_names import class_of
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sphinxcontrib_kerasgraph.summary.outline import Item
    from sphinxcontrib_kerasgraph.summary.table import Line, Summary

NUMBER_CLASS = "kerasgraph-number"
#: What is inside of a row stands so far in, in all outputs: by spaces that aren't left out.
_INDENT = "\xa0" * 3
#: A column of LaTeX is at most so many times as wide as another: texts in it are broken.
_WIDEST = 24
_LEAST = 9
#: Text of a table in LaTeX, and a place at which it may be broken.
_SMALL = r"\begingroup\footnotesize"
#: Columns that are even on one side alone.
_LEFT, _RIGHT = r">{\raggedleft\arraybackslash}", r">{\raggedright\arraybackslash}"
BREAK = r"\allowbreak{}"


class Tables:
    """Makes tables and lists of one model for one builder."""

    def __init__(self, summary: Summary, links: Mapping[str, str], output: str) -> None:
        """``links`` tell where classes are documented, ``output`` is the builder's format."""
        self._summary = summary
        self._links = links
        self._output = output
        self._lines = summary.lines()

    def table(self, frame: nodes.table, widths: Sequence[int] | None = None) -> list[nodes.Element]:
        """The table in its frame, which may have a title, and what comes before it."""
        columns = self._summary.columns
        heads = [_(one.head) for one in columns]
        sizes = [max(map(len, texts)) for texts in zip(heads, *self._texts(), strict=True)]
        if self._output not in {"html", "latex"}:
            widths = None  # which would be numbers of characters
        group = nodes.tgroup("", cols=len(columns))
        group += [nodes.colspec("", colwidth=width) for width in widths or sizes]
        group += nodes.thead("", self._row(heads, sizes))
        group += nodes.tbody("", *(self._row(line.texts, sizes, line) for line in self._lines))
        frame += group
        # Widths that nobody gave would be styles in the page.
        frame["classes"].append("colwidths-given" if widths else "colwidths-auto")
        if self._output != "latex":
            return [frame]
        narrow = [min(max(size, _LEAST), _WIDEST) for size in sizes]
        spec = self._latex_columns(widths or narrow)
        return [latex(_SMALL), spec, frame, latex(r"\endgroup")]

    def scrolled(self, table: nodes.table, name: str) -> nodes.Element:
        """The table as a page of HTML shows it, where a long or wide one is scrolled."""
        return kerasgraph_scroll("", table, label=name)

    def items(self) -> nodes.bullet_list:
        """An item for each row; for where a table can't stand."""
        found = nodes.bullet_list("")
        for line in self._lines:
            name, *texts = line.texts
            told = [
                text if column.tells_itself else f"{_(column.head)}: {text}"
                for column, text in zip(self._summary.columns[1:], texts, strict=True)
                if text
            ]
            text = f"{name}: {', '.join(told)}" if told else name
            found += nodes.list_item("", nodes.paragraph("", _INDENT * line.level + text))
        return found

    def totals(self) -> nodes.line_block:
        """The totals of the whole model, a line each."""
        block = nodes.line_block("", classes=["kerasgraph-totals"])
        if self._summary.is_part:
            block += nodes.line("", _("Of the whole model:"))
        for what, number in self._summary.totals.lines():
            block += nodes.line("", f"{what}: {number}")
        return block

    def _texts(self) -> Iterable[tuple[str, ...]]:
        for line in self._lines:
            first, *others = line.texts
            yield (_INDENT * line.level + first, *others)

    def _row(
        self, texts: Sequence[str], sizes: Sequence[int], line: Line | None = None
    ) -> nodes.row:
        row = nodes.row("")
        url = None
        if line is not None and line.call is not None:
            url = self._links.get(class_of(line.call))
        for at, (column, text) in enumerate(zip(self._summary.columns, texts, strict=True)):
            entry = nodes.entry("")
            indent = _INDENT * line.level if line is not None and at == 0 else ""
            if column.is_number:
                entry["classes"].append(NUMBER_CLASS)
                if self._output == "text":  # which has no looks
                    indent = "\xa0" * (sizes[at] - len(text))
                text = text.replace(" ", "\xa0")  # noqa: PLW2901
            entry += self._told(indent, text, url if column.is_linked else None)
            row += entry
        return row

    def _told(self, indent: str, text: str, url: str | None) -> nodes.paragraph:
        words: list[nodes.Node] = [nodes.Text(text)]
        if self._output == "latex":
            # Names are broken at the ends of their parts, where TeX knows no words.
            parts = re.split(r"(?<=[_/])(?=.)", text)
            words = [node for part in parts for node in _parted(part)][1:]
        if url is not None and text:
            internal = "://" not in url
            words = [nodes.reference("", "", *words, refuri=url, internal=internal)]
        return nodes.paragraph("", "", nodes.Text(indent), *words)

    def _latex_columns(self, widths: Sequence[int]) -> addnodes.tabular_col_spec:
        total = sum(widths)
        columns = (
            (_LEFT if one.is_number else _RIGHT) + rf"\X{{{width}}}{{{total}}}"
            for one, width in zip(self._summary.columns, widths, strict=True)
        )
        return addnodes.tabular_col_spec("", spec="".join(columns))


def _parted(text: str) -> tuple[nodes.Node, nodes.Node]:
    return latex(BREAK), nodes.Text(text)


def latex(text: str) -> nodes.raw:
    """What LaTeX alone is given."""
    return nodes.raw("", text, format="latex")


def items_to_list(items: Iterable[Item]) -> nodes.enumerated_list:
    """The outline of a drawn model; without paragraphs, of which long pages would be longer."""
    found = nodes.enumerated_list("", enumtype="arabic", prefix="", suffix=".")
    for item in items:
        entry = nodes.list_item("", nodes.Text(item.text))
        if item.inside:
            entry += items_to_list(item.inside)
        found += entry
    return found


def is_in_table(node: nodes.Node) -> bool:
    """Whether the node is inside of a table."""
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.table):
        parent = parent.parent
    return parent is not None


def divide_man(request: nodes.Element, told: list[nodes.Element]) -> None:
    """Have a page of man go on below the table that is told in place of a request.

    docutils ends no line after a caption, and what follows a table at the end of an indented part
    is written over its last rule.
    """
    told.append(nodes.raw("", ".sp\n", format="manpage"))
    if isinstance(request.parent, nodes.figure):
        for caption in request.parent.findall(nodes.caption):
            caption.append(nodes.raw("", "\n", format="manpage"))
