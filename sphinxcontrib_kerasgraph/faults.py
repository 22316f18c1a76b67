"""What can go wrong with a diagram: one exception, and the closed set of its subtypes."""

from __future__ import annotations

import re
from typing import Any

from sphinxcontrib_kerasgraph.printable import printable

#: Every warning subtype and what it means. The reference page is made from this table,
#: and ``suppress_warnings = ["kerasgraph.<subtype>"]`` takes any of its keys.
SUBTYPES: dict[str, str] = {
    "target": "The directive's argument, or ``:input-shape:``, can't be parsed: it is no dotted "
    "path, or a call whose arguments aren't literals.",
    "option": "A directive option or a configuration value is unknown or has a wrong value.",
    "keras": "Keras, or the backend it is set to use, can't be imported by the worker process.",
    "import": "The module or the name can't be found, or importing the module raises.",
    "build": "The function raises, returns no Keras model, or the model has no input shape.",
    "opaque": "The inside of a block that the page opens isn't known, because its code can't be "
    "traced; it is drawn as one box.",
    "drift": "A model isn't what its snapshot in ``kerasgraph_snapshot_dir`` says, or has none.",
    "cache": "What was made can't be kept in ``kerasgraph_cache_dir``, for the next build.",
    "worker": "The worker process died or didn't answer in time.",
    "internal": "A fault of the extension itself; please report it.",
    "oversize": "The drawing had to be shrunk so far, to fit the page of LaTeX, that it can't be "
    "read.",
    "graphviz": "Graphviz's ``dot`` is missing, can't write the format, or failed.",
}


#: Terminal colours, which Keras puts into its messages.
_ANSI = re.compile("\x1b\\[[0-9;]*[A-Za-z]")
_LONGEST = 600


def _one_line(message: str) -> str:
    message = printable(" ".join(_ANSI.sub("", message[: 10 * _LONGEST]).split()))
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


class Fault(Exception):
    """Why a diagram can't be drawn, in words for the author of the page.

    ``subtype`` is a key of `SUBTYPES`; ``message`` says what was tried and what happened;
    ``advice`` what to do next; ``details`` is the user's traceback or a program's output,
    shown at debug verbosity only.
    """

    def __init__(self, subtype: str, message: str, advice: str = "", details: str = "") -> None:
        if subtype not in SUBTYPES:
            raise ValueError(f"unknown fault subtype {subtype!r}")
        message = _one_line(message)
        super().__init__(message)
        self.subtype = subtype
        self.message = message
        self.advice = advice
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".rstrip()

    def to_dict(self) -> dict[str, str]:
        """The fault as plain values, to cross from the worker process."""
        return {
            "subtype": self.subtype,
            "message": self.message,
            "advice": self.advice,
            "details": self.details,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Fault:
        """The fault that `to_dict` wrote."""
        return cls(data["subtype"], data["message"], data["advice"], data["details"])
