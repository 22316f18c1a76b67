"""The last step of layout: Graphviz has put boxes in their places, and we finish the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.draw.placed import Placed
    from sphinxcontrib_kerasgraph.options import LayoutOptions
    from sphinxcontrib_kerasgraph.scene.layout import Arranged


def finish(arranged: Arranged, placed: Placed, options: LayoutOptions) -> Placed:  # noqa: ARG001
    """The drawing as it is drawn."""
    return placed
