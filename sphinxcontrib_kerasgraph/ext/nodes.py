"""The doctree nodes: what asks for a model, and the drawn diagram that takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.ext.graphviz import graphviz

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.settings import DiffOptions, InsideOptions
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.values.question import Question


class Asking(nodes.Element):
    """Stands for what is made of a model when the page is written.

    Attributes: ``request``, a `ModelRequest`; ``faulty``, whether something about it is wrong that
    was reported, so that the page has to be read again. Small, since doctrees are pickled.
    """

    #: What warnings say is wrong.
    asker: ClassVar[str] = "keras-model"

    @property
    def request(self) -> ModelRequest:
        """Which model is wanted."""
        request: ModelRequest = self["request"]
        return request

    @property
    def requests(self) -> tuple[ModelRequest, ...]:
        """All models that are wanted."""
        return (self.request,)

    @property
    def named(self) -> str:
        """What readers know it by."""
        return self.request.target

    @property
    def whole(self) -> nodes.Element:
        """What is replaced by what is made: the node, or what it stands in."""
        return self


class Translated(addnodes.translatable):
    """Has catalogs of the documentation translate the ``alt`` that its author wrote."""

    attributes: dict[str, Any]

    def preserve_original_messages(self) -> None:
        """Keep it as it was written."""
        if self.attributes.get("alt"):
            self.attributes.setdefault("raw_alt", self.attributes["alt"])

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        """Take over its translation."""
        if self.attributes.get("alt") == original_message:
            self.attributes["alt"] = translated_message

    def extract_original_messages(self) -> Sequence[str]:
        """What there is to translate."""
        raw = self.attributes.get("raw_alt")
        return [raw] if raw else []


class Drawn(Asking):
    """Stands for a drawing of a model.

    Attributes beside those of its base: ``options``, a `DrawOptions`; ``insides``, an
    `InsideOptions`.
    """

    @property
    def options(self) -> DrawOptions:
        """How it is drawn."""
        options: DrawOptions = self["options"]
        return options

    @property
    def insides(self) -> InsideOptions:
        """How what is inside of closed blocks is shown."""
        insides: InsideOptions = self["insides"]
        return insides


class Figured(nodes.General, nodes.Inline, Drawn, Translated):
    """Stands for a diagram; in a text if a substitution put it there.

    Attributes beside those of its base: ``alt``, ``align`` and ``classes`` as of Sphinx's
    ``graphviz``; ``width``, ``height``, ``scale``, ``figwidth`` and ``interactive`` as of
    `FigureOptions`.
    """


class keras_model(Figured):  # noqa: N801 - as docutils
    """Stands for a diagram of a model."""


class keras_diff(Figured):  # noqa: N801
    """Stands for what differs between two models: a diagram, rows of a table, or words.

    Attributes beside those of its base: ``old``, the `ModelRequest` of the first one, where
    ``request`` is that of the second; ``diff``, a `DiffOptions`; ``captioned``, whether it has a
    caption of the author's.
    """

    asker = "keras-diff"

    @property
    def requests(self) -> tuple[ModelRequest, ...]:
        """Both models."""
        return self["old"], self.request

    @property
    def named(self) -> str:
        """Both targets."""
        return " → ".join(request.target for request in self.requests)

    @property
    def diff(self) -> DiffOptions:
        """What is shown of it."""
        options: DiffOptions = self["diff"]
        return options

    @property
    def whole(self) -> nodes.Element:
        """The table that it stands in, if it is shown as one."""
        table: nodes.Element = self.parent
        return table if self.diff.as_ == "table" else self


class keras_value(nodes.Inline, Asking):  # noqa: N801
    """Stands for a value of a model, in a text.

    Attributes beside those of its base: ``question``, a `Question`; ``optional``, whether the
    reader can do without; ``of``, what the reader knows the model by. Its text, a placeholder, goes
    into what Sphinx makes of titles while pages are read: see `ext.titles`.
    """

    asker = "keras-value"

    @property
    def question(self) -> Question:
        """Which value is wanted."""
        question: Question = self["question"]
        return question


class keras_thumbnail(nodes.Inline, Drawn):  # noqa: N801
    """Stands for a model in a gallery: for a small drawing of it, or its name, with a link.

    Attributes beside those of its base: ``title``, its name; ``picture``, whether it is drawn.
    """

    asker = "keras-gallery"


class keras_summary(nodes.General, Asking):  # noqa: N801
    """Stands for the rows of a table of layers, in the table.

    Attributes beside those of its base: ``select``, a `SelectOptions`; ``folding``, a
    `FoldOptions`; ``columns`` and ``widths`` as of `SummaryOptions`.
    """

    asker = "keras-summary"

    @property
    def whole(self) -> nodes.table:
        """The table."""
        table: nodes.table = self.parent  # type: ignore[assignment]
        return table


class kerasgraph_scroll(nodes.General, nodes.Element):  # noqa: N801
    """A table in HTML that is scrolled where it is long or wide; ``label`` names it."""


class kerasgraph(graphviz):  # noqa: N801
    """A drawn diagram. A graphviz node of Sphinx whose image is there already.

    Beside the attributes of its base, and those of the request that say how it stands on the page,
    it has ``image``, a `RenderedImage`; ``explorable``, an `Explorable`, of SVG; ``links``, where
    classes in it are documented; ``listed``, what its children, which tell it in words, are called;
    ``number``, its place on the page; and ``data``, the file of what readers may ask for. Visitors
    of ours write it, since those of `sphinx.ext.graphviz` don't escape ``alt``, leave DOT on the
    page when ``dot`` is missing, and write images in place.
    """
