"""Labels of every form with any text, and what they say."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from sphinxcontrib_kerasgraph.draw.theme import CHANGES
from sphinxcontrib_kerasgraph.graph import CallKind, Marks
from sphinxcontrib_kerasgraph.label.tree import Cell, Form, Label, Role, Row, Text

#: What HTML, DOT, XML or a font may stumble over.
NASTY = (
    *("<", ">", "&", '"', "'", "\\", "|", "{", "}", "]]>", "<br/>", "-->", "&lt;", "&#0;"),
    *("\\N", "\\n", "\x00", "\x0b", "\x7f", "\ud800", "\udfff", "\ufffe", "\uffff", "\u202e"),
    *("é", "×", "图", "\U0001f600", "%", "$", "#", "~", "^", "_", "/", "//", "  ", "]"),
)
ANY_TEXT = st.lists(
    st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=()), max_size=4),
    min_size=1,
    max_size=5,
).map("".join)
KINDS = st.sampled_from(CallKind)
TEXTS = st.builds(
    Text, ANY_TEXT, st.sampled_from(Role), gap=st.integers(0, 2), kind=st.none() | KINDS
)
LINES = st.lists(TEXTS, min_size=1, max_size=4).map(tuple)
MARKS = st.builds(Marks, st.none() | st.sampled_from([*CHANGES]), st.booleans())


def cells(most: int = 1):
    """Cells of so many lines at most."""
    return st.lists(LINES, min_size=1, max_size=most).map(lambda lines: Cell(tuple(lines)))


def rows(form: Form):
    """The rows that a label of that form may have."""
    one = st.builds(lambda cell: Row((cell,)), cells())
    match form:
        case Form.FULL:
            title = st.builds(
                lambda *both, stripe: Row(both, stripe),
                cells(),
                cells(),
                stripe=(st.none() | KINDS),
            )
            detail = st.builds(lambda *both: Row(both), cells(), cells(3))
            return st.builds(
                lambda first, others: (first, *others), title, st.lists(detail, max_size=3)
            )
        case Form.STACK:
            told = st.builds(lambda cell, kind: Row((cell,), kind), cells(), KINDS)
            heading = st.builds(lambda cell: Row((cell,), is_heading=True), cells())
            return st.builds(
                lambda first, others: (*first, *others),
                st.lists(heading, max_size=1),
                st.lists(told, min_size=1, max_size=4),
            )
        case Form.SIGN:
            return st.lists(cells(), min_size=1, max_size=4).map(
                lambda several: (Row(tuple(several)),)
            )
        case Form.PART:
            inputs = st.lists(LINES, min_size=1, max_size=3).map(
                lambda lines: Row(tuple(Cell((line,), input=at) for at, line in enumerate(lines)))
            )
            return st.builds(
                lambda several, letter: (*several, letter), st.lists(inputs, max_size=1), one
            )
        case Form.PLAIN:
            return st.lists(one, min_size=1, max_size=3).map(tuple)
    return one.map(lambda row: (row,))


@st.composite
def labels(draw) -> Label:
    """A label of any form."""
    form = draw(st.sampled_from(Form))
    return Label(form, draw(rows(form)), draw(KINDS), draw(st.booleans()), draw(MARKS))


def texts_of(label: Label) -> list[Text]:
    """All texts of a label, in their order."""
    return [
        text for row in label.rows for cell in row.cells for line in cell.lines for text in line
    ]


def bare(text: str) -> str:
    """A text without spaces, which forms set as they like."""
    return re.sub(r"\s", "", text)


def said(label: Label) -> str:
    """All that a label says, without spaces."""
    return bare("".join(text.value for text in texts_of(label)))
