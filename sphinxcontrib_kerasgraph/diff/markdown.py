"""What differs between two models, as Markdown for a comment on a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.diff.rows import NOTHING
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.printable import printable
from sphinxcontrib_kerasgraph.wording import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinxcontrib_kerasgraph.diff.model_diff import ModelDiff
    from sphinxcontrib_kerasgraph.diff.totals import Total

#: What begins a line of a block in the language ``diff``, where it is coloured: plain ASCII.
_MARKS = {Change.ADDED: "+", Change.REMOVED: "-"}
_CHANGED = "!"
#: A comment on GitHub holds 65,536 characters.
_MOST_LINES = 300


def markdown(diff: ModelDiff, title: str = "", level: int = 3) -> str:
    """A heading of that level, the totals as a table, and what differs, to be unfolded.

    Nothing in it is taken for Markdown or HTML, a mention or a link, whatever the models' names
    are. The ``title`` is Markdown; the names of both models, if none is given.
    """
    if not title:
        names = dict.fromkeys((diff.old_name, diff.new_name))
        title = " → ".join(map(code, names))
    parts = ["#" * level + f" {title}"]
    if diff.is_same:
        parts.append(_("No differences"))
        return "\n\n".join(parts) + "\n"
    summary = ngettext("{number} difference", "{number} differences", len(diff.statements))
    parts += [f"**{diff.counts.text}**", totals_table(diff.totals), unfolded(diff, summary)]
    return "\n\n".join(parts) + "\n"


def unfolded(diff: ModelDiff, summary: str) -> str:
    """What differs, below the ``summary``, which is HTML, and unfolds it."""
    block = _block(list(_lines(diff)))
    return f"<details><summary>{summary}</summary>\n\n{block}\n\n</details>"


def totals_table(totals: Iterable[Total]) -> str:
    """The totals, before and after, as a table."""
    heads = "", _("Before"), _("After"), _("Change")
    rows = [
        (one.name, one.text(one.before), one.text(one.after), one.change or NOTHING)
        for one in totals
    ]
    lines = [heads, (":--", "--:", "--:", "--:"), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(text: str, *, in_table: bool = False) -> str:
    """The text as code in a line, whatever is in it."""
    text = _in_a_line(text)
    fence = "`" * (_longest("`", text) + 1)
    space = " " if text[:1] in {"`", " "} or text[-1:] in {"`", " "} else ""
    said = f"{fence}{space}{text}{space}{fence}"
    return said.replace("|", "\\|") if in_table else said


def _lines(diff: ModelDiff) -> Iterable[str]:
    for said in diff.statements:
        yield f"{_MARKS.get(said.change, _CHANGED)} {_in_a_line(said.text)}"


def _block(lines: Sequence[str]) -> str:
    """A block of code, in which nothing means anything."""
    shown = [*lines[:_MOST_LINES]]
    more = len(lines) - len(shown)
    if more:
        shown.append(ngettext("  and {number} more", "  and {number} more", more))
    fence = "`" * max(3, _longest("`", "\n".join(shown)) + 1)
    return "\n".join([f"{fence}diff", *shown, fence])


def _in_a_line(text: str) -> str:
    """The text, printable, without what would end the line."""
    return printable(" ".join(text.split()))


def _longest(sign: str, text: str) -> int:
    """How often the sign stands in a row, at most."""
    return max(map(len, re.findall(f"{re.escape(sign)}+", text)), default=0)
