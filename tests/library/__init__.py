"""A small library of models, as people write them, for what documents models by autodoc.

It has docstrings in three styles, and much that is no model.
"""

from library._images import Backbone, Classifier, Wide
from library.tables import build_mlp

__all__ = ["Backbone", "Classifier", "Wide", "build_mlp"]
