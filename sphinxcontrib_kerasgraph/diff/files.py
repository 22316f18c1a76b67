"""What differs between two models in a file, whose name tells what it becomes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.alone import alone
from sphinxcontrib_kerasgraph.diff.data import data
from sphinxcontrib_kerasgraph.diff.markdown import markdown
from sphinxcontrib_kerasgraph.diff.page import page
from sphinxcontrib_kerasgraph.draw.files import Drawn, draw_to_file, format_of
from sphinxcontrib_kerasgraph.printable import encodable
from sphinxcontrib_kerasgraph.store import write_whole

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.diff.model_diff import ModelDiff
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
    from sphinxcontrib_kerasgraph.options import DrawOptions

#: How the names of files end: pictures of both, DOT, a page, Markdown, and data.
FORMATS = ("svg", "png", "pdf", "dot", "html", "md", "json")


def write(  # noqa: PLR0913, PLR0917 - all that decides a file
    diff: ModelDiff,
    options: DrawOptions,
    context: int | str,
    path: str,
    graphviz: Graphviz,
    command: str = "",
) -> Drawn:
    """Write the file, whole or not at all.

    In pictures and pages ``context`` calls around each change are drawn, or ``all``; ``command`` is
    how it is made again, if that is told there. Raises `Fault` ``option`` if its name doesn't end
    in one of `FORMATS`, ``graphviz`` if ``dot`` is missing or fails; `OSError` if the file can't be
    written.
    """
    kind = format_of(path, FORMATS)
    drawn = Drawn()
    if kind == "html":
        made = alone(diff.shown(context), options, graphviz)
        text = page(diff, made, command)
        drawn = Drawn(made.unmet, "; ".join(made.complaints))
    elif kind == "md":
        text = markdown(diff)
    elif kind == "json":
        text = json.dumps(data(diff), ensure_ascii=False, indent=1) + "\n"
    else:
        return draw_to_file(diff.shown(context), options, path, graphviz)
    write_text(path, text)
    return drawn


def write_text(path: str, text: str) -> None:
    """Write the file, whole or not at all. Raises `OSError` if it can't be written."""
    write_whole(Path(path), encodable(text).encode())
