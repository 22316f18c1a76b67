"""What colours and marks of a drawing stand for, as rows below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import CallKind, Change, Marks, OwnKind
from sphinxcontrib_kerasgraph.label.size import BESIDE, SAMPLE, text_width
from sphinxcontrib_kerasgraph.label.tree import Cell, Role, Row, Text
from sphinxcontrib_kerasgraph.wording import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sphinxcontrib_kerasgraph.graph import Kind
    from sphinxcontrib_kerasgraph.label.tree import Label

#: A row is no wider than so many points, if it has several entries.
_WIDEST = 280
_SIZE = 9
#: The kinds that have a colour of their own.
_KINDS = {
    CallKind.CONVOLUTION: N_("convolution"),
    CallKind.DENSE: N_("dense"),
    CallKind.NORMALIZATION: N_("normalization"),
    CallKind.ACTIVATION: N_("activation"),
    CallKind.POOLING: N_("pooling"),
    CallKind.RECURRENT: N_("recurrent"),
    CallKind.ATTENTION: N_("attention"),
    CallKind.EMBEDDING: N_("embedding"),
    CallKind.MERGE: N_("merge"),
    CallKind.RESHAPE: N_("reshape"),
    CallKind.REGULARIZATION: N_("regularization"),
    CallKind.CUSTOM: N_("layer of one's own"),
}
_OTHER = N_("other")


@dataclass(frozen=True)
class _Entry:
    sample: Kind | Marks
    word: str
    is_line: bool = False


def legend(
    labels: Iterable[Label],
    frames: Iterable[Marks],
    lines: Iterable[Marks],
    theme: str = "default",
) -> list[Row]:
    """Rows of what these labels, and the marks of frames and lines, show; none if that is nothing.

    In black on white kinds aren't told apart.
    """
    labels = list(labels)
    kinds = dict.fromkeys(kind for label in labels for kind in kinds_of(label))
    own = [kind for kind in kinds if isinstance(kind, OwnKind)]
    told: list[_Entry] = []
    if theme not in {"keras", "mono"}:
        told += [_Entry(kind, _(word)) for kind, word in _KINDS.items() if kind in kinds]
    if theme != "mono":
        named = {(kind.name or _(_KINDS.get(kind.of, _OTHER)), kind.color): kind for kind in own}
        told += [_Entry(kind, name) for (name, _color), kind in named.items()]
    told += _marked([*frames, *(label.marks for label in labels)], list(lines))
    return _rows(told)


def kinds_of(label: Label) -> Iterator[Kind]:
    """The kinds whose colours are seen in it."""
    yield label.kind
    for row in label.rows:
        if row.stripe is not None:
            yield row.stripe
        for cell in row.cells:
            yield from (text.kind for line in cell.lines for text in line if text.kind is not None)


def _marked(marks: Sequence[Marks], of_lines: Sequence[Marks]) -> Iterator[_Entry]:
    samples = [(Marks(change), change.words) for change in Change]
    samples.append((Marks(highlighted=True), _("highlighted")))
    samples.append((Marks(frozen=True), _("not trainable")))
    for sample, word in samples:
        if any(_is_as(one, sample) for one in marks):
            yield _Entry(sample, word)
        elif any(_is_as(one, sample) for one in of_lines):
            yield _Entry(sample, word, is_line=True)


def _is_as(marks: Marks, sample: Marks) -> bool:
    """Whether it has the one mark that the sample has."""
    if sample.change is not None:
        return marks.change is sample.change
    return marks.highlighted if sample.highlighted else bool(marks.frozen)


def _rows(told: Sequence[_Entry]) -> list[Row]:
    """The entries in columns of one width."""
    widest = max((text_width(one.word, _SIZE) for one in told), default=0)
    across = max(1, int(_WIDEST / (SAMPLE + 3 * BESIDE + widest)))
    cells = [
        Cell(((Text(one.word, Role.FACT),),), sample=one.sample, is_line=one.is_line)
        for one in told
    ]
    return [Row(tuple(cells[at : at + across])) for at in range(0, len(cells), across)]
