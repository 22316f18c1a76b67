"""What is inside of closed blocks, as further figures below a diagram that can't be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinxcontrib_kerasgraph.ext.nodes import kerasgraph
from sphinxcontrib_kerasgraph.wording import _, and_more, around

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx.builders import Builder

    from sphinxcontrib_kerasgraph.picture import InsideFigure, Picture

#: Ends the line of a title, which stays on the page of its figure.
_TOGETHER = "\n\\nopagebreak\n"
#: So many blocks are named that have one inside.
_NAMED = 4


def drawn_node(picture: Picture, alt: str, links: Mapping[str, str]) -> kerasgraph:
    """The node of a drawn picture; ``links`` tell where what is in it leads."""
    return kerasgraph(
        code=picture.code,
        options={},
        alt=alt,
        image=picture.image,
        explorable=picture.explorable,
        links=links,
        interactive=True,
    )


class InsideFigures:
    """The figures of a picture's insides, to which its blocks lead."""

    def __init__(self, picture: Picture, docname: str, number: int) -> None:
        """``number`` tells the diagram from others of the page of that name."""
        self._insides = {
            f"kerasgraph-{number}-inside-{at}": one for at, one in enumerate(picture.insides, 1)
        }
        self._docname = docname

    def links(self, builder: Builder) -> dict[str, str]:
        """Where blocks lead, as `Spot.target` has it."""
        # So Sphinx writes what is in a document of LaTeX.
        before = f"%{self._docname}" if builder.format == "latex" else ""
        return {f"#{one.paths[0]}": f"{before}#{id_}" for id_, one in self._insides.items()}

    def nodes(self, links: Mapping[str, str]) -> list[nodes.Element]:
        """A title for each figure, and the figure."""
        found: list[nodes.Element] = []
        for id_, inside in self._insides.items():
            title = nodes.paragraph("", "", *_title(inside), classes=["kerasgraph-inside"])
            drawn = drawn_node(inside.picture, title.astext(), links)
            drawn["interactive"] = False
            drawn["ids"] = [id_]
            drawn["number"] = id_.removeprefix("kerasgraph-").replace("inside-", "")
            found += [title, nodes.raw("", _TOGETHER, format="latex"), drawn]
        return found


def _title(inside: InsideFigure) -> list[nodes.Node]:
    """Which blocks have the inside."""
    first, *others = inside.paths
    block = _("{block} ({kind})") if inside.class_name != first else "{block}"
    named, more = others[: _NAMED - 1], len(others) - _NAMED + 1
    if more == 1:
        named, more = others, 0
    message = _("Inside of {block}, as of {others}.") if named else _("Inside of {block}.")
    before, after = around(message.replace("{block}", block), "block")
    told = and_more(", ".join(named), more)
    after = after.replace("{kind}", inside.class_name).replace("{others}", told)
    return [nodes.Text(before), nodes.strong("", first), nodes.Text(after)]


def put_below(drawn: nodes.Element, below: Sequence[nodes.Element]) -> None:
    """Put nodes after a diagram: after its figure, and the table that it is in."""
    place = drawn
    parent = drawn.parent
    while parent is not None:
        if isinstance(parent, nodes.figure | nodes.table):
            place = parent
        parent = parent.parent
    if below:
        at = place.parent.index(place) + 1
        place.parent[at:at] = below
