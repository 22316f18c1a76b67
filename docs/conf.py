"""The documentation, built with the extension itself."""

from __future__ import annotations

import sys
from pathlib import Path

import sphinxcontrib_kerasgraph

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE / "start"), str(HERE.parent / "tests")]

project = "sphinxcontrib-kerasgraph"
author = "the sphinxcontrib-kerasgraph authors"
copyright = f"2026, {author}"
version = release = sphinxcontrib_kerasgraph.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_design",
    "sphinxcontrib_kerasgraph",
    "example",
    "kerasgraph_reference",
]
myst_enable_extensions = ["colon_fence"]
# What pages show is no page.
exclude_patterns = ["_build", "howto/ci"]
autodoc_typehints = "description"
# Builds without Keras document the same; `kerasgraph_autodoc` needs none.
autodoc_mock_imports = ["keras"]
kerasgraph_autodoc = True
kerasgraph_shapes = {
    "library.tables.Perceptron": {"input_shape": (3,)},
    # For the gallery of the first page, whose models have options in common.
    "zoo.famous.transformer": {"input_shape": [(None,), (None,)], "input_dtype": "int32"},
    "zoo.nets.MixtureOfExperts": {"input_shape": (5,)},
    "zoo.training.diffusion": {"input_shape": (8, 8, 3), "trace": "train_step"},
}
default_role = "literal"

# Documented elsewhere, or types that no page tells of.
nitpick_ignore_regex = [
    ("py:.*", r"(keras|pydot|os)\..*"),
    ("py:class", r"(ShapeTree|DtypeTree|Sequence|Mapping|Unpack|Kind|.*\.(Plot)?Options)"),
]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_title = "sphinxcontrib-kerasgraph"
html_theme_options = {"source_edit_link": ""}

# The signs of what differs between two models, which pdfLaTeX doesn't know as letters.
latex_elements = {
    "preamble": r"\DeclareUnicodeCharacter{2212}{\ensuremath{-}}"
    r"\DeclareUnicodeCharacter{21C4}{\ensuremath{\leftrightarrow}}",
}
