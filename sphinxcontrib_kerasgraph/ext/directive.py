"""``.. keras-model::``, which asks for a diagram. It is drawn in `transform.DrawModels`."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.ext.graphviz import figure_wrapper
from sphinx.util.docutils import SphinxDirective

from sphinxcontrib_kerasgraph import options
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.config import checked_config
from sphinxcontrib_kerasgraph.ext.nodes import keras_model
from sphinxcontrib_kerasgraph.ext.report import note_of, text_of, warn
from sphinxcontrib_kerasgraph.ext.sizes import class_of_width
from sphinxcontrib_kerasgraph.ext.substitutions import is_substitution, without_refused
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.settings import FigureOptions, InsideOptions, ModelOptions
from sphinxcontrib_kerasgraph.target import ModelRequest, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils.nodes import Node


class _AnyOption(dict[str, Any]):
    """Lets docutils pass on every option as text, for us to check and to report on.

    docutils would report a wrong one as an error without a type, and drop the directive.
    """

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, name: str) -> Callable[[str | None], str]:
        return lambda text: text or ""


def _classes(words: str) -> list[str]:
    return [nodes.make_id(word) for word in words.split()]


class KerasModel(SphinxDirective):
    """Checks argument and options, and leaves a `keras_model` node.

    The model can't be built here: pages are read in parallel, and a worker process should be
    started once, for all of them.
    """

    optional_arguments = 1
    has_content = True
    final_argument_whitespace = True
    option_spec = _AnyOption()

    def run(self) -> list[Node]:
        """The request, in a figure if it has a caption; or a note of what is wrong."""
        try:
            return self._run()
        except Fault as fault:
            target = " ".join(" ".join(self.arguments).split())
            warn(fault, target, self.get_location())
            return [text_of(fault, target) if is_substitution(self) else note_of(fault, target)]

    def _run(self) -> list[Node]:
        if not self.arguments:
            raise Fault("target", "No model is named.", "Write its path after '.. keras-model::'.")
        if self.content:
            raise Fault(
                "option",
                "The directive takes no content.",
                "Write a caption as ':caption:', and leave a line free before what follows.",
            )
        faults = without_refused(self) if is_substitution(self) else []
        options.check_page_names(self.options, faults.append)
        conf = checked_config(self.config)
        model = options.parse_options(ModelOptions, self.options, conf)
        figure = options.parse_options(FigureOptions, self.options, conf, tell=faults.append)
        drawing = options.parse_drawing(self.options, conf, tell=faults.append)
        target = Target.parse(self.arguments[0])
        request = ModelRequest(target.text, **vars(model))
        Calling.of(request)  # says what is wrong with it where the page is read
        if target.is_file:
            request = replace(request, target=self._file(target))
        build_of(self.env).foresee(request)
        insides = options.parse_options(InsideOptions, self.options, conf, tell=faults.append)
        for fault in faults:
            warn(fault, target.text, self.get_location())
        node = keras_model(
            "", request=request, options=drawing, insides=insides, faulty=bool(faults)
        )
        self.set_source_info(node)
        shown = self._figure(node, figure)
        if figure.name is not None:
            self.options["name"] = figure.name
        else:
            self.options.pop("name", None)
        self.add_name(shown)
        return [shown]

    def _figure(self, node: keras_model, given: FigureOptions) -> nodes.Element:
        """The node, as it is to stand on the page, in a figure if it has a caption."""
        node["classes"] = _classes(given.class_)
        for name in ("alt", "align", "width", "height", "scale", "figwidth", "interactive"):
            value = getattr(given, name)
            if value is not None:
                node[name] = value
        if given.caption is None:
            node["classes"] += _classes(given.figclass)
            return node
        # Typed for Sphinx's own directive and node, of which it asks no more than ours have.
        figure = figure_wrapper(self, node, given.caption)  # type: ignore[arg-type]
        # Themes would have the figure float, and texts run around it.
        align = figure.attributes.pop("align", None)
        figure["classes"] += ["kerasgraph-figure", *_classes(given.figclass)]
        if align is not None:
            node["align"] = align
            figure["classes"].append(f"kerasgraph-{align}")
        if given.figwidth is not None:
            figure["classes"].append(class_of_width(given.figwidth))
        return figure

    def _file(self, target: Target) -> str:
        """The path of a saved model from the source folder on; the page depends on the file."""
        name, path = self.env.relfn2path(target.path)
        self.env.note_dependency(name)
        if not os.path.isfile(path):
            raise Fault(
                "import",
                f"There is no file {name!r}.",
                "A path begins where the page is, or with '/' for the source folder.",
            )
        return name
