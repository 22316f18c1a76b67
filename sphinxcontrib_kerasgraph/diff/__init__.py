"""What is made of two models: what a reader is told, and files that tell it.

- `model_diff` is the one value that all is made from: two graphs, what they are called, and what
  differs; `totals` are parameters, operations and memory, before and after.
- `headline` tells all in a line, `rows` each difference by itself, as a table has it.
- `markdown` is for a comment on a pull request, `data` for programs, and `page` for the browser of
  a reviewer; `files` writes them, and pictures of both models.

Knows neither Keras nor Sphinx.
"""

from sphinxcontrib_kerasgraph.diff.data import data
from sphinxcontrib_kerasgraph.diff.files import FORMATS, write, write_text
from sphinxcontrib_kerasgraph.diff.markdown import code, markdown, unfolded
from sphinxcontrib_kerasgraph.diff.model_diff import ModelDiff
from sphinxcontrib_kerasgraph.diff.page import page
from sphinxcontrib_kerasgraph.diff.rows import Row
from sphinxcontrib_kerasgraph.diff.totals import Total

__all__ = [
    "FORMATS",
    "ModelDiff",
    "Row",
    "Total",
    "code",
    "data",
    "markdown",
    "page",
    "unfolded",
    "write",
    "write_text",
]
