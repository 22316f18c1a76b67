"""What differs between two models, as data for programs.

It is JSON::

    {"format": 1, "same": false, "headline": text,
     "old": {"name", "model", "class"}, "new": {…},
     "counts": {"added": 3, "removed": 1, …},
     "totals": {"parameters": {"before": 25636712, "after": 44707176}, …},
     "statements": [text],
     "differences": [{"change": "changed", "old": "conv1", "new": "conv1", "subject": "filters",
                      "before": 32, "after": 64, "words": text}]}

``name`` is what was asked for, ``model`` the name that the model has. ``old`` and ``new`` of a
difference are paths of a call, one of which an added or removed call doesn't have; they are empty
of the model itself. ``before`` and ``after`` are left out where there is nothing. What is added,
removed or moved has its class as its subject, and the path of the call that it ``follows``, or that
it followed before and follows after. ``statements`` are what a person would say. Totals are
``null`` where they aren't known in full. Keys and differences are in a fixed order: what is the
same is the same text.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.diff.rows import Follows
from sphinxcontrib_kerasgraph.graph import Change
from sphinxcontrib_kerasgraph.graph.changed_values import Missing

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.diff.model_diff import ModelDiff
    from sphinxcontrib_kerasgraph.diff.rows import Row
    from sphinxcontrib_kerasgraph.graph import Amount, ModelGraph

#: Raised when a reader of what was written before would misread it.
FORMAT = 1


def data(diff: ModelDiff) -> dict[str, Any]:
    """All of it, as `json.dumps` takes it."""
    comparison = diff.comparison
    return {
        "format": FORMAT,
        "same": diff.is_same,
        "headline": diff.headline,
        "old": _model(diff.old_name, comparison.old),
        "new": _model(diff.new_name, comparison.new),
        "counts": {str(what): number for what, number in diff.counts.numbers.items()},
        "totals": {
            str(one.quantity): {"before": _number(one.before), "after": _number(one.after)}
            for one in diff.totals
        },
        "statements": [one.text for one in diff.statements],
        "differences": [
            _difference(row, said) for row, said in zip(diff.rows, diff.lines, strict=True)
        ],
    }


def _model(name: str, graph: ModelGraph) -> dict[str, str]:
    return {"name": name, "model": graph.name, "class": f"{graph.module}.{graph.qualname}"}


def _number(amount: Amount) -> int | None:
    return amount.known if amount.complete else None


def _difference(row: Row, said: str) -> dict[str, Any]:
    places = zip(("old", "new"), row.place, strict=True)
    found: dict[str, Any] = {"change": str(row.what)}
    found |= {name: path for name, path in places if path is not None}
    found["subject"] = row.subject
    for name, value in (("before", row.before), ("after", row.after)):
        if isinstance(value, Follows):
            found[name if row.what is Change.MOVED else "follows"] = value.path
        elif value is not Missing.NOTHING:
            found[name] = _plain(value)
    return found | {"words": said}


def _plain(value: Any) -> Any:
    """The value as JSON has it; in words where that has no such value."""
    return json.loads(json.dumps(value, default=str))
