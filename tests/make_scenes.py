"""Scenes of graphs without Keras, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator

from make_graphs import model
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.build import scene_of
from sphinxcontrib_kerasgraph.scene.layout import Arranged, Connector, Thing
from sphinxcontrib_kerasgraph.scene.scene import Box, Frame, Item, Scene, Wire
from sphinxcontrib_kerasgraph.view.views import View, views


def residual(blocks: int, first: str = "x", name: str = "") -> str:
    """Blocks of a convolution around which the data also passes, the last of which is ``a…``."""
    lines, last = [], first
    for n in range(1, blocks + 1):
        lines += [
            f"{name}c{n} Conv2D/8 <- {last}",
            f"{name}b{n} BatchNormalization <- {name}c{n}",
            f"{name}r{n} ReLU <- {name}b{n}",
            f"{name}a{n} Add <- {name}r{n}, {last}",
        ]
        last = f"{name}a{n}"
    return "\n".join(lines)


#: A model of an overview: a stack, a fold with a stack and a sign, and the end.
RESIDUAL = (
    f"x InputLayer\nd Dense <- x\n{residual(4, 'd')}\np MaxPooling2D <- a4\ny Dense <- p\n-> y"
)
#: Blocks in blocks, one of which hands through what it takes.
NESTED = """
    x InputLayer
    b Block <- x
        d Dense <- ^
        i Inner <- d
            c Conv2D <- ^
            r ReLU <- c
            -> r
        a Add <- i, ^
        -> a, d
    y Add <- b, b:1
    -> y
    """


def _parts() -> str:
    """A cell of seven calls in ten places."""
    lines, last = ["x InputLayer"], "x"
    for n in range(10):
        lines += [
            f"k{n}a Conv2D/8 <- {last}",
            f"k{n}b Dense <- x",
            f"k{n}c MaxPooling2D <- {last}",
            f"k{n}d Add <- k{n}a, k{n}b",
            f"k{n}e Dense <- k{n}c",
            f"k{n}f Add <- k{n}c, k{n}e",
            f"k{n}g Add <- k{n}d, k{n}f",
            f"s{n} S{n} <- k{n}g",
        ]
        last = f"s{n}"
    return "\n".join([*lines, f"-> {last}"])


#: A model of which an overview draws a part apart.
PARTS = _parts()


def viewed(graph: str | ModelGraph, **options) -> View:
    """The first view of a graph."""
    made = model(graph) if isinstance(graph, str) else graph
    return views(made, DrawOptions.of(**options))[0]


def scene(graph: str | ModelGraph, **options) -> Scene:
    """The scene of the first view."""
    settings = DrawOptions.of(**options)
    return scene_of(viewed(graph, **options), settings.label, settings.layout)


def _items(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        if isinstance(item, Frame):
            yield from _items(item.items)


def items_of(made: Scene) -> list[Item]:
    """All items, those in frames after these, those of parts drawn apart last."""
    return [*_items((*made.items, *made.parts))]


def boxes_of(made: Scene) -> list[Box]:
    """The boxes that stand for calls."""
    return [item for item in items_of(made) if isinstance(item, Box)]


def frames_of(made: Scene) -> list[Frame]:
    return [item for item in items_of(made) if isinstance(item, Frame)]


def texts_of(made: Scene) -> list[Box]:
    """The texts that stand alone."""
    found = [text for frame in frames_of(made) for text in frame.texts()]
    return found if made.note is None else [*found, made.note]


def wires_of(made: Scene) -> list[Wire]:
    """All wires, those in frames included."""
    return [*made.wires, *(wire for frame in frames_of(made) for wire in frame.wires)]


def by_path(made: Scene) -> dict[str, Box]:
    """The boxes by the paths of their calls."""
    return {box.path: box for box in boxes_of(made)}


def said_by(made: Scene) -> dict[str, str]:
    """What the boxes say, by the paths of their calls, in one line each."""
    return {path: " ".join(plain_text(box.label).split()) for path, box in by_path(made).items()}


def things(arranged: Arranged, kind: type) -> list[tuple[int, Thing]]:
    """The things of that kind in the columns, with the numbers of these."""
    return [
        (number, thing)
        for number, column in enumerate(arranged.columns)
        for thing in column
        if isinstance(thing, kind)
    ]


def connectors(arranged: Arranged) -> dict[str, tuple[int, int]]:
    """The column and the number of each connector, by its name."""
    return {thing.name: (column, thing.number) for column, thing in things(arranged, Connector)}
