"""A graph drawn into a file, whose name tells what it becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw import fit
from sphinxcontrib_kerasgraph.draw.graphviz import Rendered
from sphinxcontrib_kerasgraph.faults import Fault, did_you_mean
from sphinxcontrib_kerasgraph.options import SelectOptions
from sphinxcontrib_kerasgraph.store import write_whole
from sphinxcontrib_kerasgraph.view.views import views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.view.selection import Unmet

#: How the names of files end: images, DOT, and the graph itself.
FORMATS = ("svg", "png", "pdf", "dot", "json")


@dataclass(frozen=True)
class Drawn:
    """What is to be told of a file that was drawn."""

    #: What the options ask for in vain.
    unmet: tuple[Unmet, ...] = ()
    #: What ``dot`` complained of, although it drew.
    complaints: str = ""


def draw_to_file(graph: ModelGraph, options: DrawOptions, path: str, graphviz: Graphviz) -> Drawn:
    """Write the drawing, or the data, to the file, whole or not at all.

    Raises `Fault` ``option`` if the name doesn't end in one of `FORMATS`, or part of the model is
    chosen and it is the data that is wanted; ``graphviz`` if ``dot`` is missing or fails; `OSError`
    if the file can't be written.
    """
    image_format = format_of(path)
    if image_format == "json":
        if options.select != SelectOptions():
            raise Fault(
                "option",
                "The data in a .json is that of the whole model.",
                "Leave out the options that choose part of it, or open blocks.",
            )
        write_whole(Path(path), f"{graph.to_json()}\n".encode())
        return Drawn()
    if image_format in {"svg", "pdf"}:  # where dpi is but a scale
        options = replace(options, layout=replace(options.layout, dpi=None))
    found = views(graph, options)
    space = fit.space_alone(options.layout)
    fitted = fit.draw(found, options, space, graphviz.lay_out)
    if image_format == "dot":
        rendered = Rendered(fitted.dot.to_string().encode())
    else:
        rendered = graphviz.render(fitted.finished, image_format)
    write_whole(Path(path), rendered.content)
    return Drawn(found[0].unmet, rendered.complaints)


def format_of(path: str, formats: Sequence[str] = FORMATS) -> str:
    """What the file becomes, by its name. Raises `Fault` ``option``."""
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix not in formats:
        endings = [f".{one}" for one in formats]
        advice = f"Let it end in one of {', '.join(endings)}."
        raise Fault(
            "option",
            f"The name of the file {path!r} doesn't tell what it is to be.",
            did_you_mean(f".{suffix}", endings, advice) if suffix else advice,
        )
    return suffix
