"""Requests become diagrams, when a page is about to be written."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.insides import InsideFigures, drawn_node, put_below
from sphinxcontrib_kerasgraph.ext.nodes import keras_model, kerasgraph
from sphinxcontrib_kerasgraph.ext.pages import diagram_of
from sphinxcontrib_kerasgraph.ext.report import note_of
from sphinxcontrib_kerasgraph.ext.substitutions import defines, stand_alone
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.option_fields import on_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.ext.build import ModelBuild
    from sphinxcontrib_kerasgraph.ext.pages import Diagram
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.view.selection import Unmet


class DrawModels(SphinxPostTransform):
    """Puts a drawn diagram, a table, or the note of a fault in the place of each request.

    Sphinx runs post-transforms in its main process, also with ``-j N``; so what failed is known
    there.
    """

    # After Sphinx has removed what `only` leaves out for this builder (50).
    default_priority = 60

    def run(self, **kwargs: Any) -> None:
        """Draw every diagram of the document."""
        wanted = self._wanted()
        build = build_of(self.env)
        if not wanted or not build.needs_models:
            return
        for node in wanted:
            stand_alone(node)
        # What a file was put into doesn't have it as a child's parent.
        self._files = {
            node: str(file["docname"])
            for file in self.document.findall(addnodes.start_of_file)
            for node in file.findall(keras_model)  # those of files in it are told anew
        }
        diagrams = {node: diagram_of(node) for node in wanted}
        build.draw(diagrams.values())
        for number, (node, diagram) in enumerate(diagrams.items()):
            node["number"] = number
            docname = self._docname(node)
            build.note_written(docname)
            try:
                drawn = self._drawn(node, diagram, build)
            except Fault as fault:
                build.report(fault, node, docname)
                drawn = [note_of(fault, node.request.target)]
            first, *others = drawn
            for name in ("ids", "names"):
                first[name].extend(node[name])
            if not isinstance(first, kerasgraph):
                node.replace_self(drawn)
                continue
            node.replace_self(first)
            put_below(first, others)

    def _wanted(self) -> list[keras_model]:
        """The requests of the document; those that only define a substitution are taken out."""
        wanted = []
        for node in list(self.document.findall(keras_model)):
            if defines(node):
                node.parent.remove(node)
            else:
                wanted.append(node)
        return wanted

    def _docname(self, node: keras_model) -> str:
        """The page of the node, which LaTeX's and others' documents are put together from."""
        return self._files.get(node) or self.env.path2doc(self.document["source"]) or ""

    def _drawn(self, node: keras_model, diagram: Diagram, build: ModelBuild) -> list[nodes.Element]:
        outcome = build.models[diagram.request]
        if isinstance(outcome.result, Fault):
            raise outcome.result
        if outcome.drift is not None:
            build.report(outcome.drift, node, self._docname(node))
        try:
            return self._pictured(node, diagram, outcome.result, outcome.key, build)
        except Fault:
            raise
        except OSError as error:
            raise Fault("graphviz", f"The image can't be written: {error}.") from error
        except Exception as error:
            raise Fault(
                "internal",
                f"Drawing raised {type(error).__name__}: {error}.",
                "Please report it, with the traceback that 'sphinx-build -vv' shows.",
                traceback.format_exc(),
            ) from error

    def _pictured(
        self,
        node: keras_model,
        diagram: Diagram,
        graph: ModelGraph,
        graph_key: str,
        build: ModelBuild,
    ) -> list[nodes.Element]:
        # Imported when the first diagram is drawn, not when Sphinx starts.
        from sphinxcontrib_kerasgraph.label.words import sentence
        from sphinxcontrib_kerasgraph.web.links import classes

        alt = node.get("alt") or f"Diagram of {sentence(graph)}"
        if build.image_format is None:
            from sphinxcontrib_kerasgraph.ext.table import divide_man, graph_to_list, graph_to_table
            from sphinxcontrib_kerasgraph.view.selection import select

            # Most writers can't write a table in a table.
            in_table = _ancestor(node, nodes.table) is not None
            selection = select(graph, node.options.select)
            self._report_unmet(node, selection.unmet, build)
            told = (graph_to_list if in_table else graph_to_table)(selection.graph, alt)
            if not in_table and self.app.builder.format == "man":
                divide_man(node, told)
            return told
        picture = build.pictures.draw(
            graph, graph_key, diagram.options, diagram.page_fraction, build.insides_of(diagram)
        )
        image = picture.image
        self._report_unmet(node, picture.unmet, build)
        self._report_size(node, picture.scale, build)
        if image.complaints:
            advice = (
                "Give a smaller ':dpi:', or use SVG." if "too large" in image.complaints else ""
            )
            fault = Fault("graphviz", f"dot complained: {image.complaints}.", advice)
            build.report(fault, node, self._docname(node))
        if picture.lacking:
            build.report(Fault("graphviz", picture.lacking), node, self._docname(node))
        links = build.links.of(classes(graph.graph), self.env.docname, self.app.builder)
        below = InsideFigures(picture, self._docname(node), node["number"])
        links = {**links, **below.links(self.app.builder)}
        drawn = drawn_node(picture, alt, links)
        drawn["classes"] = node["classes"]
        if picture.explorable is not None:
            from sphinxcontrib_kerasgraph.ext.table import items_to_list
            from sphinxcontrib_kerasgraph.label.outline import outline

            drawn += items_to_list(outline(graph.graph))
        for name in ("align", "width", "height", "scale", "figwidth", "interactive", "number"):
            if name in node:
                drawn[name] = node[name]
        drawn.source, drawn.line = node.source, node.line
        return [drawn, *below.nodes(links)]

    def _report_size(self, node: keras_model, scale: float, build: ModelBuild) -> None:
        from sphinxcontrib_kerasgraph.draw.theme import SMALL_FONT_SIZE

        size = SMALL_FONT_SIZE * scale
        if size < _LEAST_FONT_SIZE:
            message = f"On a page of LaTeX the text of the drawing is {size:.1f} points high."
            build.report(Fault("oversize", message, _OVERSIZE_ADVICE), node, self._docname(node))

    def _report_unmet(self, node: keras_model, unmet: Iterable[Unmet], build: ModelBuild) -> None:
        """Report what the options ask for in vain; the diagram is drawn all the same."""
        docname = self._docname(node)
        for one in unmet:
            name = on_page(one.option or "")
            words = one.in_words(f"':{name}: {{asked}}'")
            message = f"{words[0].upper()}{words[1:]}."
            if one.option is None:
                build.report(Fault("opaque", message, _OPAQUE_ADVICE), node, docname)
            # Those in conf.py are meant for all diagrams.
            elif one.asked not in getattr(self.config, f"kerasgraph_{name}", ()):
                build.report(Fault("option", message, _UNMATCHED_ADVICE), node, docname)


_UNMATCHED_ADVICE = "The tooltips of the boxes show their paths and classes."

#: Smaller text than this, in points, isn't read without a lens.
_LEAST_FONT_SIZE = 5

_OVERSIZE_ADVICE = (
    "Use ':view: overview', draw part of the model with ':from:', ':to:' or ':hide:', or close "
    "blocks with ':collapse:'."
)

#: What the author of an opaque block can do.
_OPAQUE_ADVICE = (
    "It is drawn as one box. Use keras.ops in its 'call', give ':input-shape:' without unknown "
    "sizes, or leave it closed with ':collapse:'."
)


def _ancestor(node: nodes.Node, of_class: type[nodes.Element]) -> nodes.Element | None:
    parent = node.parent
    while parent is not None and not isinstance(parent, of_class):
        parent = parent.parent
    return parent
