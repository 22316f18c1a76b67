"""A drawn diagram as a value: what pages need to show it. Its images are files in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.schema import amount, each, number, optional, record, text
from sphinxcontrib_kerasgraph.view.selection import Unmet

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Spot:
    """A box or frame in a picture, and the class that it stands for, or the figure of its inside.

    That is told by a ``#`` and the first of the figure's paths.
    """

    target: str
    #: How far from the left and from below, how wide and how high, as parts of the whole.
    place: tuple[float, float, float, float]


@dataclass(frozen=True)
class RenderedImage:
    """An image file in the folder."""

    #: The name of the file, made from the DOT and how it was drawn, the release of ``dot`` aside.
    name: str
    #: The size of an SVG in points, zero of others.
    width: float = 0
    height: float = 0
    #: The ``<map>`` of a PNG, which tells the boxes' tooltips; empty where none can be made. Links
    #: in it begin with ``kerasgraph:``, as those of `Explorable`.
    image_map: str = ""
    #: What is where in a PDF, the larger before what is in it.
    spots: tuple[Spot, ...] = ()
    #: What ``dot`` complained of, although it drew.
    complaints: str = ""


@dataclass(frozen=True)
class Explorable:
    """What is explored of a picture on a page: its drawing, and what is loaded when it is used."""

    #: Links in it begin with ``kerasgraph:``; see `web.svg`.
    svg: str
    #: JSON, of which `web.explore` tells the form.
    data: str


@dataclass(frozen=True)
class Picture:
    """A drawn diagram: its DOT, and its image, which is in the folder."""

    code: str
    image: RenderedImage
    #: How far it is shrunk on a page of LaTeX, at most 1.
    scale: float = 1
    #: What the options ask for in vain.
    unmet: tuple[Unmet, ...] = ()
    #: For SVG.
    explorable: Explorable | None = None
    #: Where they are asked for. Links to these have the form of `Spot.target`.
    insides: tuple[InsideFigure, ...] = ()
    #: Which insides of blocks can't be drawn, and why.
    lacking: str = ""

    @property
    def images(self) -> Iterator[RenderedImage]:
        """Its images, that of the whole first."""
        yield self.image
        for one in self.insides:
            yield from one.picture.images

    @classmethod
    def from_data(cls, told: Any) -> Picture:
        """The picture that `asdict` has told. Raises `ValueError` for anything else."""
        return _picture(told)


@dataclass(frozen=True)
class InsideFigure:
    """What is inside of closed blocks that are alike, as a picture of its own."""

    #: The paths of the blocks, and their class.
    paths: tuple[str, ...]
    class_name: str
    picture: Picture


def _inner(told: Any) -> Picture:
    return _picture(told)


_image = record(
    RenderedImage,
    {
        "name": text,
        "width": amount,
        "height": amount,
        "image_map": text,
        "spots": each(record(Spot, {"target": text, "place": each(number, 4)})),
        "complaints": text,
    },
)
_unmet = record(
    Unmet,
    {"asked": text, "option": optional(text), "reason": optional(text), "advice": text},
)
_picture = record(
    Picture,
    {
        "code": text,
        "image": _image,
        "scale": amount,
        "unmet": each(_unmet),
        "explorable": optional(record(Explorable, {"svg": text, "data": text})),
        "insides": each(
            record(InsideFigure, {"paths": each(text), "class_name": text, "picture": _inner})
        ),
        "lacking": text,
    },
)
