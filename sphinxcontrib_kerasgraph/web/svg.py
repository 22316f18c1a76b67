"""A drawing as compact SVG for a page: classes that a style sheet colours, and what a box is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from math import dist
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.colors import PAPER, tint
from sphinxcontrib_kerasgraph.draw.theme import DEFAULT, FONT_SIZE, SMALL_FONT_SIZE
from sphinxcontrib_kerasgraph.web.palette import BARE, EDGE, LINED, PLAIN
from sphinxcontrib_kerasgraph.web.rendered import Circle, Curve, Polygon, Rect, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.web.palette import Palette
    from sphinxcontrib_kerasgraph.web.rendered import Drawn, Paint, Point, Rendered, Shape

#: Those of CSS.
PIXELS_A_POINT = 96 / 72
_DASHED = "dashed"
#: The sizes of text.
_SIZES: dict[float, str] = {SMALL_FONT_SIZE: "", FONT_SIZE: "large"}
#: The corners of Graphviz are as round as those of SVG with a radius so many times as large.
_ROUNDER = 1.067
#: What is no farther than this from a straight line lies on it; in points.
_STRAIGHT = 0.05


@dataclass(frozen=True)
class _Arrow:
    """An arrowhead: how long and how wide it is, and the line around it, in points."""

    length: float
    width: float
    line: float
    #: The class of its colour, and the attribute of what is its author's; not all that shows heads
    #: knows the colour of the line from it.
    outline: str = ""
    attribute: str = ""

    @property
    def covered(self) -> float:
        """How far from the tip the line ends, under the head: a wide one would blunt the tip."""
        return self.length / 3


def to_svg(
    rendered: Rendered,
    targets: Mapping[str, str],
    prefix: str = "",
    palette: Palette = PLAIN,
) -> str:
    """The drawing. Frames come first, then lines, then boxes: the later lies over the earlier.

    ``targets`` are the classes that boxes and frames stand for, in the order in which they are
    drawn, by their names. The elements of these are ``a``, with a link to ``kerasgraph:`` and the
    class; lines know their ends by their `places`. Ids in the SVG begin with ``prefix``. The
    ``palette`` has the classes of the colours.

    Raises `ValueError` for colours, and sizes of text, that are none of ours.
    """
    lines = _Lines(places(rendered, targets), prefix, palette)
    parts = {"cluster": "", "node": ""}
    for thing in rendered.things:
        if thing.kind == "edge":
            lines.add(thing)
        elif thing.kind not in parts:
            raise ValueError(f"there is a {thing.kind} in it")
        elif not _is_unseen(thing):
            parts[thing.kind] += _thing(thing, targets, palette)
    width, height = rendered.width, rendered.height
    named = "" if palette.theme is DEFAULT else f'class="{palette.theme.name}" '
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {named}'
        f'viewBox="0 0 {_number(width)} {_number(height)}" '
        f'width="{round(width * PIXELS_A_POINT)}" height="{round(height * PIXELS_A_POINT)}">'
        f'{lines.markers()}<g class="frames">{parts["cluster"]}</g>{lines.written()}'
        f'<g class="boxes">{parts["node"]}</g></svg>'
    )


def places(rendered: Rendered, names: Iterable[str]) -> dict[str, int]:
    """Numbers of all that lines join: of things with these names, then of others."""
    found = {name: at for at, name in enumerate(names)}
    for thing in rendered.things:
        if thing.kind == "edge":
            for name in thing.ends:
                found.setdefault(name, len(found))
    return found


def _is_unseen(thing: Drawn) -> bool:
    """Whether it is a frame around a column, which is paper on paper."""
    return thing.kind == "cluster" and all(
        isinstance(one, Rect) and one.paint.fill in {"", PAPER} and not one.paint.stroke
        for one in thing.shapes
    )


def _thing(thing: Drawn, targets: Mapping[str, str], palette: Palette) -> str:
    inside = "".join(_shapes(thing.shapes, palette))
    title = f"<title>{escape(thing.tooltip, quote=False)}</title>\n" if thing.tooltip else ""
    target = targets.get(thing.name)
    if target is None:
        return f"<g>{title}{inside}</g>\n" if inside else ""
    link = f' href="kerasgraph:{escape(target)}"' if target else ""
    return f"<a{link}>{title}{inside}</a>\n"


class _Lines:
    """The lines of a drawing, those with the same arrowhead together."""

    def __init__(self, places: Mapping[str, int], prefix: str, palette: Palette) -> None:
        self._places = places
        self._palette = palette
        self._prefix = prefix
        self._lines: dict[_Arrow | None, str] = {}

    def add(self, thing: Drawn) -> None:
        ends = " ".join(str(self._places[name]) for name in thing.ends)
        shapes = list(thing.shapes)
        found = _with_head(shapes)
        arrow, points = found if found is not None else (None, ())
        said = ""
        for shape in shapes:
            if isinstance(shape, Curve):
                if arrow is not None:
                    arrow = replace(
                        arrow,
                        outline=_outline(shape.paint, self._palette),
                        attribute=self._palette.attribute(shape.paint.stroke),
                    )
                pieces = _pieces(points or shape.points)
                points = ()
                stroked = _stroked(shape.paint, self._palette)
                said += f'<path data-e="{ends}"{stroked} d="{_path(pieces)}"/>'
            elif isinstance(shape, Text):
                said += _row([shape], self._palette)
            else:
                raise ValueError(f"{thing.name} has other shapes")  # noqa: TRY004 - of the SVG
        self._lines[arrow] = self._lines.get(arrow, "") + f"{said}\n"

    def markers(self) -> str:
        written = "".join(map(self._marker, range(len(self._lines)), self._lines))
        return f"<defs>{written}</defs>" if written else ""

    def _marker(self, at: int, arrow: _Arrow | None) -> str:
        if arrow is None:
            return ""
        width = self._palette.width(arrow.line)
        back, half = _number(arrow.covered - arrow.length), _number(arrow.width / 2)
        return (
            f'<marker id="{self._id(at)}" orient="auto" markerUnits="userSpaceOnUse" '
            f'overflow="visible"><path{_classed([width, arrow.outline])}{arrow.attribute} '
            f'd="M{back}-{half}L{_number(arrow.covered)} 0L{back} {half}z"/></marker>'
        )

    def written(self) -> str:
        said = ""
        for at, (arrow, lines) in enumerate(self._lines.items()):
            marker = "" if arrow is None else f' marker-end="url(#{self._id(at)})"'
            said += f'<g class="lines"{marker}>{lines}</g>'
        return said

    def _id(self, at: int) -> str:
        return f"{self._prefix}h{at}"


def _with_head(shapes: list[Shape]) -> tuple[_Arrow, tuple[Point, ...]] | None:
    """The arrowhead, which is taken out of the shapes, and the line up to it; if there is one."""
    heads = [one for one in shapes if isinstance(one, Polygon) and len(set(one.points)) == 3]
    curves = [one for one in shapes if isinstance(one, Curve)]
    if len(heads) != 1 or len(curves) != 1 or heads[0].paint.stroke != curves[0].paint.stroke:
        return None
    [head], [curve] = heads, curves
    corners = list(dict.fromkeys(head.points))
    tip = max(corners, key=lambda one: sum(dist(one, other) for other in corners))
    left, right = (one for one in corners if one != tip)
    base = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
    points = curve.points
    if dist(points[0], base) < dist(points[-1], base):
        points = points[::-1]
    shapes.remove(head)
    arrow = _Arrow(round(dist(base, tip), 1), round(dist(left, right), 1), head.paint.width)
    back = arrow.covered / arrow.length
    end = tuple(at + (start - at) * back for at, start in zip(tip, base, strict=True))
    # As a curve, so that there is but one kind of piece.
    return arrow, (*points, *(3 * ((end[0], end[1]),)))


def _shapes(shapes: Sequence[Shape], palette: Palette) -> Iterator[str]:
    for is_row, group in groupby(shapes, key=_row_of):
        found = list(group)
        if is_row:
            yield _row([one for one in found if isinstance(one, Text)], palette)
        else:
            yield from (_shape(one, palette) for one in found)


def _row_of(shape: Shape) -> tuple[float, ...]:
    """What texts have in common that are in one row; nothing of other shapes.

    What strikes a text through would strike those through that are in its element.
    """
    if not isinstance(shape, Text):
        return ()
    row = (shape.y, shape.x) if shape.is_centered else (shape.y,)
    return (*row, shape.x) if shape.is_struck else row


def _shape(shape: Shape, palette: Palette) -> str:
    match shape:
        case Rect():
            return _rect(shape, palette)
        case Circle():
            x, y = map(_number, shape.center)
            painted = _painted(shape.paint, palette)
            return f'<circle{painted} cx="{x}" cy="{y}" r="{_number(shape.radius)}"/>'
        case Curve():
            return f'<path{_painted(shape.paint, palette)} d="{_path(_pieces(shape.points))}"/>'
        case Polygon():
            return f'<path{_painted(shape.paint, palette)} d="{_closed(shape.points)}"/>'
    raise TypeError(shape)


def _rect(rect: Rect, palette: Palette) -> str:
    painted = _painted(rect.paint, palette)
    left, right = round(rect.left * 10), round((rect.left + rect.width) * 10)
    top, bottom = round(rect.top * 10), round((rect.top + rect.height) * 10)
    x, y, width, height = map(_tenths, (left, top, right - left, bottom - top))
    if not rect.radius:
        back = min(f"h-{width}", f"H{x}", key=len)
        return f'<path{painted} d="M{x} {y}h{width}v{height}{back}z"/>'
    radius = _number(rect.radius * _ROUNDER)
    return f'<rect{painted} x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>'


def _row(texts: Sequence[Text], palette: Palette) -> str:
    """Texts side by side; with a space, or a line, between them and others, for who copies them."""
    first, *others = texts
    said = escape(first.value, quote=False) + "".join(
        f" <tspan{_styled(one, _BESIDE, palette)}{_at(one)}>"
        f"{escape(one.value, quote=False)}</tspan>"
        for one in others
    )
    return (
        f'<text{_styled(first, _FIRST, palette)}{_at(first)} y="{_number(first.y)}">{said}</text>\n'
    )


def _at(text: Text) -> str:
    return f' x="{_number(text.x)}"'


#: The classes of most texts that begin a row, and of most others, which aren't told.
_FIRST, _BESIDE = ["bold", "large"], ["soft"]
#: That of what has no other, and is neither of these.
_PLAIN = "plain"


def _styled(text: Text, most: list[str], palette: Palette) -> str:
    classes = [palette.text(text.color), "bold" * text.is_bold]
    classes += [_size(text.size), "middle" * text.is_centered, "struck" * text.is_struck]
    told = list(filter(None, classes))
    said = "" if told == most else _classed(told or [_PLAIN])
    return said + palette.attribute(text.color)


def _painted(paint: Paint, palette: Palette) -> str:
    """The classes of what is filled."""
    ground = palette.ground(paint.fill)
    is_colored = ground.startswith(("tint", "full", "head"))
    if not paint.stroke:
        outline = "" if is_colored else BARE
    elif is_colored and tint(paint.stroke) == paint.fill:
        outline = LINED
    else:
        outline = palette.outline(paint.stroke) or EDGE * is_colored
    width = palette.width(paint.width) if paint.stroke and paint.width != 1 else ""
    said = _classed([ground, outline, width, _DASHED * paint.is_dashed])
    return said + palette.attribute(paint.fill, paint.stroke)


def _stroked(paint: Paint, palette: Palette) -> str:
    """The same of a line, whose colour is that of lines if nothing else is said."""
    classes = [_DASHED * paint.is_dashed, palette.width(paint.width), _outline(paint, palette)]
    return _classed(classes) + palette.attribute(paint.stroke)


def _outline(paint: Paint, palette: Palette) -> str:
    """The class of the colour of a line; none of most."""
    return "" if paint.stroke == palette.theme.edge else palette.outline(paint.stroke)


def _size(size: float) -> str:
    """The class of text of that size. Raises `ValueError` where it is none of ours."""
    if size not in _SIZES:
        raise ValueError(f"{size} is none of the sizes of the page")
    return _SIZES[size]


def _classed(classes: Iterable[str]) -> str:
    said = " ".join(filter(None, classes))
    return f' class="{said}"' if said else ""


def _pieces(points: Sequence[Point]) -> list[tuple[Point, ...]]:
    """The start of a curve, then each of its pieces: one point where it is straight, else three."""
    pieces: list[tuple[Point, ...]] = [(points[0],)]
    for at in range(1, len(points), 3):
        piece, start = tuple(points[at : at + 3]), pieces[-1][-1]
        if dist(start, piece[-1]) < _STRAIGHT and all(dist(start, one) < 1 for one in piece):
            continue
        if all(_is_between(one, start, piece[-1]) for one in piece[:-1]):
            piece = piece[-1:]
            if len(pieces) > 1 and len(pieces[-1]) == 1:
                before = pieces[-2][-1]
                if _is_between(start, before, piece[0]):
                    pieces.pop()
        pieces.append(piece)
    return pieces


def _is_between(point: Point, start: Point, end: Point) -> bool:
    """Whether the point lies on the straight line."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = dist(start, end)
    if not length:
        return dist(point, start) <= _STRAIGHT
    x, y = point[0] - start[0], point[1] - start[1]
    along, aside = (x * across + y * down) / length, (x * down - y * across) / length
    return abs(aside) <= _STRAIGHT and -_STRAIGHT <= along <= length + _STRAIGHT


def _closed(points: Sequence[Point]) -> str:
    return _path([(one,) for one in points[:-1]]) + "z"


def _path(pieces: Sequence[tuple[Point, ...]]) -> str:
    """Relative commands with one decimal, which don't add up what was rounded."""
    [[(x, y)], *others] = [[(round(x * 10), round(y * 10)) for x, y in one] for one in pieces]
    said = f"M{_tenths(x)} {_tenths(y)}"
    for piece in others:
        said += _piece(x, y, piece)
        x, y = piece[-1]
    return said


def _piece(x: int, y: int, piece: Sequence[tuple[int, int]]) -> str:
    """One piece of a path; straight across or down, it is shortest."""
    end_x, end_y = piece[-1]
    is_straight = len(piece) == 1  # else it may go there and back
    if is_straight and end_x == x:
        return f"v{_tenths(end_y - y)}"
    if is_straight and end_y == y:
        return f"h{_tenths(end_x - x)}"
    command = "l" if is_straight else "c"
    said = ""
    for one in piece:
        for number in (one[0] - x, one[1] - y):
            text = _tenths(number)
            said += text if not said or text.startswith("-") else f" {text}"
    return command + said


def _number(value: float) -> str:
    return _tenths(round(value * 10))


def _tenths(value: int) -> str:
    whole, part = divmod(abs(value), 10)
    sign = "-" * (value < 0)
    if not part:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{part}"
