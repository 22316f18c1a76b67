"""All that the page shows at a time, as a value."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.serve.changes import Changes

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.serve.drawn import Drawn


@dataclass(frozen=True)
class Trouble:
    """Why there is no drawing of the code as it is."""

    words: str
    #: The author's traceback, or what a program wrote.
    details: str = ""


@dataclass(frozen=True)
class Shown:
    """The last drawing that could be made, and what is wrong since then."""

    drawn: Drawn | None = None
    trouble: Trouble | None = None
    #: What is another than in the drawing before.
    changes: Changes = field(default_factory=Changes)
    is_building: bool = True

    def to_json(self) -> str:
        """What ``live.js`` reads, in one line."""
        drawing = self.drawn and {
            "svg": self.drawn.svg,
            "src": f"drawings/{self.drawn.name}",
            "sentence": self.drawn.sentence,
        }
        trouble = self.trouble and {"words": self.trouble.words, "details": self.trouble.details}
        return json.dumps(
            {
                "drawing": drawing,
                "trouble": trouble,
                "added": self.changes.added,
                "changed": self.changes.changed,
                "words": self.changes.words,
                "building": self.is_building,
            }
        )
