"""The last step of layout: Graphviz has put boxes in their places, and we finish the drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.apart import apart, together
from sphinxcontrib_kerasgraph.draw.arcs import with_arcs
from sphinxcontrib_kerasgraph.draw.frames import with_frames_apart
from sphinxcontrib_kerasgraph.draw.ground import ground_of
from sphinxcontrib_kerasgraph.draw.gutters import crossed, gutters, widths, with_gutters
from sphinxcontrib_kerasgraph.draw.lanes import with_lanes
from sphinxcontrib_kerasgraph.draw.levels import in_rows, with_levels
from sphinxcontrib_kerasgraph.draw.side_notes import with_side_notes
from sphinxcontrib_kerasgraph.draw.turned import downward, turned_back
from sphinxcontrib_kerasgraph.scene.packing import free_spot, pack
from sphinxcontrib_kerasgraph.scene.spans import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.draw.gutters import Gutter
    from sphinxcontrib_kerasgraph.draw.placed import Placed
    from sphinxcontrib_kerasgraph.options import LayoutOptions
    from sphinxcontrib_kerasgraph.scene.columns import Space
    from sphinxcontrib_kerasgraph.scene.layout import Arranged
    from sphinxcontrib_kerasgraph.scene.packing import Area

#: How much larger a drawing must be to be worth another row of columns.
_COST_OF_ROW = 0.06
#: By how much a drawing may be shrunk for notes at its side.
_WORTH_NOTES = 0.02
#: Between the last column and the note below it, in points.
_ABOVE_NOTE = 10


def finish(
    arranged: Arranged,
    placed: Placed,
    options: LayoutOptions,
    space: Space,
    *,
    is_draft: bool = False,
) -> tuple[Arranged, Placed]:
    """The drawing as it is drawn: skips in lanes, columns packed, and lines between these.

    A draft has no lanes, which take longest and change little of how large it is.
    """
    left_out = [line for line in lines_of(arranged) if line not in placed.curves]
    if left_out:
        placed = with_arcs(placed, left_out)
    if options.layout != "dot":
        return arranged, placed
    down = downward(placed, options.rankdir)
    columns = apart(arranged, down)
    if options.splines == "spline" and not is_draft:
        columns = [_with_lanes(arranged, column) for column in columns]
    drawn = _packed(arranged, columns, options, space)
    if is_draft:  # of which but the size counts
        return drawn
    if options.rankdir == "TB" and arranged.scene.stages:
        drawn = _with_notes(arranged, columns, drawn, options, space)
    return drawn


def _with_notes(
    arranged: Arranged,
    columns: Sequence[Placed],
    plain: tuple[Arranged, Placed],
    options: LayoutOptions,
    space: Space,
) -> tuple[Arranged, Placed]:
    """The drawing with notes at the side, or without where they would make it smaller."""
    noted = _packed(*with_side_notes(arranged, columns), options, space)
    held = [space.holds(one.width, one.height) for _, one in (plain, noted)]
    shrunk = [space.scale(one.width, one.height) for _, one in (plain, noted)]
    costs = shrunk[0] - shrunk[1] > _WORTH_NOTES or held[0] > held[1]
    return plain if costs or noted[1].height > plain[1].height else noted


def _packed(
    arranged: Arranged, columns: Sequence[Placed], options: LayoutOptions, space: Space
) -> tuple[Arranged, Placed]:
    """The columns in one drawing."""
    if len(columns) > 1:
        turned = replace(space, is_turned=options.is_sideways)
        arranged, down = _Packing(arranged, columns, turned).drawn()
    else:
        [down] = columns
    return arranged, turned_back(down, options.rankdir).cropped()


def _with_lanes(arranged: Arranged, column: Placed) -> Placed:
    """A column with its skips in lanes, those downwards and then those upwards."""
    if arranged.upwards:
        column = with_levels(arranged, in_rows(arranged, column))
    column = with_frames_apart(column, ground_of(arranged, column))
    column = with_lanes(column, ground_of(arranged, column))
    if arranged.upwards:
        column = downward(column, "BT")
        column = turned_back(with_lanes(column, ground_of(arranged, column)), "BT")
    return column


class _Packing:
    """Puts columns, and parts drawn apart, in their places, in which data goes downwards."""

    def __init__(self, arranged: Arranged, columns: Sequence[Placed], space: Space) -> None:
        self._arranged = arranged
        self._columns = list(columns)
        self._number = len(columns) - len(arranged.scene.parts)
        self._space = space
        self._note = self._without_note()

    def _without_note(self) -> Placed | None:
        """Take the note out of its column, for which a place is found at the end."""
        note = self._arranged.scene.note
        if note is None:
            return None
        for at, column in enumerate(self._columns):
            if note.name in column.boxes and len(column.boxes) > 1:
                boxes = dict(column.boxes)
                alone = replace(column, boxes={note.name: boxes.pop(note.name)})
                self._columns[at] = replace(column, boxes=boxes)
                return replace(alone, frames={}, titles={}, curves={}).cropped()
        return None

    def drawn(self) -> tuple[Arranged, Placed]:
        several = self._arranged.scene.is_several
        found = [] if several else gutters(self._arranged, self._columns[: self._number])
        in_row = self._arranged.across if several else None
        whole, in_row = self._packed(found, in_row)
        possible = [one for one in found if one.is_straight or (one.column + 1) % in_row]
        if len(possible) < len(found):
            whole, _ = self._packed(possible, in_row)
        return whole

    def _packed(
        self, found: Sequence[Gutter], in_row: int | None
    ) -> tuple[tuple[Arranged, Placed], int]:
        columns = crossed(self._columns, found)
        sizes = [column.cropped() for column in columns]
        packed = pack(
            [(one.width, one.height) for one in sizes[: self._number]],
            [(one.width, one.height) for one in sizes[self._number :]],
            self._badness,
            in_row,
            widths(found, self._number),
        )
        placed = [
            one.moved(left, -top - one.height)
            for one, (left, top) in zip(sizes, packed.places, strict=True)
        ]
        shifts = [_shift(before, after) for before, after in zip(columns, placed, strict=True)]
        if self._note is not None:
            taken = [
                (left, top, one.width, one.height)
                for one, (left, top) in zip(sizes, packed.places, strict=True)
            ]
            left, top, wide, high = taken[self._number - 1]
            taken += self._gutter_areas(found, taken, packed.in_row)
            middle = max(0, left + (wide - self._note.width) / 2)
            liked = middle, top + high + _ABOVE_NOTE
            size = self._note.width, self._note.height
            spot = free_spot(taken, size, liked, is_turned=self._space.is_turned)
            placed.append(self._note.moved(spot[0], -spot[1] - self._note.height))
        tops = {
            at: -packed.places[at][1]
            for at in range(self._number)
            if at and at % packed.in_row == 0
        }
        cost = self._arranged.cost + _COST_OF_ROW * len(tops)
        arranged = replace(self._arranged, cost=cost)
        drawn = with_gutters(arranged, together(placed), found, shifts, tops)
        return drawn, packed.in_row

    def _gutter_areas(
        self, found: Sequence[Gutter], taken: Sequence[Area], in_row: int
    ) -> list[Area]:
        """Where lines between columns are."""
        areas = []
        for at in sorted({one.column for one in found if (one.column + 1) % in_row}):
            (left, top, wide, high), (right, up, _, tall) = taken[at : at + 2]
            areas.append((left + wide, top, right - left - wide, max(high, up + tall - top)))
        return areas

    def _badness(self, width: float, height: float) -> tuple[float, ...]:
        return self._space.badness(width, height, 0)


def _shift(before: Placed, after: Placed) -> tuple[float, float]:
    """How far a drawing was moved."""
    name = next(iter(before.boxes))
    one, other = before.boxes[name], after.boxes[name]
    return other.left - one.left, other.bottom - one.bottom
