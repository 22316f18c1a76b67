"""What books ask for: that pages with drawings in them are declared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sphinxcontrib_kerasgraph.store import write_whole

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_PAGE = re.compile(r'<item id="[^"]*" href="([^"]*)" media-type="application/xhtml\+xml" />')


def declare_drawings(app: Sphinx, error: Exception | None) -> None:
    """Have the list of a book's files say which pages hold SVG; on ``build-finished``.

    Sphinx packs the book before any event that it could be said at, so it is packed again.
    """
    builder = app.builder
    if error is not None or builder.name != "epub" or not hasattr(builder, "build_epub"):
        return
    listing = Path(builder.outdir, "content.opf")
    told = listing.read_text(encoding="utf-8")

    def declared(item: re.Match[str]) -> str:
        page = Path(builder.outdir, unquote(item[1]))
        if not page.is_file() or b"<svg" not in page.read_bytes():
            return item[0]
        return f'{item[0].removesuffix("/>")}properties="svg" />'

    changed = _PAGE.sub(declared, told)
    if changed != told:
        write_whole(listing, changed.encode())
        builder.build_epub()
