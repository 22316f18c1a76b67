"""``.. keras-summary::``, which asks for a table of layers, and the table in the place of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinxcontrib_kerasgraph import options
from sphinxcontrib_kerasgraph.ext.asking import ModelDirective, classes_of
from sphinxcontrib_kerasgraph.ext.config import checked_config
from sphinxcontrib_kerasgraph.ext.nodes import keras_summary
from sphinxcontrib_kerasgraph.faults import Fault, did_you_mean
from sphinxcontrib_kerasgraph.settings import SummaryOptions

if TYPE_CHECKING:
    from docutils.nodes import Node

    from sphinxcontrib_kerasgraph.ext.place import Place
    from sphinxcontrib_kerasgraph.summary.table import Summary
    from sphinxcontrib_kerasgraph.target import ModelRequest


class KerasSummary(ModelDirective):
    """Leaves a table that a `keras_summary` node stands in.

    The table is there when the page is read, that it is numbered, and its caption translated.
    """

    groups = options.SUMMARY

    def asked(self, request: ModelRequest, faults: list[Fault]) -> list[Node]:
        """The table, with its caption."""
        conf = checked_config(self.config)
        given = self.options
        select = options.parse_options(options.SelectOptions, given, conf, tell=faults.append)
        folding = options.parse_options(options.FoldOptions, given, conf, tell=faults.append)
        told = options.parse_options(SummaryOptions, given, conf, tell=faults.append)
        node = keras_summary(
            "",
            request=request,
            select=select,
            folding=folding,
            columns=told.columns,
            widths=told.widths,
            faulty=bool(faults),
        )
        self.set_source_info(node)
        table = nodes.table("", classes=["kerasgraph-summary"])
        table["classes"] += classes_of(told.class_)
        if told.align is not None:
            table["align"] = told.align
        self.set_source_info(table)
        if told.caption is not None:
            words, messages = self.parse_inline(told.caption)
            table += [nodes.title(told.caption, "", *words), *messages]
            self.set_source_info(table[0])
        table += node
        self.name_shown(table, told.name)
        return [table]


def summary_of(node: keras_summary, place: Place) -> list[nodes.Element]:
    """The table, and the totals below it. Raises `Fault`."""
    from sphinxcontrib_kerasgraph.ext.table import Tables, is_in_table
    from sphinxcontrib_kerasgraph.summary.table import summarize
    from sphinxcontrib_kerasgraph.web.links import classes

    graph, builder = place.graph, place.app.builder
    summary = summarize(graph, node["select"], node["folding"], node["columns"])
    place.report_unmet(summary.unmet)
    _report_columns(place, summary)
    widths = node["widths"]
    if widths is not None and len(widths) != len(summary.columns):
        number = len(summary.columns)
        message = f":widths: has {len(widths)} numbers for {number} columns."
        place.report(Fault("option", message, "Give a number for each, or leave it out."))
        widths = None
    links = place.build.links.of(classes(graph.graph), place.app.env.docname, builder)
    tables = Tables(summary, links, builder.format)
    frame = node.whole.copy()
    title = [one.deepcopy() for one in node.whole.findall(nodes.title)]
    caption: list[nodes.Element] = []
    # Other writers take the title of a table for one of a section.
    if builder.format in {"html", "latex"}:
        frame += title
    else:
        caption = [nodes.paragraph("", "", *one.children) for one in title]
    # Most writers can't write a table in a table.
    if builder.format != "html" and is_in_table(node.whole):
        return [*caption, tables.items(), tables.totals()]
    made = tables.table(frame, widths)
    if builder.format == "html" and builder.name != "epub":
        name = title[0].astext() if title else graph.name
        made = [tables.scrolled(frame, name)]
    return [*caption, *made, tables.totals()]


def _report_columns(place: Place, summary: Summary) -> None:
    from sphinxcontrib_kerasgraph.summary.columns import KNOWN

    for name in summary.lacking:
        advice = did_you_mean(name, KNOWN, f"Others are: {', '.join(KNOWN)}.")
        message = f"No layer has a {name!r} in its configuration, which is left out of the table."
        place.report(Fault("option", message, advice))
