"""Which pages ask for which models, and what these were made from; kept in the environment."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sphinx
from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_kerasgraph import files, wording
from sphinxcontrib_kerasgraph.ext.config import deciding_settings
from sphinxcontrib_kerasgraph.ext.latex import page_fraction
from sphinxcontrib_kerasgraph.ext.nodes import (
    Asking,
    Drawn,
    Figured,
    keras_diff,
    keras_model,
    keras_thumbnail,
    keras_value,
)
from sphinxcontrib_kerasgraph.ext.report import is_note
from sphinxcontrib_kerasgraph.ext.substitutions import defines
from sphinxcontrib_kerasgraph.schema import each, mapping, parsed, record, text
from sphinxcontrib_kerasgraph.settings import InsideOptions
from sphinxcontrib_kerasgraph.store import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx.config import Config
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
    #: The model with which it is compared, if it is.
    old: ModelRequest | None = None
    #: The conditions of the ``only`` directives that it stands in.
    only: tuple[str, ...] = ()

    @property
    def requests(self) -> tuple[ModelRequest, ...]:
        """All models that it takes."""
        return (self.request,) if self.old is None else (self.old, self.request)

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
    #: How many calls around each change of two models are drawn.
    context: int | str = "all"


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
    #: Which models it draws: each with the id of the diagram, empty if it has none.
    drawn: tuple[tuple[Wanted, str], ...] = ()
    #: The models in galleries, which link to their diagrams.
    linked: tuple[ModelRequest, ...] = ()
    #: The snapshots that stand for a pattern of a gallery: that of their names, and these.
    listed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: What its models were made from; ``None`` if they weren't made.
    fingerprints: tuple[Fingerprint, ...] | None = None
    #: What else decided them: see `Toolchain.key`.
    toolchain: str = ""

    @property
    def requests(self) -> list[ModelRequest]:
        """The models, each once."""
        return list(dict.fromkeys(one for wanted in self.wanted for one in wanted.requests))

    def holds(self, contents: Contents, toolchain: Toolchain) -> bool:
        """Whether all that its models were made from is still the same."""
        made = self.fingerprints
        if made is None or any(not one.holds(contents) for one in made):
            return False
        return not self.wanted or self.toolchain == toolchain.key


def pages_of(env: BuildEnvironment) -> dict[str, Page]:
    """The pages that ask for models, by docname."""
    pages: dict[str, Page] = env.__dict__.setdefault("kerasgraph_pages", {})
    return pages


def listed_of(env: BuildEnvironment) -> dict[str, tuple[str, ...]]:
    """What `Page.listed` will have of the page that is being read."""
    data: Any = env.temp_data  # whose type Sphinx has changed
    listed: dict[str, tuple[str, ...]] = data.setdefault("kerasgraph_listed", {})
    return listed


def diagrams_of(
    pages: Mapping[str, Page], request: ModelRequest, tags: Tags
) -> list[tuple[str, str]]:
    """Where the builder with these tags shows the model: pages, and ids on them."""
    return [
        (docname, id_)
        for docname, page in sorted(pages.items())
        for wanted, id_ in page.drawn
        if wanted.request == request and wanted.is_shown(tags)
    ]


def versions_of(pages: Mapping[str, Page], tags: Tags, config: Config) -> dict[str, str]:
    """For each page what tells what is written of it from what was written before.

    That is what its models were made from, where their diagrams are, the settings in conf.py,
    and the words in which they are told of.
    """
    words, settings = wording.key(), deciding_settings(config)
    found = {}
    for docname, page in pages.items():
        links = [diagrams_of(pages, request, tags) for request in page.linked]
        found[docname] = key_of(page.fingerprints, page.toolchain, links, settings, words)
    return found


@dataclass(frozen=True)
class LastTime:
    """What one builder did when it ran last; builders may share an environment."""

    #: The pages that failed.
    failed: frozenset[str] = frozenset()
    #: The pages that it wrote, with the version of each: see `versions_of`.
    written: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> LastTime:
        """What `write` kept; nothing if there is no such file, or a damaged one."""
        try:
            return _last_time(parsed(files.read(path)))
        except (OSError, ValueError):
            return cls()

    def write(self, path: Path) -> None:
        """Keep it for the next time."""
        data = {"failed": sorted(self.failed), "written": dict(sorted(self.written.items()))}
        path.write_text(json.dumps(data), encoding="utf-8")


_last_time = record(
    LastTime, {"failed": lambda value: frozenset(each(text)(value)), "written": mapping(text)}
)


def note_dependency(env: BuildEnvironment, docname: str, name: str) -> None:
    """Have Sphinx read the page again when the file has changed."""
    if sphinx.version_info < (8, 2):
        # There only the page that is being read can be named, and paths are kept as texts.
        env.dependencies[docname].add(name)  # type: ignore[arg-type]
    else:
        env.note_dependency(name, docname=docname)


def page_of(doctree: nodes.document) -> Page:
    """What a page that was just read asks for."""
    asking = list(doctree.findall(Asking))
    wanted = tuple(dict.fromkeys(wanted_by(node) for node in asking if not defines(node)))
    faulty = any(node["faulty"] for node in asking) or any(doctree.findall(is_note))
    shown = [node for node in asking if isinstance(node, keras_model) and not defines(node)]
    return Page(
        wanted,
        faulty,
        tuple((Wanted(request=one.request, only=_conditions(one)), _id_of(one)) for one in shown),
        tuple(dict.fromkeys(one.request for one in asking if isinstance(one, keras_thumbnail))),
    )


def _id_of(node: keras_model) -> str:
    """By what a diagram is linked."""
    ids: list[str] = node["ids"]
    if not ids and isinstance(node.parent, nodes.figure):
        ids = node.parent["ids"]
    return ids[0] if ids else ""


def wanted_by(node: Asking) -> Wanted:
    """What a node in a doctree asks for."""
    if isinstance(node, keras_diff) and node.diff.as_ != "picture":
        old, new = node.requests
        return Wanted(request=new, old=old, only=_conditions(node))
    if isinstance(node, Figured) or (isinstance(node, keras_thumbnail) and node["picture"]):
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
        is_interactive=isinstance(node, Figured) and node.get("interactive", True),
        **_compared(node),
    )


def _compared(node: Asking) -> dict[str, Any]:
    """What a diagram of two models has beside."""
    if not isinstance(node, keras_diff):
        return {}
    return {"old": node.requests[0], "context": node.diff.context}


def _conditions(node: nodes.Node) -> tuple[str, ...]:
    """The conditions of the ``only`` directives around a node."""
    found = []
    parent = node.parent
    while parent is not None:
        if isinstance(parent, addnodes.only):
            found.append(str(parent["expr"]))
        parent = parent.parent
    return tuple(found)
