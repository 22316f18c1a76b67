"""Models that `sphinx.ext.autodoc` documents are drawn without a word in their docstrings.

A directive of our own, `AddedModels`, is put at the end of their docstrings, after other extensions
have made reStructuredText of them; it gives way to those of the author's.
"""

from __future__ import annotations

import inspect
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinxcontrib_kerasgraph.ext import python_objects
from sphinxcontrib_kerasgraph.ext.documented import documented
from sphinxcontrib_kerasgraph.ext.nodes import Asking
from sphinxcontrib_kerasgraph.ext.summaries import is_for_summary, without_summary
from sphinxcontrib_kerasgraph.settings import ATTRIBUTE, of_name

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.config import Config

logger = logging.getLogger(__name__)

#: The name of `AddedModels`, which isn't for authors.
_ADDED = "kerasgraph-documented"
#: A directive of the author's that asks for a model, as reStructuredText or in a fence.
_ASKS = re.compile(r"^\s*(?:\.\.\s+|[`:]{3,}\{)keras-\w+(?:::|\})", re.MULTILINE)
#: What is shown, by `BuildSettings.autodoc_show`.
_SHOWN = {
    "diagram": ("keras-model",),
    "summary": ("keras-summary",),
    "both": ("keras-model", "keras-summary"),
}
#: To which object's description something was added last; a key of Sphinx's data of a page.
_SEEN = "kerasgraph_added"


def begin(app: Sphinx) -> None:
    """Listen to autodoc; on ``config-inited``."""
    if "sphinx.ext.autodoc" not in app.extensions:
        logger.warning(
            "kerasgraph_autodoc is set, but nothing is documented by autodoc. Add "
            "'sphinx.ext.autodoc' to extensions in conf.py.",
            type="kerasgraph",
            subtype="option",
        )
        return
    app.add_directive(_ADDED, AddedModels)
    # Later than napoleon and numpydoc, which read the whole docstring.
    app.connect("autodoc-process-docstring", _add, priority=900)
    app.connect("object-description-transform", _give_way)


class AddedModels(SphinxDirective):
    """Asks for the documented model as ``kerasgraph_autodoc_show`` has it, once in a description.

    A class has two docstrings with ``autoclass_content = "both"``.
    """

    def run(self) -> list[Node]:
        """What the directives give that it stands for."""
        if is_for_summary(self):
            return [without_summary()]
        described = documented(self)
        name = None if described is None else described.name
        # Descriptions of members stand in that of their class, which ends after them.
        if name is not None and self.env.temp_data.get(_SEEN) == name:
            return []
        self.env.temp_data[_SEEN] = name
        source, line = self.get_source_info()
        found: list[Node] = []
        for directive in _SHOWN[self.config.kerasgraph_autodoc_show]:
            self.content = StringList([f".. {directive}::", ""], items=[(source, line - 1)] * 2)
            made = self.parse_content_to_nodes()
            found += made
            if not any(node.next_node(Asking, include_self=True) for node in made):
                break  # what is wrong is told once
        for node in found:
            if isinstance(node, nodes.Element):
                node["added"] = True
        return found


def _give_way(app: Sphinx, domain: str, objtype: str, content: addnodes.desc_content) -> None:
    """Leave out what was added to a description in which the author asks for a model."""
    app.env.temp_data[_SEEN] = None
    added = [node for node in content.children if isinstance(node, nodes.Element)]
    added = [node for node in added if node.get("added")]
    for node in added:
        del node["added"]
    ours = {one for node in added for one in node.findall(Asking)}
    theirs = [one for one in content.findall(Asking) if one not in ours]
    if any(_described(one) is content for one in theirs):
        for node in added:
            content.remove(node)


def _described(node: nodes.Node) -> nodes.Node | None:
    """The description that it stands in."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, addnodes.desc_content):
            return node
    return None


def _add(  # noqa: PLR0913, PLR0917 - the event's
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Add the directive to the docstring of a model; on ``autodoc-process-docstring``."""
    if _ASKS.search("\n".join(lines)) or not _is_wanted(app.config, what, name, obj):
        return
    if what == "class":
        content = getattr(options, "class_doc_from", None) or app.config.autoclass_content
        second = inspect.getdoc(obj.__init__) or "" if content == "both" else ""
        if _ASKS.search(second):
            return
    if lines and lines[-1].strip():
        lines.append("")
    lines += [f".. {_ADDED}::", ""]


def _is_wanted(config: Config, what: str, name: str, obj: Any) -> bool:
    """Whether the documented object is a model that is to be drawn."""
    first = python_objects.first_name(name)
    wanted = config.kerasgraph_autodoc
    patterns = () if isinstance(wanted, bool) else wanted
    is_named = any(fnmatchcase(one, pattern) for one in {name, first} for pattern in patterns)
    if not is_named and wanted is not True:
        return False
    is_given, values = of_name(config.kerasgraph_shapes, [name, first])
    if is_given and values is None:
        return False
    owner = python_objects.owner_of(name)
    match what:
        case "function":
            returns = python_objects.returns_model(obj)
            if returns is None:
                return is_named
            return returns and (is_named or not python_objects.wants_objects(obj))
        case "class":
            # Another name for a class says so, and no more.
            is_alias = obj.__name__ != name.rpartition(".")[2]
            has_shapes = is_given or isinstance(getattr(obj, ATTRIBUTE, None), dict)
            return not is_alias and python_objects.is_model_class(obj) and (has_shapes or is_named)
        case "method":
            raw = inspect.getattr_static(owner, name.rpartition(".")[2], None)
            is_plain = isinstance(raw, staticmethod | classmethod)
            return is_plain and python_objects.returns_model(obj, owner) is True
        case "data" | "attribute":
            # Autodoc takes a mocked model for something decorated.
            return python_objects.is_model(python_objects.found(name))
    return False
