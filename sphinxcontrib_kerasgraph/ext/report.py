"""A Fault made visible: one warning with its place, and a note on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util import logging

from sphinxcontrib_kerasgraph.printable import printable
from sphinxcontrib_kerasgraph.public import public
from sphinxcontrib_kerasgraph.wording import N_, _, around

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.faults import Fault
    from sphinxcontrib_kerasgraph.graph import ModelGraph

logger = logging.getLogger(__name__)

#: Marks the note of a fault in the doctree and in HTML.
FAULT_CLASS = "kerasgraph-fault"


#: What isn't there, by what asked for it; a diagram for all others.
_SUBJECTS = {
    "keras-summary": N_("The table of {target} could not be made."),
    "keras-diff": N_("What differs in {target} could not be shown."),
}
_SUBJECT = N_("The diagram of {target} could not be drawn.")


def note_of(fault: Fault, target: str, folder: str, asker: str = "keras-model") -> nodes.warning:
    """What the page shows in place of what ``asker`` asked for; paths from the source folder on."""
    note = nodes.warning("", classes=[FAULT_CLASS])
    note += nodes.paragraph("", "", *_subject(target, asker))
    note += nodes.paragraph("", public(str(fault), [folder]))
    return note


def mark_of(target: str, asked: str = "") -> nodes.problematic:
    """What a text shows in place of a value."""
    text = f"[{target} {asked}?]" if asked else f"[{target}?]"
    return nodes.problematic("", text, classes=[FAULT_CLASS])


def text_of(fault: Fault, target: str, folder: str, asker: str = "keras-model") -> nodes.inline:
    """What a text shows in place of it."""
    said = nodes.Text(f" {public(str(fault), [folder])}")
    return nodes.inline("", "", *_subject(target, asker), said, classes=[FAULT_CLASS])


def is_note(node: nodes.Node) -> bool:
    """Whether the node tells of a fault."""
    of_faults = nodes.warning | nodes.inline | nodes.problematic
    return isinstance(node, of_faults) and FAULT_CLASS in node["classes"]


def _subject(target: str, asker: str) -> list[nodes.Node]:
    before, after = around(_(_SUBJECTS.get(asker, _SUBJECT)), "target")
    return [nodes.Text(before), nodes.literal("", printable(target)), nodes.Text(after)]


def warn(
    fault: Fault, target: str, location: str | nodes.Node | None, asker: str = "keras-model"
) -> None:
    """Log the fault of what ``asker``, a directive or role, asked for; details for debugging."""
    logger.warning(
        "%s %s: %s",
        asker,
        target,
        fault,
        type="kerasgraph",
        subtype=fault.subtype,
        location=location,
    )
    if fault.details:
        logger.debug("%s %s: %s", asker, target, fault.details, location=location)


def warn_unkept(what: str, error: OSError, advice: str) -> None:
    """Log that the next build won't know something."""
    logger.warning(
        "%s can't be kept for the next build: %s. %s",
        what,
        error,
        advice,
        type="kerasgraph",
        subtype="cache",
    )


def tell_passed_over(graph: ModelGraph, target: str) -> None:
    """Log, at verbosity, what the model's code asked for and didn't get."""
    if graph.passed_over:
        logger.verbose("keras-model %s: passed over: %s", target, ", ".join(graph.passed_over))
