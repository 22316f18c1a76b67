"""Directives of ours in the first lines of a docstring, of which autosummary takes a summary.

`sphinx.ext.autosummary` parses these lines by themselves, which runs directives, into a document
that is thrown away; nothing is asked for there, nor reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import NullReporter

if TYPE_CHECKING:
    from docutils.parsers.rst import Directive


def is_for_summary(directive: Directive) -> bool:
    """Whether the directive is run to find the summary of a docstring."""
    return isinstance(directive.state.document.reporter, NullReporter)


def without_summary() -> nodes.Element:
    """What a directive leaves there, so that the summary is empty: a title without words."""
    return nodes.section()
