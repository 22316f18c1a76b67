"""Two ModelGraphs to what differs between them: values first, then words.

- `match` finds which calls of the two belong together, at every depth, and `pairing` those of one
  level: by `keys`, `align` and `slide`; `order` sees to it that both can be drawn in one graph, and
  `opened` looks into blocks that one of them has around what the other has, too.
- `tensors` matches what goes between the calls.
- `difference` has what differs as typed values: which call, what, before and after; `finding` finds
  them, and `graph.changed_values` those inside configurations.
- `words` puts each difference into words; `summary` says what a person would, from `runs`.
- `counts` says how much differs, wherever that is told.
- `comparison` has all of it of two models, and `merged` both in one graph.

Knows neither Keras nor Sphinx, nor how a model is drawn.
"""

from sphinxcontrib_kerasgraph.compare.comparison import Comparison, compared
from sphinxcontrib_kerasgraph.compare.counts import Counts, counted
from sphinxcontrib_kerasgraph.compare.difference import Difference
from sphinxcontrib_kerasgraph.compare.match import Matching, Pair, Place, Single, matched
from sphinxcontrib_kerasgraph.compare.merged import merged
from sphinxcontrib_kerasgraph.compare.summary import (
    Statement,
    has_nothing_in_common,
    is_equal_but_for_names,
    statements,
)
from sphinxcontrib_kerasgraph.compare.tensors import TensorMatch, matched_tensors
from sphinxcontrib_kerasgraph.compare.words import in_words

__all__ = [
    "Comparison",
    "Counts",
    "Difference",
    "Matching",
    "Pair",
    "Place",
    "Single",
    "Statement",
    "TensorMatch",
    "compared",
    "counted",
    "has_nothing_in_common",
    "in_words",
    "is_equal_but_for_names",
    "matched",
    "matched_tensors",
    "merged",
    "statements",
]
