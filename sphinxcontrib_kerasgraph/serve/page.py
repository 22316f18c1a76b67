"""The page, and under which policy a browser shows it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.serve.shown import Shown

#: Nothing from elsewhere, and no script or style but in files of ours.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: Files that the page asks for, and where they are in the package.
FILES = {
    "kerasgraph.js": "static",
    "kerasgraph.css": "static",
    "kerasgraph-page.css": "static",
    "live.js": "serve",
    "live.css": "serve",
}


def page(title: str, shown: Shown) -> str:
    """The page with what is shown now; ``live.js`` keeps it so."""
    trouble = shown.trouble
    hidden, words, details = " hidden", "", ""
    if trouble is not None:
        hidden, words, details = "", escape(trouble.words), escape(trouble.details)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<link rel="stylesheet" href="files/kerasgraph-page.css">
<link rel="stylesheet" href="files/live.css">
<script src="files/kerasgraph.js" defer></script>
<script src="files/live.js" type="module"></script>
</head>
<body>
<header><h1>{escape(title)}</h1><p id="words" role="status">{_words(shown)}</p></header>
<section id="trouble" role="alert"{hidden}><p>{words}</p><pre tabindex="0">{details}</pre></section>
<main>{_drawing(shown)}</main>
</body>
</html>
"""


def _words(shown: Shown) -> str:
    return "Building the model…" if shown.drawn is None and shown.is_building else ""


def _drawing(shown: Shown) -> str:
    """The drawing as on pages of a documentation."""
    drawn = shown.drawn
    if drawn is None:
        return ""
    told = f'<svg role="graphics-document" aria-label="{escape(drawn.sentence)}" '
    svg = drawn.svg.replace("<svg ", told, 1)
    return (
        f'<div class="kerasgraph" data-src="drawings/{drawn.name}">'
        '<template shadowrootmode="open"><link rel="stylesheet" href="files/kerasgraph.css"/>'
        '<link rel="stylesheet" href="files/live.css"/>'
        f'<div class="view"><div class="stage"><div class="sheet">{svg}</div></div></div>'
        "</template></div>"
    )
