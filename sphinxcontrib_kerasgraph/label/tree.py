"""A label as a value: rows of cells, cells of lines, lines of texts that each have a role.

How a role looks is for who writes the label: `draw.html_label` for Graphviz, `label.text` for
tooltips and tables, `label.size` for who needs its size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

from sphinxcontrib_kerasgraph.graph import UNMARKED, CallKind, Change, Kind, Marks
from sphinxcontrib_kerasgraph.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Role(Enum):
    """What a text is to its label."""

    #: The class that a box or a row is about.
    CLASS = auto()
    #: The class of what belongs to the row above.
    FOLLOWER = auto()
    #: A class in the colour of its kind, beside that which it belongs to.
    BESIDE = auto()
    #: The name of a layer.
    NAME = auto()
    #: By what a layer is told from others of its class, and what options show of it.
    FACT = auto()
    #: What is to be known of it: shared, opaque.
    NOTE = auto()
    #: What a value is, and the value.
    KEY = auto()
    VALUE = auto()
    #: How often it is there; the letter of a part.
    TIMES = auto()
    #: What became of it between two models.
    CHANGE = auto()
    #: By which a row that is highlighted is told without its colour.
    MARK = auto()


class Form(Enum):
    """The arrangement of a label."""

    #: A call: its title, and a row for each detail.
    FULL = auto()
    #: Calls of a chain, a row for each.
    STACK = auto()
    #: A join of branches, in one row.
    SIGN = auto()
    #: What takes no tensor, and what stands for calls beyond the part that is shown.
    SOURCE = auto()
    STUB = auto()
    #: What is drawn apart: its inputs in a row above.
    PART = auto()
    #: The title of a frame.
    TITLE = auto()
    #: Text without a box.
    PLAIN = auto()


#: The longest name, and the longest other text: longer ones are cut. Panels tell them whole.
_LONGEST_NAME = 60
_LONGEST = 240


def shortened(text: str, longest: int = _LONGEST_NAME) -> str:
    """The text, cut if it is longer than so many characters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


_NAMES = {Role.CLASS, Role.FOLLOWER, Role.KEY}


@dataclass(frozen=True)
class Text:
    """A stretch of text, on one line."""

    value: str
    role: Role
    #: So many spaces before it, unless it begins the line.
    gap: int = 2
    #: Whose colour it has.
    kind: Kind | None = None
    #: Whose colour it has instead: what became of what it tells.
    change: Change | None = None
    #: Whether it is so no more.
    is_struck: bool = False

    def __post_init__(self) -> None:
        """Make it a text that can be shown, and not too long for it."""
        longest = _LONGEST_NAME if self.role in _NAMES else _LONGEST
        value = printable(shortened(self.value, longest))
        if value is not self.value:
            object.__setattr__(self, "value", value)


Line: TypeAlias = tuple[Text, ...]


@dataclass(frozen=True)
class Cell:
    """Lines, one below the other; usually one."""

    lines: tuple[Line, ...]
    #: The input of the call that ends here, where inputs have cells of their own.
    input: int | None = None
    #: What the text is the legend of: a kind, or what is marked.
    sample: Kind | Marks | None = None
    #: Whether lines alone are marked so.
    is_line: bool = False


@dataclass(frozen=True)
class Row:
    """Cells side by side."""

    cells: tuple[Cell, ...]
    #: The kind that the stripe before it has the colour of; ``None`` for none.
    stripe: Kind | None = None
    #: Whether it tells how often the rows below are there.
    is_heading: bool = False
    #: In a box of calls with a row for each: which is the first of those that this one tells.
    first: int | None = None


@dataclass(frozen=True)
class Label:
    """What a box says."""

    form: Form
    rows: tuple[Row, ...]
    #: The kind that the box has the colour of.
    kind: Kind = CallKind.OTHER
    #: Whether data enters or leaves the model here.
    terminal: bool = False
    marks: Marks = UNMARKED


def cell(*texts: Text) -> Cell:
    """A cell of one line."""
    return Cell((texts,))


def row(*texts: Text) -> Row:
    """A row of one cell of one line."""
    return Row((cell(*texts),))


#: What is highlighted, where the border doesn't tell.
HIGHLIGHT = Text("►", Role.MARK)


def change_sign(marks: Marks) -> tuple[Text, ...]:
    """The sign of a change, to begin a line with; nothing where there is none."""
    if marks.told is None:
        return ()
    sign = Text(marks.told.sign, Role.CHANGE, change=marks.change)
    return (sign, Text(marks.told.words, Role.NOTE)) if marks.moved else (sign,)


def plain(lines: Iterable[Iterable[Text]]) -> Label:
    """A label of lines without a box."""
    return Label(Form.PLAIN, tuple(row(*line) for line in lines))


def turned(label: Label) -> Label:
    """The label of what data passes upwards: the rows of a chain begin below, as do inputs."""
    if label.form not in {Form.STACK, Form.PART}:
        return label
    headings = tuple(row for row in label.rows if row.is_heading)
    others = tuple(row for row in reversed(label.rows) if not row.is_heading)
    return replace(label, rows=(*headings, *others))


def in_order(label: Label, order: Mapping[int, int]) -> Label:
    """The label with inputs that have cells of their own by these numbers, the lowest first."""

    def number(one: Cell) -> int:
        return order.get(-1 if one.input is None else one.input, 0)

    rows = (replace(row, cells=tuple(sorted(row.cells, key=number))) for row in label.rows)
    return replace(label, rows=tuple(rows))


def with_letters(label: Label, letters: Mapping[int, str]) -> Label:
    """The label with letters at inputs that have cells of their own, in place of their numbers."""

    def told(one: Cell) -> Cell:
        if one.input is None or one.input not in letters:
            return one
        return replace(one, lines=((Text(letters[one.input], Role.TIMES),),))

    rows = tuple(replace(row, cells=tuple(map(told, row.cells))) for row in label.rows)
    return replace(label, rows=rows)
