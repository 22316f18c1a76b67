"""Which pages ask for which models, and what these were made from; kept in the environment."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_kerasgraph.ext.latex import page_fraction
from sphinxcontrib_kerasgraph.ext.nodes import (
    Asking,
    Drawn,
    keras_model,
    keras_thumbnail,
    keras_value,
)
from sphinxcontrib_kerasgraph.ext.report import is_note
from sphinxcontrib_kerasgraph.ext.substitutions import defines
from sphinxcontrib_kerasgraph.settings import InsideOptions
from sphinxcontrib_kerasgraph.store import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx.environment import BuildEnvironment
    from sphinx.util.tags import Tags

    from sphinxcontrib_kerasgraph.fingerprint import Contents, Fingerprint
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.values.question import Question
    from sphinxcontrib_kerasgraph.worker.toolchain import Toolchain

_INSIDES = InsideOptions()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A model of which a page tells something."""

    request: ModelRequest
    #: The conditions of the ``only`` directives that it stands in.
    only: tuple[str, ...] = ()

    def is_shown(self, tags: Tags) -> bool:
        """Whether the builder with these tags shows it."""
        try:
            return all(tags.eval_condition(condition) for condition in self.only)
        except ValueError:  # which Sphinx reports
            return True


@dataclass(frozen=True, kw_only=True)
class Diagram(Wanted):
    """A model that is to be drawn, and how."""

    options: DrawOptions
    #: The fraction of the height of a page of LaTeX that it may take.
    page_fraction: float
    #: How what is inside of closed blocks is shown.
    insides: InsideOptions = _INSIDES
    #: Whether the reader of HTML can explore it.
    is_interactive: bool = True


@dataclass(frozen=True, kw_only=True)
class Value(Wanted):
    """A value of a model."""

    question: Question


@dataclass(frozen=True)
class Page:
    """What a page asks for; kept in the environment."""

    wanted: tuple[Wanted, ...]
    #: Whether a directive on it was faulty, so that it has to be read, and reported, again.
    faulty: bool
    #: Where it draws which models: each with the id of the diagram, empty if it has none.
    drawn: tuple[tuple[ModelRequest, str], ...] = ()
    #: What its models were made from; ``None`` if they weren't made.
    fingerprints: tuple[Fingerprint, ...] | None = None
    #: What else decided them: see `Toolchain.key`.
    toolchain: str = ""

    @property
    def requests(self) -> list[ModelRequest]:
        """The models, each once."""
        return list(dict.fromkeys(wanted.request for wanted in self.wanted))

    def holds(self, contents: Contents, toolchain: Toolchain) -> bool:
        """Whether all that its models were made from is still the same."""
        made = self.fingerprints
        if made is None or any(not one.holds(contents) for one in made):
            return False
        return not self.wanted or self.toolchain == toolchain.key

    @property
    def version(self) -> str:
        """Tells what its models were made from from what they were made from before."""
        return key_of(self.fingerprints, self.toolchain)


def pages_of(env: BuildEnvironment) -> dict[str, Page]:
    """The pages that ask for models, by docname."""
    pages: dict[str, Page] = env.__dict__.setdefault("kerasgraph_pages", {})
    return pages


@dataclass(frozen=True)
class LastTime:
    """What one builder did when it ran last; builders may share an environment."""

    #: The pages that failed.
    failed: frozenset[str] = frozenset()
    #: The pages that it wrote, with the `version` of each.
    written: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> LastTime:
        """What `write` kept; nothing if there is no such file, or a damaged one."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(frozenset(data["failed"]), dict(data["written"]))
        except (OSError, ValueError, TypeError, KeyError):
            return cls()

    def write(self, path: Path) -> None:
        """Keep it for the next time."""
        data = {"failed": sorted(self.failed), "written": dict(sorted(self.written.items()))}
        path.write_text(json.dumps(data), encoding="utf-8")


def page_of(doctree: nodes.document) -> Page | None:
    """What a page that was just read asks for; ``None`` if it asks for nothing."""
    asking = list(doctree.findall(Asking))
    wanted = tuple(dict.fromkeys(wanted_by(node) for node in asking if not defines(node)))
    faulty = any(node["faulty"] for node in asking) or any(doctree.findall(is_note))
    drawn = tuple((node.request, _id_of(node)) for node in doctree.findall(keras_model))
    return Page(wanted, faulty, drawn) if wanted or faulty else None


def _id_of(node: keras_model) -> str:
    """By what a diagram is linked."""
    ids: list[str] = node["ids"]
    if not ids and isinstance(node.parent, nodes.figure):
        ids = node.parent["ids"]
    return ids[0] if ids else ""


def wanted_by(node: Asking) -> Wanted:
    """What a node in a doctree asks for."""
    if isinstance(node, keras_model) or (isinstance(node, keras_thumbnail) and node["picture"]):
        return diagram_of(node)
    if isinstance(node, keras_value):
        return Value(request=node.request, only=_conditions(node), question=node.question)
    return Wanted(request=node.request, only=_conditions(node))


def diagram_of(node: Drawn) -> Diagram:
    """What a request in a doctree asks for."""
    return Diagram(
        request=node.request,
        only=_conditions(node),
        options=node.options,
        page_fraction=page_fraction(node),
        insides=node.insides,
        is_interactive=isinstance(node, keras_model) and node.get("interactive", True),
    )


def _conditions(node: nodes.Node) -> tuple[str, ...]:
    """The conditions of the ``only`` directives around a node."""
    found = []
    parent = node.parent
    while parent is not None:
        if isinstance(parent, addnodes.only):
            found.append(str(parent["expr"]))
        parent = parent.parent
    return tuple(found)
