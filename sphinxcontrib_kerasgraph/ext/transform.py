"""What was asked for takes its place, when a page is about to be written."""

from __future__ import annotations

import traceback
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.html import write_beside
from sphinxcontrib_kerasgraph.ext.insides import put_below
from sphinxcontrib_kerasgraph.ext.latex import typeset
from sphinxcontrib_kerasgraph.ext.mocks import explained
from sphinxcontrib_kerasgraph.ext.nodes import (
    Asking,
    Figured,
    keras_diff,
    keras_model,
    keras_summary,
    keras_thumbnail,
    keras_value,
    kerasgraph,
)
from sphinxcontrib_kerasgraph.ext.pages import wanted_by
from sphinxcontrib_kerasgraph.ext.place import Place
from sphinxcontrib_kerasgraph.ext.report import mark_of, note_of
from sphinxcontrib_kerasgraph.ext.substitutions import defines, stand_alone
from sphinxcontrib_kerasgraph.ext.titles import fill_index
from sphinxcontrib_kerasgraph.faults import Fault


class PlaceModels(SphinxPostTransform):
    """Puts what was asked for, or the note of a fault, in the place of each node that asks.

    Sphinx runs post-transforms in its main process, also with ``-j N``; so what failed is known
    there.
    """

    # After Sphinx has removed what `only` leaves out for this builder (50).
    default_priority = 60

    def run(self, **kwargs: Any) -> None:
        """Do so for all that the document asks for."""
        asking = self._asking()
        build = build_of(self.env)
        if not asking or not build.needs_models:
            return
        for node in asking:
            if isinstance(node, Figured):
                stand_alone(node)
        # What a file was put into doesn't have it as a child's parent.
        files = {
            node: str(file["docname"])
            for file in self.document.findall(addnodes.start_of_file)
            for node in file.findall(Asking)  # those of files in it are told anew
        }
        docname = self.env.path2doc(self.document["source"]) or ""
        build.prepare(map(wanted_by, asking))
        for number, node in enumerate(asking):
            place = Place(node, number, files.get(node) or docname, build)
            build.note_written(place.docname)
            try:
                found = _made(place)
            except Fault as found_fault:
                fault = explained(found_fault, self.config)
                place.report(fault)
                found = [_in_place_of(node, fault, str(build.app.srcdir))]
            if build.app.builder.format == "latex":
                for one in found:
                    typeset(one)
            _put(node.whole, found)
        if any(isinstance(node, keras_value) for node in asking):
            fill_index(self.document, build, self.env)

    def _asking(self) -> list[Asking]:
        """The nodes that ask; those that only define a substitution are taken out."""
        asking = []
        for node in list(self.document.findall(Asking)):
            if defines(node):
                node.parent.remove(node)
            else:
                asking.append(node)
        return asking


def _made(place: Place) -> list[nodes.Element]:
    """What was asked for. Raises `Fault`."""
    try:
        made = _by_kind(place)
        for one in made:
            write_beside(one, place.app.builder)
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
    return made


def _by_kind(place: Place) -> list[nodes.Element]:
    # Each is imported when the first of its kind is made, not when Sphinx starts.
    node = place.node
    if isinstance(node, keras_model):
        from sphinxcontrib_kerasgraph.ext.diagrams import diagram

        return diagram(node, place)
    if isinstance(node, keras_diff):
        from sphinxcontrib_kerasgraph.ext.differences import differences

        return differences(node, place)
    if isinstance(node, keras_summary):
        from sphinxcontrib_kerasgraph.ext.summary import summary_of

        return summary_of(node, place)
    if isinstance(node, keras_value):
        from sphinxcontrib_kerasgraph.ext.values import value

        return value(node, place)
    if isinstance(node, keras_thumbnail):
        from sphinxcontrib_kerasgraph.ext.thumbnails import thumbnail

        return thumbnail(node, place)
    raise TypeError(f"{type(node).__name__} is no node of ours")


def _in_place_of(node: Asking, fault: Fault, folder: str) -> nodes.Element:
    """What the page shows where what was asked for can't be had."""
    if isinstance(node, keras_value):
        return mark_of(node.get("of", node.request.target), node.question.text)
    if isinstance(node, keras_thumbnail):
        return nodes.inline("") if node["picture"] else mark_of(node["title"])
    return note_of(fault, node.named, folder, node.asker)


def _put(node: nodes.Element, found: list[nodes.Element]) -> None:
    first, *others = found
    if any(one["ids"] == node["ids"] for made in found for one in made.findall(nodes.table)):
        # A table has its ids and classes itself, and what it is in shall have none.
        at = node.parent.index(node)
        node.parent[at : at + 1] = found
        return
    for name in ("ids", "names"):
        first[name].extend(node[name])
    if not isinstance(first, kerasgraph):
        node.replace_self(found)
        return
    node.replace_self(first)
    put_below(first, others)
