"""The last step of layout: Graphviz has put boxes in their places, and we finish the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.draw.arcs import with_arcs
from sphinxcontrib_kerasgraph.scene.spans import lines_of

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.draw.placed import Placed
    from sphinxcontrib_kerasgraph.options import LayoutOptions
    from sphinxcontrib_kerasgraph.scene.layout import Arranged


def finish(arranged: Arranged, placed: Placed, options: LayoutOptions) -> Placed:  # noqa: ARG001
    """The drawing as it is drawn."""
    left_out = [line for line in lines_of(arranged) if line not in placed.curves]
    return with_arcs(placed, left_out) if left_out else placed
