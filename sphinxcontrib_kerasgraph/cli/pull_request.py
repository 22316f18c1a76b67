"""What a branch does to the models of a documentation, as a comment on its pull request."""

from __future__ import annotations

import html
import json
from itertools import accumulate
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import diff as diffs
from sphinxcontrib_kerasgraph.diff.totals import Quantity, Total, amounts
from sphinxcontrib_kerasgraph.graph import Amount
from sphinxcontrib_kerasgraph.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinxcontrib_kerasgraph.cli.changed_snapshots import ChangedSnapshots, Differing

#: Begins a comment of ours, so that the next one can take its place.
MARKER = "<!-- kerasgraph diff -->"
#: A comment on GitHub holds 65,536 characters, one on GitLab more.
_LONGEST = 60_000
_SHOWN = (Quantity.PARAMETERS, Quantity.FLOPS, Quantity.MEMORY)
_HASH = 7
#: Of the table of models.
_HEAD = (
    "| Model | | Parameters | FLOPs | Size in memory |",
    "| :-- | :-- | --: | --: | --: |",
)


def markdown(found: ChangedSnapshots) -> str:
    """A table of the models that differ, with their totals, and below it what differs, folded."""
    parts = [MARKER + "\n### Keras models", _sentence(found)]
    failed = [
        f"{diffs.code(one.name)} can't be compared: {diffs.code(one.why)}."
        for one in found.unreadable
    ]
    shown = _fitting(failed, _LONGEST // 4)
    parts += shown
    if len(shown) < len(failed):
        parts.append(f"And {len(failed) - len(shown)} more can't be compared.")
    left = _LONGEST - len("\n\n".join(parts))
    if found.differing:
        rows = [_row(one) for one in found.differing]
        shown = _fitting(rows, left - len("\n".join(_HEAD)))
        parts.insert(2, "\n".join([*_HEAD, *shown]))
        if len(shown) < len(rows):
            parts.insert(3, f"And {len(rows) - len(shown)} more, too many for a comment.")
    left = _LONGEST - len("\n\n".join(parts))
    out = []
    for one in found.differing:
        if one.diff is None or one.diff.is_same:
            continue
        told = diffs.unfolded(one.diff, f"{_names(one, _as_html)}: {one.diff.counts.text}")
        left -= len(told)
        if left > 0:
            parts.append(told)
        else:
            out.append(_names(one, diffs.code))
    if out:
        named = list(_fitting(out, _LONGEST // 30))
        if len(named) < len(out):
            named.append(f"{len(out) - len(named)} more")
        parts.append(f"What differs in {', '.join(named)} is too long for a comment.")
    return "\n\n".join(parts) + "\n"


def data(found: ChangedSnapshots) -> str:
    """All of it as JSON, for programs; of each model what `diff.data` has of two."""
    models = [
        {
            "old": one.old_name,
            "new": one.new_name,
            "totals": {
                str(total.quantity): {
                    "before": _number(total.before),
                    "after": _number(total.after),
                }
                for total in _totals(one)
            },
            "diff": None if one.diff is None else diffs.data(one.diff),
        }
        for one in found.differing
    ]
    unreadable = [vars(one) for one in found.unreadable]
    told = {"base": found.base, "models": models, "unreadable": unreadable, "same": found.same}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _sentence(found: ChangedSnapshots) -> str:
    numbers = {
        "changed": sum(one.diff is not None for one in found.differing),
        "new": sum(one.old is None for one in found.differing),
        "removed": sum(one.new is None for one in found.differing),
    }
    since = f"since {diffs.code(found.revision)} ({found.base[:_HASH]})"
    if not found.differing:
        more = {0: "", 1: "; 1 snapshot is but written anew"}.get(
            found.same, f"; {found.same} snapshots are but written anew"
        )
        return f"No model differs {since}{more}."
    told = [f"{number} {what}" for what, number in numbers.items() if number]
    return f"{', '.join(told)} {since}."


def _fitting(texts: Sequence[str], space: int) -> Sequence[str]:
    """The first of the texts, with two characters between them; so many as there is space for."""
    ends = accumulate(len(text) + 2 for text in texts)
    return texts[: sum(end <= space for end in ends)]


def _row(one: Differing) -> str:
    cells = [_names(one, lambda name: diffs.code(name, in_table=True)), _what(one)]
    cells += [_cell(one, total) for total in _totals(one) if total.quantity in _SHOWN]
    return f"| {' | '.join(cells)} |"


def _names(one: Differing, written: Callable[[str], str]) -> str:
    """What the model is called; both, where it has another name now."""
    names = dict.fromkeys(name for name in (one.old_name, one.new_name) if name is not None)
    return " → ".join(map(written, names))


def _as_html(text: str) -> str:
    return f"<code>{html.escape(printable(' '.join(text.split())))}</code>"


def _what(one: Differing) -> str:
    if one.diff is None:
        return "new" if one.old is None else "removed"
    return "renamed" if one.diff.is_same else one.diff.counts.text


def _totals(one: Differing) -> list[Total]:
    """Of a model that is new or gone, nothing and all."""
    old, new = (
        dict.fromkeys(Quantity, Amount()) if graph is None else amounts(graph)
        for graph in (one.old, one.new)
    )
    return [Total(quantity, old[quantity], new[quantity]) for quantity in Quantity]


def _cell(one: Differing, total: Total) -> str:
    if one.diff is None:
        return total.short_text(total.after if one.old is None else total.before)
    return total.in_short


def _number(amount: Amount) -> int | None:
    return amount.known if amount.complete else None
