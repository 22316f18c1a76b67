"""What differs between two models, as a page of its own for the browser of a reviewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.diff.model_diff import ModelDiff
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
    from sphinxcontrib_kerasgraph.options import DrawOptions


def page(
    diff: ModelDiff,
    options: DrawOptions,
    graphviz: Graphviz,
    context: int | None = 2,
    command: str = "",
) -> str:
    """HTML with all that it needs in it; ``command`` is how it is made again, if that is told."""
    raise NotImplementedError
