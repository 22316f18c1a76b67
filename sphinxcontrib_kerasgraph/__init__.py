"""Draw Keras models in Sphinx documentation, from the code, at each build.

- The directive ``.. keras-model:: pkg.build`` leaves a request in the page (`ext.directive`).
- The directive ``.. keras-diff:: pkg.v1 pkg.v2`` leaves one for what differs between two models
  (`ext.diff`, `diff`).
- The role ``:keras-value:`` leaves one for a value of a model in a text (`ext.values`), the
  directive ``.. keras-gallery:: pkg.*`` many of both (`ext.gallery`).
- A collector gathers the requests, also from pages read in parallel (`ext.collector`).
- When all pages are read, the graphs of their models are there: from the cache, or from a worker
  process (`worker`) that imports the code, builds the models and reads their calls (`extract`),
  or from snapshots where Keras isn't installed (`models`). Keras is never imported by Sphinx's
  own process.
- When a page is written, a post-transform draws its requests as DOT (`draw`), has Graphviz make
  the image (`draw.graphviz`, `pictures`), and puts it in their place (`ext.transform`).
- Two builders write snapshots, and compare models with them (`ext.snapshots`, `cli`).

In Python, `model_to_dot` and `plot_model` take the arguments of Keras's functions of these names,
`model_to_graph` gives the `ModelGraph` of a model object, and `plot_diff` draws what differs
between two.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.version import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

    from sphinxcontrib_kerasgraph.api import model_to_dot, model_to_graph, plot_diff, plot_model

__all__ = [
    "__version__",
    "model_to_dot",
    "model_to_graph",
    "plot_diff",
    "plot_model",
    "setup",
]


def __getattr__(name: str) -> Any:
    """Import the Python API when it is asked for: it needs Keras and pydot, Sphinx doesn't."""
    if name in {"model_to_dot", "model_to_graph", "plot_diff", "plot_model"}:
        return getattr(importlib.import_module("sphinxcontrib_kerasgraph.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    from sphinxcontrib_kerasgraph.ext import (
        build,
        config,
        epub,
        events,
        html,
        language,
        latex,
        titles,
        updates,
        values,
        world,
    )
    from sphinxcontrib_kerasgraph.ext.collector import RequestCollector
    from sphinxcontrib_kerasgraph.ext.diff import KerasDiff
    from sphinxcontrib_kerasgraph.ext.directive import KerasModel
    from sphinxcontrib_kerasgraph.ext.gallery import KerasGallery, TurnGalleries
    from sphinxcontrib_kerasgraph.ext.nodes import (
        keras_diff,
        keras_model,
        keras_summary,
        keras_thumbnail,
        keras_value,
        kerasgraph,
        kerasgraph_scroll,
    )
    from sphinxcontrib_kerasgraph.ext.snapshots import CheckBuilder, SnapshotBuilder
    from sphinxcontrib_kerasgraph.ext.summary import KerasSummary
    from sphinxcontrib_kerasgraph.ext.transform import PlaceModels

    app.setup_extension("sphinx.ext.graphviz")
    config.register(app)
    events.register(app)
    app.add_directive("keras-model", KerasModel)
    app.add_directive("keras-diff", KerasDiff)
    app.add_directive("keras-summary", KerasSummary)
    app.add_directive("keras-gallery", KerasGallery)
    app.add_role("keras-value", values.keras_value_role)
    app.add_node(keras_model)
    app.add_node(keras_diff)
    app.add_node(keras_summary)
    unfilled = values.visit_unfilled, None
    formats: dict[str, Any] = dict.fromkeys(("html", "latex", "text", "man", "texinfo"), unfilled)
    app.add_node(keras_value, **formats)
    app.add_node(keras_thumbnail)
    app.add_node(kerasgraph_scroll, html=(html.visit_scroll, html.depart_scroll))
    app.add_node(kerasgraph, html=(html.visit, html.depart), latex=(latex.visit, None))
    app.add_env_collector(RequestCollector)
    app.add_post_transform(TurnGalleries)
    app.add_post_transform(PlaceModels)
    app.add_builder(SnapshotBuilder)
    app.add_builder(CheckBuilder)
    app.connect("config-inited", config.check)
    app.connect("config-inited", latex.add_macros)
    app.connect("config-inited", _document_models)
    app.connect("config-inited", world.note_world, priority=900)  # when others have set theirs
    app.connect("builder-inited", language.use_words)
    app.connect("builder-inited", _add_static_files)
    app.connect("builder-inited", build.begin)
    app.connect("env-updated", updates.build_models)
    app.connect("env-updated", titles.fill)
    app.connect("html-page-context", html.add_files)
    app.connect("build-finished", epub.declare_drawings)
    app.connect("build-finished", build.finish)
    return {
        "version": __version__,
        "env_version": 8,  # raised when pages have to be read again after an upgrade
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _document_models(app: Sphinx, config: Config) -> None:
    """Draw what autodoc documents, if that is wanted."""
    if config.kerasgraph_autodoc:
        from sphinxcontrib_kerasgraph.ext import autodoc

        autodoc.begin(app)


def _add_static_files(app: Sphinx) -> None:
    """Have our files copied; a book can't be explored, and wouldn't take a style sheet of today."""
    from sphinxcontrib_kerasgraph import wording
    from sphinxcontrib_kerasgraph.ext import language
    from sphinxcontrib_kerasgraph.store import write_whole

    names = ["kerasgraph-page.css"]
    if app.builder.name != "epub":
        names += ["kerasgraph.css", "kerasgraph.js"]
    paths = [str(Path(__file__).parent / "static" / name) for name in names]
    if wording.key() and app.builder.name != "epub":  # in another language than English
        words = Path(app.doctreedir, language.SCRIPT)
        write_whole(words, language.script_words(app).encode())
        paths.append(str(words))
    app.config.html_static_path = [*app.config.html_static_path, *paths]
