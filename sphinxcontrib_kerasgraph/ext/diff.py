"""``.. keras-diff::``, which asks for what differs between two models.

What takes its place is made in `ext.differences`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinxcontrib_kerasgraph import options
from sphinxcontrib_kerasgraph.ext.asking import ModelDirective, classes_of, read_request
from sphinxcontrib_kerasgraph.ext.config import checked_config
from sphinxcontrib_kerasgraph.ext.directive import in_figure, stand
from sphinxcontrib_kerasgraph.ext.documented import documented
from sphinxcontrib_kerasgraph.ext.nodes import keras_diff
from sphinxcontrib_kerasgraph.ext.substitutions import is_substitution
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.settings import DiffOptions, FigureOptions, InsideOptions
from sphinxcontrib_kerasgraph.target import Target

if TYPE_CHECKING:
    from docutils.nodes import Node

    from sphinxcontrib_kerasgraph.target import ModelRequest

DIFF_CLASS = "kerasgraph-diff"


class KerasDiff(ModelDirective):
    """Leaves a `keras_diff` node: in a figure, or a table, or alone where there are but words.

    These are there when the page is read, that they are numbered, and captions translated. What
    differs is known later, and added to the caption then.
    """

    groups = options.DIFF

    @property
    def _names_nothing(self) -> bool:
        return False

    def _found(self, faults: list[Fault]) -> list[Node]:
        old, new = self._requests()
        conf, given = checked_config(self.config), self.options
        diff = options.parse_options(DiffOptions, given, conf, tell=faults.append)
        figure = options.parse_options(FigureOptions, given, conf, tell=faults.append)
        drawing = options.parse_drawing(given, conf, tell=faults.append)
        insides = options.parse_options(InsideOptions, given, conf, tell=faults.append)
        node = keras_diff(
            "",
            old=old,
            request=new,
            diff=diff,
            options=drawing,
            insides=insides,
            captioned=figure.caption is not None,
            faulty=bool(faults),
        )
        self.set_source_info(node)
        stand(node, figure)
        shown = self._shown(node, figure)
        self.name_shown(shown, figure.name)
        return [shown]

    def _requests(self) -> tuple[ModelRequest, ModelRequest]:
        """Both models; the second is the documented object, where one alone is named.

        Raises `Fault`.
        """
        text = " ".join(self.arguments)
        if not text:
            raise Fault(
                "target", "No models are named.", "Name two: the old one, then the new one."
            )
        found, also = None, None
        try:
            targets = [target.text for target in Target.parse_two(text)]
        except Fault:
            found = documented(self)
            if found is None:
                raise
            targets, also = [Target.parse(text).text, found.first_name], found.name
        of_old, of_new = options.texts_of_two(self.options, (targets[0], targets[1]))
        old = read_request(self.env, targets[0], of_old)
        new = read_request(self.env, targets[1], of_new, also)
        if found is not None:
            found.check_call(new, self.name)
        return old, new

    def _shown(self, node: keras_diff, figure: FigureOptions) -> nodes.Element:
        """What the node stands in; with both names where no caption is given."""
        if node.diff.as_ == "words":
            if figure.caption is not None:
                node += self._caption(nodes.paragraph, figure.caption)
            return node
        if node.diff.as_ == "picture" and is_substitution(self):
            return node
        shown: nodes.Element
        if node.diff.as_ == "table":
            shown = nodes.table("", classes=[DIFF_CLASS, *classes_of(figure.figclass)])
            if figure.align is not None:
                shown["align"] = figure.align
            self.set_source_info(shown)
            shown += [*self._caption(nodes.title, figure.caption or ""), node]
        else:
            shown = in_figure(self, node, figure)
        if figure.caption is None:
            for caption in (*shown.findall(nodes.caption), *shown.findall(nodes.title)):
                caption.append(nodes.Text(node.named))
        return shown

    def _caption(self, kind: type[nodes.TextElement], text: str) -> list[Node]:
        """What the author says of it, and what is wrong with that."""
        words, messages = self.parse_inline(text)
        caption = kind(text, "", *words)
        self.set_source_info(caption)
        return [caption, *messages]
