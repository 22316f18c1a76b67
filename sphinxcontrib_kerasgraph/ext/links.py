"""Where the classes of a diagram are documented: in the project, in others, or by a template."""

from __future__ import annotations

import posixpath
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sphinx.errors import NoUri

from sphinxcontrib_kerasgraph.graph.public_names import names_of
from sphinxcontrib_kerasgraph.web.links import Documented, Templates, is_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

_TYPES = ("class", "function", "method")


class Links:
    """Finds the documentation of classes when all pages are read; one of a build.

    It asks neither `sphinx.domains.python` nor `sphinx.ext.intersphinx` to resolve a reference:
    these would warn of names that several have, and find nothing under other names.
    """

    def __init__(self, env: BuildEnvironment, given: Mapping[str, str | None]) -> None:
        self._own = {
            name: (docname, id_)
            for name, _, kind, docname, id_, _ in env.get_domain("py").get_objects()
            if kind in _TYPES
        }
        self._others = _inventoried(env)
        self._documented = Documented(self._own), Documented(self._others)
        self._templates = Templates(given)

    def of(self, names: Iterable[str], docname: str, builder: Builder) -> dict[str, str]:
        """The addresses of those that are documented, from the page on."""
        found = {name: self._url(name, docname, builder) for name in dict.fromkeys(names)}
        return {name: url for name, url in found.items() if url is not None and is_safe(url)}

    def _url(self, name: str, docname: str, builder: Builder) -> str | None:
        names = names_of(name)
        own, others = self._documented
        for found in filter(None, map(own.find, names)):
            with suppress(NoUri):  # it isn't in this document of LaTeX
                return in_project(*self._own[found], docname, builder)
        for found in filter(None, map(others.find, names)):
            return _in_other(self._others[found], docname)
        return next(filter(None, map(self._templates.url, names)), None)


def in_project(to: str, id_: str, docname: str, builder: Builder) -> str:
    """Where an id on a page of the project is. Raises `NoUri` where it isn't written."""
    uri = builder.get_relative_uri(docname, to)
    if builder.name == "singlehtml":  # as it does with references itself
        return f"#{id_}"
    if builder.name == "epub":
        id_ = id_.replace(":", "-")
    return f"{uri}#{id_}" if id_ else uri


def _in_other(uri: str, docname: str) -> str:
    """Addresses of inventories that aren't complete go from the folder of the project on."""
    if "://" in uri:
        return uri
    return posixpath.join(posixpath.relpath(".", posixpath.dirname(docname) or "."), uri)


def _inventoried(env: BuildEnvironment) -> dict[str, str]:
    """What intersphinx knows, if it is used."""
    inventory: Mapping[str, Mapping[str, Any]] = getattr(env, "intersphinx_inventory", {})
    return {
        name: str(getattr(item, "uri", None) or item[2])  # a tuple up to Sphinx 8.1
        for kind in reversed(_TYPES)
        for name, item in inventory.get(f"py:{kind}", {}).items()
    }
