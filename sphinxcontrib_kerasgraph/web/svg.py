"""A drawing as compact SVG for a page: classes that a style sheet colours, and what a box is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from math import dist
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.web.palette import BARE, EDGE, GROUNDS, OUTLINES, TEXTS
from sphinxcontrib_kerasgraph.web.rendered import Circle, Curve, Polygon, Rect, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sphinxcontrib_kerasgraph.web.rendered import Drawn, Paint, Point, Rendered, Shape

_PIXELS_A_POINT = 96 / 72
_DASHED = "dashed"
#: Wider lines than this, in points, stand for several tensors.
_WIDE = 2


@dataclass(frozen=True)
class Arrow:
    """An arrowhead: how long and how wide it is, in points."""

    length: float
    width: float


def to_svg(
    rendered: Rendered,
    targets: Mapping[str, str],
    prefix: str = "",
) -> str:
    """The drawing. Frames come first, then lines, then boxes: the later lies over the earlier.

    ``targets`` are the classes that boxes and frames stand for, in the order in which they are
    drawn, by their names. The elements of these are ``a``, with a link to ``kerasgraph:`` and the
    class; lines know their ends by their `places`. Ids in the SVG begin with ``prefix``.
    """
    lines = _Lines(places(rendered, targets), prefix)
    parts = {"cluster": "", "node": ""}
    for thing in rendered.things:
        if thing.kind == "edge":
            lines.add(thing)
        else:
            parts[thing.kind] += _thing(thing, targets)
    width, height = rendered.width, rendered.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_number(width)} {_number(height)}" '
        f'width="{round(width * _PIXELS_A_POINT)}" height="{round(height * _PIXELS_A_POINT)}">'
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


def _thing(thing: Drawn, targets: Mapping[str, str]) -> str:
    inside = "".join(_shapes(thing.shapes))
    title = f"<title>{escape(thing.tooltip, quote=False)}</title>" if thing.tooltip else ""
    target = targets.get(thing.name)
    if target is None:
        return f"<g>{title}{inside}</g>\n"
    link = f' href="kerasgraph:{escape(target)}"' if target else ""
    return f"<a{link}>{title}{inside}</a>\n"


class _Lines:
    """The lines of a drawing, those with the same arrowhead together."""

    def __init__(self, places: Mapping[str, int], prefix: str) -> None:
        self._places = places
        self._prefix = prefix
        self._lines: dict[Arrow | None, str] = {}

    def add(self, thing: Drawn) -> None:
        arrow = None
        ends = " ".join(str(self._places[name]) for name in thing.ends)
        [curve, *others] = sorted(thing.shapes, key=lambda one: not isinstance(one, Curve))
        said = ""
        for other in others:
            if isinstance(other, Polygon) and isinstance(curve, Curve) and arrow is None:
                curve, arrow = _with_head(curve, other)
            elif isinstance(other, Text):
                said += _row([other])
        if isinstance(curve, Curve):
            path = _path(curve.points, curved=True)
            said = f'<path data-e="{ends}"{_stroked(curve.paint)} d="{path}"/>{said}'
        self._lines[arrow] = self._lines.get(arrow, "") + f"{said}\n"

    def markers(self) -> str:
        written = "".join(
            f'<marker id="{self._id(at)}" orient="auto" markerUnits="userSpaceOnUse" '
            f'refY="{_number(arrow.width / 2)}" markerWidth="{_number(arrow.length + 1)}" '
            f'markerHeight="{_number(arrow.width)}">'
            f'<path d="M0 0l{_number(arrow.length)} {_number(arrow.width / 2)}'
            f'L0 {_number(arrow.width)}z"/></marker>'
            for at, arrow in enumerate(self._lines)
            if arrow is not None
        )
        return f"<defs>{written}</defs>" if written else ""

    def written(self) -> str:
        said = ""
        for at, (arrow, lines) in enumerate(self._lines.items()):
            marker = "" if arrow is None else f' marker-end="url(#{self._id(at)})"'
            said += f'<g class="lines"{marker}>{lines}</g>'
        return said

    def _id(self, at: int) -> str:
        return f"{self._prefix}h{at}"


def _with_head(curve: Curve, head: Polygon) -> tuple[Curve, Arrow]:
    """The line so that it ends where its arrowhead is."""
    left, tip, right = head.points[:3]
    base = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
    points = curve.points
    if dist(points[0], base) < dist(points[-1], base):
        points = points[::-1]
    arrow = Arrow(round(dist(base, tip), 1), round(dist(left, right), 1))
    return replace(curve, points=points), arrow


def _shapes(shapes: Sequence[Shape]) -> Iterator[str]:
    for key, group in groupby(shapes, key=lambda one: (type(one) is Text, getattr(one, "y", None))):
        if key[0]:
            yield _row([one for one in group if isinstance(one, Text)])
            continue
        for shape in group:
            yield _shape(shape)


def _shape(shape: Shape) -> str:
    match shape:
        case Rect():
            return _rect(shape)
        case Circle():
            x, y = shape.center
            painted = _painted(shape.paint)
            return f'<circle{painted} cx="{_number(x)}" cy="{_number(y)}" r="{_number(shape.radius)}"/>'
        case Curve():
            return f'<path{_painted(shape.paint)} d="{_path(shape.points, curved=True)}"/>'
        case Polygon():
            return f'<path{_painted(shape.paint)} d="{_path(shape.points[:-1], curved=False)}z"/>'
    raise TypeError(shape)


def _rect(rect: Rect) -> str:
    painted = _painted(rect.paint)
    left, top, width, height = map(_number, (rect.left, rect.top, rect.width, rect.height))
    if not rect.radius:
        back = _number(-rect.width)
        return f'<path{painted} d="M{left} {top}h{width}v{height}h{back}z"/>'
    return (
        f'<rect{painted} x="{left}" y="{top}" width="{width}" height="{height}" '
        f'rx="{_number(rect.radius)}"/>'
    )


def _row(texts: Sequence[Text]) -> str:
    first, *others = texts
    attributes = f'{_at(first)} y="{_number(first.y)}"'
    if not others:
        return f"<text{_styled(first)}{attributes}>{escape(first.value, quote=False)}</text>"
    said = " ".join(
        f"<tspan{_styled(one)}{_at(one)}>{escape(one.value, quote=False)}</tspan>" for one in texts
    )
    return f'<text y="{_number(first.y)}">{said}</text>'


def _at(text: Text) -> str:
    return f' x="{_number(text.x)}"'


def _styled(text: Text) -> str:
    classes = [TEXTS.get(text.color, "")]
    classes += ["bold"] * text.is_bold + ["large"] * (text.size > theme.SMALL_FONT_SIZE)
    classes += ["middle"] * text.is_centered
    other = "" if text.color in TEXTS else f' fill="{text.color}"'
    return _classed(classes) + other


def _painted(paint: Paint) -> str:
    """Classes for colours of ours, attributes for others."""
    ground, outline = GROUNDS.get(paint.fill), OUTLINES.get(paint.stroke)
    classes = [ground or "", outline or ""]
    attributes = f' fill="{paint.fill or "none"}"' if ground is None else ""
    is_colored = ground is not None and ground.startswith(("tint", "full"))
    if not paint.stroke:
        classes += [] if is_colored else [BARE]
    elif outline is None:
        attributes += f' stroke="{paint.stroke}"'
    elif not outline and is_colored:
        classes.append(EDGE)
    return _classed([*classes, _DASHED * paint.is_dashed]) + attributes


def _stroked(paint: Paint) -> str:
    """The same of a line, whose colour is that of lines if nothing else is said."""
    classes = [_DASHED * paint.is_dashed, "wide" * (paint.width > _WIDE)]
    if paint.stroke == theme.EDGE:
        return _classed(classes)
    if paint.stroke in OUTLINES:
        return _classed([*classes, OUTLINES[paint.stroke]])
    return f'{_classed(classes)} stroke="{paint.stroke}"'


def _classed(classes: Iterable[str]) -> str:
    said = " ".join(filter(None, classes))
    return f' class="{said}"' if said else ""


def _path(points: Sequence[Point], *, curved: bool) -> str:
    """Relative commands with one decimal, which don't add up what was rounded."""
    [(x, y), *others] = [(round(x * 10), round(y * 10)) for x, y in points]
    said = f"M{_tenths(x)} {_tenths(y)}"
    step = 3 if curved else 1
    for at in range(0, len(others), step):
        piece = others[at : at + step]
        said += _piece(x, y, piece)
        x, y = piece[-1]
    return said


def _piece(x: int, y: int, piece: Sequence[tuple[int, int]]) -> str:
    """A straight one as a line."""
    end_x, end_y = piece[-1]
    if all(one[0] == x for one in piece):
        return f"v{_tenths(end_y - y)}"
    if all(one[1] == y for one in piece):
        return f"h{_tenths(end_x - x)}"
    command = "c" if len(piece) == 3 else "l"
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
