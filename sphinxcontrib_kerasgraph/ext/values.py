"""``:keras-value:``, which asks for a value of a model, and what stands in its place."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxRole

from sphinxcontrib_kerasgraph.ext.nodes import keras_value
from sphinxcontrib_kerasgraph.ext.report import mark_of, warn
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.option_fields import page_name
from sphinxcontrib_kerasgraph.settings import ModelOptions

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_kerasgraph.ext.place import Place
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.values.question import Question

#: Stands around placeholders: no text has it, nor does any reader see it, or any anchor hold it.
MARK = "\N{WORD JOINER}"
#: The class of values in HTML.
VALUE_CLASS = "kerasgraph-value"
#: What is told where a value can't be had that the reader can do without.
UNKNOWN = "\N{EN DASH}"


def placeholder(request: ModelRequest, question: Question) -> str:
    """What stands for a value in what Sphinx makes of texts before the model is there.

    Of different values they differ; anchors of sections are made of them.
    """
    asked = question.text if question.format is None else f"{question.text}:{question.format}"
    return f"{MARK}{' '.join([*map(str, request.to_data().values()), asked])}{MARK}"


def value_node(request: ModelRequest, question: Question) -> keras_value:
    """What asks for the value."""
    text = nodes.Text(placeholder(request, question))
    return keras_value("", text, request=request, question=question, faulty=False, optional=False)


class _KerasValue(SphinxRole):
    """Leaves a `keras_value` node; it gets the value in `transform.PlaceModels`."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        # The values aren't needed to start Sphinx.
        from sphinxcontrib_kerasgraph.ext.asking import read_request
        from sphinxcontrib_kerasgraph.values.question import divide, parse_question

        given = {name: text for name, text in self.options.items() if name in _MODEL}
        target = str(self.options.get("model", ""))
        try:
            asked = self.text
            if not target:
                target, asked = divide(self.text)
            question = parse_question(asked.strip())
            request = read_request(self.env, target, given)
        except Fault as fault:
            warn(fault, target or self.text, self.get_location(), self.name)
            return [mark_of(self.text)], []
        node = value_node(request, question)
        node["classes"] = [name for name in self.options.get("class", []) if name != self.name]
        self.set_source_info(node)
        return [node], []


def keras_value_role(*args: Any, **kwargs: Any) -> tuple[list[Node], list[system_message]]:
    """The role. A function, since Sphinx's roles keep the options of their last use.

    ``.. role:: net(keras-value)`` gives it its options.
    """
    return _KerasValue()(*args, **kwargs)


_MODEL = {page_name(option) for option in fields(ModelOptions)}
# Where docutils looks for the options that a role takes.
keras_value_role.options = {  # type: ignore[attr-defined]
    **dict.fromkeys(("model", *sorted(_MODEL)), directives.unchanged),
    "class": directives.class_option,
}


def value(node: keras_value, place: Place) -> list[nodes.Element]:
    """The value, in words. Raises `Fault`."""
    graph = place.graph
    try:
        text = said(node.question, graph, place.app.env)
    except Fault:
        if not node["optional"]:
            raise
        text = UNKNOWN
    return [nodes.inline("", text, classes=[VALUE_CLASS, *node["classes"]])]


def visit_unfilled(translator: nodes.NodeVisitor, node: nodes.Element) -> None:
    """Write a mark for what wasn't filled, in a copy of a title that isn't shown otherwise."""
    if isinstance(node, keras_value):
        mark_of(node.request.target, node.question.text).walkabout(translator)
    raise nodes.SkipNode


def said(question: Question, graph: ModelGraph, env: BuildEnvironment) -> str:
    """The value in the language of the documentation. Raises `Fault`."""
    from sphinxcontrib_kerasgraph.values.answer import answer
    from sphinxcontrib_kerasgraph.values.words import in_words

    return in_words(answer(graph, question), question, env.config.language)
