"""What differs between two models in the place of its request: a diagram, a table, or words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_kerasgraph.ext.diagrams import draw
from sphinxcontrib_kerasgraph.ext.diff import DIFF_CLASS
from sphinxcontrib_kerasgraph.ext.latex import written
from sphinxcontrib_kerasgraph.ext.nodes import kerasgraph_scroll
from sphinxcontrib_kerasgraph.ext.pages import diagram_of
from sphinxcontrib_kerasgraph.ext.table import BREAK, divide_man, is_in_table, latex
from sphinxcontrib_kerasgraph.printable import in_cell
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.diff import ModelDiff, Row
    from sphinxcontrib_kerasgraph.ext.nodes import keras_diff
    from sphinxcontrib_kerasgraph.ext.place import Place

#: Of what is told of what differs in a line.
_HEADLINE_CLASS = "kerasgraph-headline"
#: After what a caption ends with a sentence of its own.
_ENDS = (".", "!", "?", ":", "。")
#: How many letters of this size a line of LaTeX has, and a column at least, and at most.
_LINE, _LEAST, _MOST = 90, 10, 36


def differences(node: keras_diff, place: Place) -> list[nodes.Element]:
    """What is asked for. Raises `Fault`, and errors of drawing."""
    diff = place.diff
    if node.diff.as_ == "table":
        return _table(node, place, diff)
    if node.diff.as_ == "words" or place.build.image_format is None:
        return _in_words(node, place, diff)
    asked = diagram_of(node)
    graph, key = place.build.diffs.drawn(asked)
    alt = node.get("alt") or _alt(diff)
    found = draw(node, place, graph, key, alt, [one.text for one in diff.statements])
    if isinstance(node.parent, nodes.figure):
        for caption in node.parent.findall(nodes.caption):
            _say(node, caption, diff, place.app.builder.format)
    return found


def _alt(diff: ModelDiff) -> str:
    return _(
        "Diagram of what differs between {old} and {new}: {headline}",
        old=diff.old_name,
        new=diff.new_name,
        headline=diff.headline,
    )


def _say(node: keras_diff, caption: nodes.Element, diff: ModelDiff, output: str) -> None:
    """Have a caption tell what differs, after what its author says."""
    said = nodes.inline("", "", *written(diff.headline, output), classes=[_HEADLINE_CLASS])
    if not node["captioned"]:
        caption.children = []
        if not diff.is_same:  # after "Fig. 1" a number isn't understood
            caption += nodes.Text(_("Differences: "))
        caption += said
        return
    ends = caption.astext().rstrip().endswith(_ENDS)
    caption += [nodes.Text(" " if ends else ": "), said]


def _in_words(node: keras_diff, place: Place, diff: ModelDiff) -> list[nodes.Element]:
    """The headline, which the caption of a figure has, and a list of what differs."""
    output = place.app.builder.format
    items = (
        nodes.list_item("", nodes.paragraph("", "", *written(said.text, output)))
        for said in diff.statements
    )
    told: list[nodes.Element] = []
    if isinstance(node.parent, nodes.figure):
        for caption in node.parent.findall(nodes.caption):
            _say(node, caption, diff, output)
    elif node.children:  # what its author says above
        [above] = (one.deepcopy() for one in node.findall(nodes.paragraph))
        _say(node, above, diff, output)
        told.append(above)
    else:
        headline = written(diff.headline, output)
        told.append(nodes.paragraph("", "", *headline, classes=[_HEADLINE_CLASS]))
    told.append(
        nodes.bullet_list("", *items, bullet="*", classes=[DIFF_CLASS, *node["classes"]])
        if diff.statements
        else nodes.paragraph("", _alt(diff))
    )
    if output == "man" and not is_in_table(node):
        divide_man(node, told)
    return told


def _table(node: keras_diff, place: Place, diff: ModelDiff) -> list[nodes.Element]:
    """A row for each difference, the headline above; a list where a table can't stand."""
    output = place.app.builder.format
    frame = node.whole.copy()
    [title] = (one.deepcopy() for one in node.whole.findall(nodes.title))
    _say(node, title, diff, output)
    frame["classes"] += node["classes"]
    above: list[nodes.Element] = []
    # Other writers take the title of a table for one of a section.
    if output in {"html", "latex"}:
        frame += title
    else:
        above = [nodes.paragraph("", "", *title.children)]
    if not diff.rows:
        return [*above, nodes.paragraph("", _alt(diff))] if above else [_alone(frame, title)]
    if output != "html" and is_in_table(node.whole):
        told = (" ".join(filter(None, _texts(row))) for row in diff.short_rows)
        items = (
            nodes.list_item("", nodes.paragraph("", "", *written(text, output))) for text in told
        )
        return [nodes.paragraph("", "", *title.deepcopy().children), nodes.bullet_list("", *items)]
    heads, lines = _filled([*map(_texts, diff.short_rows)])
    sizes = [max(map(len, texts)) for texts in zip(heads, *lines, strict=True)]
    group = nodes.tgroup("", cols=len(heads))
    group += [nodes.colspec("", colwidth=size) for size in sizes]
    group += nodes.thead("", _row(heads, output))
    rows = zip(lines, diff.short_rows, strict=True)
    group += nodes.tbody("", *(_row(texts, output, row) for texts, row in rows))
    frame += group
    frame["classes"].append("colwidths-auto")
    if output == "html" and place.app.builder.name != "epub":
        return [kerasgraph_scroll("", frame, label=title.astext())]
    if output != "latex":
        return [*above, frame]
    widths = [min(max(size, _LEAST), _MOST) for size in sizes]
    total = max(_LINE, sum(widths))
    spec = "".join(rf">{{\raggedright\arraybackslash}}\X{{{width}}}{{{total}}}" for width in widths)
    begin = latex(r"\begingroup\footnotesize")
    return [begin, addnodes.tabular_col_spec("", spec=spec), frame, latex(r"\endgroup")]


def _filled(lines: list[tuple[str, ...]]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The heads and the lines of a table, without columns in which nothing stands."""
    heads = _("Change"), _("Layer"), _("What"), _("Before"), _("After")
    filled = [at for at in range(len(heads)) if any(line[at] for line in lines)]
    return tuple(heads[at] for at in filled), [tuple(line[at] for at in filled) for line in lines]


def _alone(frame: nodes.Element, title: nodes.Element) -> nodes.Element:
    """What stands in the place of a table without rows: what its title says."""
    return nodes.paragraph("", "", *title.children, ids=frame["ids"], names=frame["names"])


def _texts(row: Row) -> tuple[str, ...]:
    return f"{row.sign} {row.name}", *map(in_cell, row.cells)


def _row(texts: Sequence[str], output: str, row: Row | None = None) -> nodes.row:
    found = nodes.row("")
    for text in texts:
        words: Iterable[nodes.Node] = written(text, output)
        if output == "latex":  # where names are broken at the ends of their parts
            parts = (written(part, output) for part in re.split(r"(?<=[_/])(?=.)", text))
            words = [one for part in parts for one in (latex(BREAK), *part)][1:]
        found += nodes.entry("", nodes.paragraph("", "", *words))
    if row is not None:
        found["classes"].append(f"kerasgraph-{row.what}")
    return found
