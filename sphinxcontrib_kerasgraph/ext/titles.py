"""Values in titles: Sphinx copies these when a page is read, before any model is there.

Into the tables of contents and the titles of pages it copies nodes, into labels and the index
texts, in which placeholders stand. Both get the values when the models are made. Each page is read
again when its models change, and so are then the titles.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.nodes import keras_value
from sphinxcontrib_kerasgraph.ext.pages import Value, pages_of
from sphinxcontrib_kerasgraph.ext.report import mark_of
from sphinxcontrib_kerasgraph.ext.values import MARK, VALUE_CLASS, placeholder, said
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_kerasgraph.ext.build import ModelBuild
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.values.question import Question

_PLACEHOLDER = re.compile(f"{MARK}[^{MARK}]+{MARK}")


def fill(app: Sphinx, env: BuildEnvironment) -> None:
    """Put the values where titles were copied to; on ``env-updated``.

    What can't be had is marked. It is reported where it stands on its page.
    """
    build = build_of(env)
    asked = _asked(env) if build.needs_models else {}
    if not asked:
        return
    # A page's title is often its long title, too.
    copies = {id(copied): copied for copied in _copied(env)}.values()
    standing = {placeholder(copied.request, copied.question) for copied in copies}
    standing.update(_standing([*_texts(env)]))
    # Those of a page that another builder read, of what only this one shows.
    build.prepare(
        one
        for name, every in asked.items()
        if name in standing
        for one in every
        if one.is_shown(app.tags)
    )
    for copied in copies:
        made = _made(copied.request, copied.question, build, env)
        if made is not None:
            copied.replace_self(made)
    for kept in _texts(env):
        for name, texts in kept.items():
            kept[name] = _filled(texts, asked, build, env)


def _asked(env: BuildEnvironment) -> dict[str, list[Value]]:
    """What all pages ask for, by the placeholders that stand for it."""
    asked: dict[str, list[Value]] = {}
    for page in pages_of(env).values():
        for one in page.wanted:
            if isinstance(one, Value):
                asked.setdefault(placeholder(one.request, one.question), []).append(one)
    return asked


def fill_index(document: nodes.document, build: ModelBuild, env: BuildEnvironment) -> None:
    """Put the values into the entries of the index that stand in a page that is being written."""
    asked = _asked(env)
    for node in document.findall(addnodes.index):
        node["entries"] = _filled(node["entries"], asked, build, env)


def _copied(env: BuildEnvironment) -> Iterator[keras_value]:
    for kept in (env.titles, env.longtitles, env.tocs):
        for copy in kept.values():
            yield from copy.findall(keras_value)


def _texts(env: BuildEnvironment) -> Iterator[dict[str, Any]]:
    """What Sphinx shows for references to labels, and in the index."""
    for domain, name in (("std", "labels"), ("index", "entries")):
        yield env.domaindata.get(domain, {}).get(name, {})


def _standing(texts: Any) -> Iterator[str]:
    """The placeholders in texts."""
    if isinstance(texts, dict):
        texts = [*texts.values()]
    if isinstance(texts, tuple | list):
        for text in texts:
            yield from _standing(text)
    elif isinstance(texts, str) and MARK in texts:
        yield from _PLACEHOLDER.findall(texts)


def _filled(
    texts: Any, asked: Mapping[str, Sequence[Value]], build: ModelBuild, env: BuildEnvironment
) -> Any:
    """The texts, with the values in the place of placeholders."""
    if isinstance(texts, tuple | list):
        return type(texts)(_filled(text, asked, build, env) for text in texts)
    if not isinstance(texts, str) or MARK not in texts:
        return texts

    def value(found: re.Match[str]) -> str:
        first = next(iter(asked.get(found[0], ())), None)
        made = first and _made(first.request, first.question, build, env)
        return made.astext() if made else found[0]

    return _PLACEHOLDER.sub(value, texts)


def _made(
    request: ModelRequest, question: Question, build: ModelBuild, env: BuildEnvironment
) -> nodes.Element | None:
    """The value or a mark; ``None`` where the model wasn't made, since the builder shows it not."""
    try:
        result = build.models[request].result
    except KeyError:
        return None
    try:
        if isinstance(result, Fault):
            raise result
        text = said(question, result, env)
    except Fault:
        return mark_of(request.target, question.text)
    return nodes.inline("", text, classes=[VALUE_CLASS])
