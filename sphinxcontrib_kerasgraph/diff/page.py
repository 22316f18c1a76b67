"""What differs between two models, as a page of its own for the browser of a reviewer."""

from __future__ import annotations

import base64
import hashlib
import html
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.diff.rows import NOTHING
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.printable import printable_lines
from sphinxcontrib_kerasgraph.version import __version__
from sphinxcontrib_kerasgraph.wording import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.alone import Alone
    from sphinxcontrib_kerasgraph.diff.model_diff import ModelDiff
    from sphinxcontrib_kerasgraph.diff.rows import Row
    from sphinxcontrib_kerasgraph.diff.totals import Total

_STATIC = Path(__file__).parent.parent / "static"
#: The ids of the drawing, and of what is told of it.
_DRAWING, _DATA = "drawing", "drawing-data"
_HTML = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="sphinxcontrib-kerasgraph {version}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
<script type="application/json" id="{data_id}">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def page(diff: ModelDiff, drawn: Alone, command: str = "") -> str:
    """HTML with all that it needs in it, and the drawing of both.

    It works from a file, loads nothing, and its own policy forbids that. ``command`` is how the
    page is made again, if that is told.
    """
    style, in_drawing = _static("kerasgraph-diff.css"), _static("kerasgraph.css")
    script = _static("kerasgraph.js")
    title = _names(diff, diff.old_name, diff.new_name)
    label = _escaped(f"{title}: {diff.headline}")
    svg = drawn.svg.replace("<svg ", f'<svg role="graphics-document" aria-label="{label}" ', 1)
    return _HTML.format(
        language="en",
        policy="; ".join(
            [
                "default-src 'none'",
                f"style-src {_hash(style)} {_hash(in_drawing)}",
                f"script-src {_hash(script)}",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        ),
        version=__version__,
        title=_escaped(title),
        style=style,
        body="\n".join(_body(diff, svg, in_drawing, command)),
        data_id=_DATA,
        data=drawn.data.replace("<", "\\u003c"),
        script=script,
    )


def _names(diff: ModelDiff, old: str, new: str) -> str:
    """Both names, as they are written here; of one that both have, what that means."""
    if diff.old_name == diff.new_name:
        return _("{name}, before and after", name=new)
    return f"{old} → {new}"


def _static(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def _escaped(text: str) -> str:
    """The text, printable, as HTML or an attribute of it has it."""
    return html.escape(printable_lines(text))


def _hash(text: str) -> str:
    """What a policy allows the text by."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _body(diff: ModelDiff, svg: str, style: str, command: str) -> Iterator[str]:
    heading = _("What differs between two models")
    yield f"<header>\n<h1>{_escaped(heading)}</h1>"
    codes = (f"<code>{_escaped(name)}</code>" for name in (diff.old_name, diff.new_name))
    names = _names(diff, *codes)
    yield f'<p class="names">{names}</p>'
    yield f'<p class="headline">{_escaped(diff.headline)}</p>\n</header>\n<main>'
    if len(diff.statements) < len(diff.rows):
        yield _section(_("In short"), _statements(diff))
    yield _section(_("Totals"), _totals(diff))
    yield _section(_("Both in one diagram"), _drawing(svg, style))
    if command:
        made = f"<pre><code>{_escaped(command)}</code></pre>"
        yield _section(_("Make this page again"), made)
    if diff.rows:  # last, since these may be many
        yield _section(_("Each difference"), _rows(diff))
    yield "</main>"
    said = _("Made by sphinxcontrib-kerasgraph {version}.", version=__version__)
    yield f"<footer><p>{_escaped(said)}</p></footer>"


def _section(title: str, content: str) -> str:
    return f"<section>\n<h2>{_escaped(title)}</h2>\n{content}\n</section>"


def _statements(diff: ModelDiff) -> str:
    said = "".join(
        f'<li class="{one.change}" data-sign="{one.change.sign}">{_escaped(one.text)}</li>'
        for one in diff.statements
    )
    return f'<div class="card"><ul class="short">{said}</ul></div>'


def _totals(diff: ModelDiff) -> str:
    heads = "", _("Before"), _("After"), _("Change")
    rows = "\n".join(map(_total, diff.totals))
    return _table("totals", heads, rows)


def _total(total: Total) -> str:
    texts = total.text(total.before), total.text(total.after)
    cells = "".join(f"<td>{_escaped(text)}</td>" for text in texts)
    change = _escaped(total.change or NOTHING)
    return (
        f'<tr><th scope="row">{_escaped(total.name)}</th>{cells}<td class="more">{change}</td></tr>'
    )


def _drawing(svg: str, style: str) -> str:
    legend = (
        (Change.ADDED, Change.ADDED.sign, Change.ADDED.words),
        (Change.REMOVED, Change.REMOVED.sign, Change.REMOVED.words),
        (Change.CHANGED, Change.CHANGED.sign, _("changed: what was is struck through")),
        (Change.MOVED, Change.MOVED.sign, Change.MOVED.words),
        ("", "…", _("unchanged, and far from any change: put away")),
        ("", "×N", _("N times in a row")),
    )
    items = "".join(
        f'<li><b class="{name}">{sign}</b> {_escaped(text)}</li>' for name, sign, text in legend
    )
    use = _(
        "Point at a box to see what it is, click it for all that is known of it, and open blocks."
    )
    return (
        f'<ul class="legend">{items}</ul>\n<div class="card">'
        f'<div class="kerasgraph" id="{_DRAWING}" data-src="#{_DATA}">'
        f'<template shadowrootmode="open"><style>{style}</style><div class="view">'
        f'<div class="stage"><div class="sheet">{svg}</div></div></div></template></div></div>\n'
        f'<p class="soft only-screen">{_escaped(use)}</p>'
    )


def _rows(diff: ModelDiff) -> str:
    heads = _("Change"), _("Layer"), _("What"), _("Before"), _("After")
    places = _places(diff)
    rows = "\n".join(_row(row, heads, places) for row in diff.short_rows)
    said = _("A layer leads to its box in the diagram.")
    return f'<p class="soft only-screen">{_escaped(said)}</p>\n{_table("rows", heads, rows)}'


def _row(row: Row, heads: tuple[str, ...], places: dict[tuple[str | None, str | None], str]) -> str:
    call = _link(row, places)
    _call, subject, *values = row.cells
    said = _escaped(subject)
    if row.run:
        items = "".join(
            f"<li>{_link(one, places)} {_escaped(one.cells[1])}</li>" for one in row.run
        )
        said = f"<details><summary>{said}</summary><ul>{items}</ul></details>"
    cells = [f"<td>{row.sign} {_escaped(row.name)}</td><td>{call}</td><td>{said}</td>"]
    for head, tag, text in zip(heads[3:], ("del", "ins"), values, strict=True):
        said = f"<{tag}>{_escaped(text)}</{tag}>" if text not in {"", NOTHING} else text
        named = f' data-head="{_escaped(head)}"' if said else ""
        cells.append(f"<td{named}>{said}</td>")
    return f'<tr class="{row.what}">{"".join(cells)}</tr>'


def _link(row: Row, places: dict[tuple[str | None, str | None], str]) -> str:
    """The name of the call, which leads to its box, if that is drawn."""
    call = f"<code>{_escaped(row.call)}</code>" if row.call else ""
    path = places.get(row.place)
    if path is None:
        return call
    return f'<a href="#{_DRAWING}" data-call="{_escaped(path)}">{call}</a>'


def _table(name: str, heads: tuple[str, ...], rows: str) -> str:
    head = "".join(
        f'<th scope="col">{_escaped(text)}</th>' if text else "<td></td>" for text in heads
    )
    return (
        f'<div class="card scroll"><table class="{name}"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def _places(diff: ModelDiff) -> dict[tuple[str | None, str | None], str]:
    """The paths of the calls in the graph of both, by their places in rows."""
    drawn = {path for path, _call in diff.graph.graph.walk()}
    found = {}
    for row in diff.rows:
        for path in (row.call, f"{row.call}@old") if row.place[1] is None else (row.call,):
            if path in drawn and row.call:
                found[row.place] = path
    return found
