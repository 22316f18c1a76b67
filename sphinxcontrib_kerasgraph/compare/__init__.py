"""Two ModelGraphs to what differs between them: values first, then words.

- `match` finds which calls of the two belong together, at every depth; `tensors` does so for what
  goes between them.
- `difference` says what differs as typed values: which call, what, before and after; `values` does
  so inside configurations.
- `words` puts differences into words.
- `comparison` has all of it of two models, and `merged` both in one graph.

Knows neither Keras nor Sphinx, nor how a model is drawn.
"""

from sphinxcontrib_kerasgraph.compare.comparison import Comparison, compared
from sphinxcontrib_kerasgraph.compare.difference import Difference, differences
from sphinxcontrib_kerasgraph.compare.match import Matching, Pair, Place, Single, matched
from sphinxcontrib_kerasgraph.compare.merged import merged
from sphinxcontrib_kerasgraph.compare.tensors import TensorMatch, matched_tensors
from sphinxcontrib_kerasgraph.compare.words import in_words

__all__ = [
    "Comparison",
    "Difference",
    "Matching",
    "Pair",
    "Place",
    "Single",
    "TensorMatch",
    "compared",
    "differences",
    "in_words",
    "matched",
    "matched_tensors",
    "merged",
]
