"""``.. keras-gallery::``, which shows several models side by side, or compares them in a table."""

from __future__ import annotations

import re
from dataclasses import fields
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinxcontrib_kerasgraph import options, page_names
from sphinxcontrib_kerasgraph.ext.asking import ModelDirective, classes_of, read_request
from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.config import checked_config
from sphinxcontrib_kerasgraph.ext.nodes import keras_thumbnail
from sphinxcontrib_kerasgraph.ext.pages import listed_of
from sphinxcontrib_kerasgraph.ext.report import note_of, warn
from sphinxcontrib_kerasgraph.ext.values import value_node
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.option_fields import page_name
from sphinxcontrib_kerasgraph.settings import GalleryOptions, InsideOptions, ModelOptions
from sphinxcontrib_kerasgraph.wording import N_, _, around

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from docutils.nodes import Node

    from sphinxcontrib_kerasgraph.exports import Exports, Pattern
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.values.question import Question

GALLERY_CLASS = "kerasgraph-gallery"
#: In LaTeX so many thumbnails stand side by side.
_IN_LATEX = 3
#: Characters of a column of values, where these count.
_NARROWEST = 12
#: What is told if it isn't chosen.
_COLUMNS = {"grid": ("params",), "table": ("params", "flops", "depth", "input_shape")}
#: What values are called, at the head of a column and beside a value.
_WORDS = {
    "params": (N_("Parameters"), N_("{value} parameters")),
    "trainable_params": (N_("Trainable"), N_("{value} trainable")),
    "non_trainable_params": (N_("Not trainable"), N_("{value} not trainable")),
    "flops": (N_("FLOPs"), N_("{value} FLOPs")),
    "depth": (N_("Depth"), N_("depth {value}")),
    "layers": (N_("Layers"), N_("{value} layers")),
    "calls": (N_("Calls"), N_("{value} calls")),
    "size": (N_("Size"), "{value}"),
    "input_shape": (N_("Input"), N_("from {value}")),
    "output_shape": (N_("Output"), N_("to {value}")),
    "name": (N_("Name"), "{value}"),
    "class": (N_("Class"), "{value}"),
}
#: ``ResNet-50 <mypkg.build(depth=50)>``.
_TITLED = re.compile(r"(?P<title>.+?)\s+<(?P<target>.+)>", re.DOTALL)
_NO_INSIDES = InsideOptions(insides="none", inside_figures="none")


class KerasGallery(ModelDirective):
    """Leaves a list, or a table, of thumbnails and values."""

    groups = (GalleryOptions, *options.DRAWING, ModelOptions)

    def _run(self) -> list[Node]:
        faults: list[Fault] = []
        page_names.check_page_names(self.options, self.groups, faults.append)
        conf = checked_config(self.config)
        # Not those of a diagram of that name.
        given = options.parse_options(GalleryOptions, self.options, {}, tell=faults.append)
        others = {name: text for name, text in self.options.items() if name != "columns"}
        drawing = options.parse_drawing(others, conf, tell=faults.append)
        questions = _questions(given, faults)
        names = set(map(page_name, fields(ModelOptions)))
        asked = {name: text for name, text in self.options.items() if name in names}
        models = [*self._models(asked, given, faults)]
        for fault in faults:
            warn(fault, self.named or self.name, self.get_location(), self.name)
        notes: list[Node] = [
            note_of(fault, self.named, str(self.env.srcdir)) for fault in faults if not models
        ]
        if not models:
            return notes
        shown = self._shown(models, questions, drawing, given)
        for node in shown.findall(keras_thumbnail):
            node["faulty"] = bool(faults)
        shown["classes"] += classes_of(given.class_)
        self.name_shown(shown, given.name)
        return [shown]

    # Which models.

    def _models(
        self, asked: dict[str, str], given: GalleryOptions, faults: list[Fault]
    ) -> Iterator[tuple[str, ModelRequest]]:
        """Each model with its title."""
        lines = [self.named, *self.content] if self.arguments else list(self.content)
        lines = [line.strip() for line in lines if line.strip()]
        if not lines:
            faults.append(
                Fault(
                    "target",
                    "No model is named.",
                    f"Write a pattern after '.. {self.name}::', or targets below it, one a line.",
                )
            )
        for title, target in self._targets(lines, given, faults):
            try:
                yield title, read_request(self.env, target, asked)
            except Fault as fault:
                faults.append(fault)

    def _targets(
        self, lines: Iterable[str], given: GalleryOptions, faults: list[Fault]
    ) -> Iterator[tuple[str, str]]:
        from sphinxcontrib_kerasgraph.exports import Exports

        exports = Exports()
        for line in lines:
            found = _TITLED.fullmatch(line)
            title, target = (found["title"], found["target"]) if found else ("", line)
            try:
                yield from self._named_by(title, target, given, exports)
            except Fault as fault:
                faults.append(fault)
        for path in exports.files:
            self.env.note_dependency(path)

    def _named_by(
        self, title: str, text: str, given: GalleryOptions, exports: Exports
    ) -> list[tuple[str, str]]:
        """The targets of a line, which may be a pattern. Raises `Fault`."""
        from sphinxcontrib_kerasgraph.exports import Pattern

        pattern = Pattern.parse(text)
        if pattern is None:
            return [(title or _title(text), text)]
        targets = exports.targets(pattern)
        if targets is None:
            targets = self._in_snapshots(pattern)
        kept = [one for one in targets if not _is_excluded(one, given.exclude)]
        if not kept:
            raise Fault(
                "target",
                f"No function or class that makes a model is {pattern.text!r}.",
                "Functions count that need no arguments, and subclasses of keras.Model.",
            )
        return [(_title(one, pattern.call), one) for one in kept]

    def _in_snapshots(self, pattern: Pattern) -> list[str]:
        """What a pattern means where the package isn't installed. Raises `Fault`."""
        from sphinxcontrib_kerasgraph import snapshot
        from sphinxcontrib_kerasgraph.exports import in_order

        build = build_of(self.env)
        files = re.sub(r"\W+", "-", pattern.module) + "-*.json"
        paths = build.find_snapshots(files)
        listed_of(self.env)[files] = tuple(path.name for path in paths)
        found = []
        for path in paths:
            try:
                request, __ = snapshot.read(path)
            except (OSError, ValueError):
                continue
            if pattern.matches(request.target):
                found.append(request.target)
        if not found:
            top = pattern.module.partition(".")[0]
            raise Fault(
                "import",
                f"The package {top!r} isn't installed, and no snapshot is of {pattern.text!r}.",
                "Install it, or make snapshots with 'kerasgraph snapshot' where it is.",
            )
        return in_order(found)

    # How they are shown.

    def _shown(
        self,
        models: list[tuple[str, ModelRequest]],
        questions: list[Question],
        drawing: DrawOptions,
        given: GalleryOptions,
    ) -> nodes.Element:
        is_table = given.show == "table"

        def thumbnail(title: str, request: ModelRequest, **more: Any) -> keras_thumbnail:
            made = keras_thumbnail(
                "", request=request, options=drawing, insides=_NO_INSIDES, title=title, **more
            )
            made["faulty"] = False
            self.set_source_info(made)
            return made

        def value(title: str, request: ModelRequest, question: Question) -> nodes.Element:
            node = value_node(request, question)
            node["of"] = title
            node["optional"] = given.columns is None
            self.set_source_info(node)
            return node

        if is_table:
            heads = [_("Model"), *(_words(question)[0] for question in questions)]
            rows = [
                [
                    thumbnail(title, one, picture=False),
                    *(value(title, one, asked) for asked in questions),
                ]
                for title, one in models
            ]
            return _table(heads, rows, given.caption)
        shown = nodes.bullet_list("", classes=[GALLERY_CLASS], bullet="*")
        for title, request in models:
            name = nodes.strong("", "", thumbnail(title, request, picture=False))
            text = nodes.paragraph()
            for at, question in enumerate(questions):
                before, after = around(_words(question)[1], "value")
                text += nodes.Text((", " if at else "") + before)
                text += value(title, request, question)
                text += nodes.Text(after)
            picture = thumbnail(title, request, picture=True)
            # In books a drawing is no text.
            lines = nodes.paragraph("", "", name), *([text] if questions else [])
            shown += nodes.list_item("", nodes.container("", picture), *lines)
        return shown


def _questions(given: GalleryOptions, faults: list[Fault]) -> list[Question]:
    """What is told of each model."""
    from sphinxcontrib_kerasgraph.values.answer import check_question
    from sphinxcontrib_kerasgraph.values.question import parse_question

    found = []
    for name in _COLUMNS[given.show] if given.columns is None else given.columns:
        try:
            question = parse_question(name)
            check_question(question)
        except Fault as fault:
            faults.append(fault)
        else:
            found.append(question)
    return found


def _words(question: Question) -> tuple[str, str]:
    """What it is called, alone and beside its value."""
    if question.layer or question.places or question.name not in _WORDS:
        return question.text, f"{question.text} {{value}}"
    head, beside = _WORDS[question.name]
    return _(head), _(beside)


def _title(target: str, call: str = "") -> str:
    """What is told of a target: its last part, and how it is called if others are not."""
    head = target.removesuffix(call)
    path, bracket, rest = head.partition("(")
    return path.replace(":", ".").rpartition(".")[2] + bracket + rest


def _is_excluded(target: str, patterns: Iterable[str]) -> bool:
    names = target, target.partition("(")[0], _title(target).partition("(")[0]
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _table(heads: list[str], rows: list[list[nodes.Element]], caption: str | None) -> nodes.table:
    def row(cells: Iterable[nodes.Node]) -> nodes.row:
        entries = (nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells)
        return nodes.row("", *entries)

    group = nodes.tgroup("", cols=len(heads))
    titles = [len(cells[0].get("title", "")) for cells in rows]
    widths = max(titles), *(max(_NARROWEST, len(head)) for head in heads[1:])
    group += [nodes.colspec("", colwidth=width) for width in widths]
    group += nodes.thead("", row(map(nodes.Text, heads)))
    group += nodes.tbody("", *map(row, rows))
    table = nodes.table("", group, classes=["colwidths-auto", f"{GALLERY_CLASS}-table"])
    if caption is not None:
        table.insert(0, nodes.title("", caption))
    return table


class TurnGalleries(SphinxPostTransform):
    """Makes a table of thumbnails side by side of the list, where LaTeX shows them."""

    default_priority = 55
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Do so for all galleries."""
        for gallery in list(self.document.findall(nodes.bullet_list)):
            if GALLERY_CLASS in gallery["classes"]:
                gallery.replace_self(_side_by_side(gallery))


def _side_by_side(gallery: nodes.bullet_list) -> nodes.table:
    cells = [nodes.entry("", *item.children) for item in gallery]
    cells += [nodes.entry("") for __ in range(-len(cells) % _IN_LATEX)]
    group = nodes.tgroup("", cols=_IN_LATEX)
    group += [nodes.colspec("", colwidth=1) for __ in range(_IN_LATEX)]
    rows = [cells[at : at + _IN_LATEX] for at in range(0, len(cells), _IN_LATEX)]
    group += nodes.tbody("", *(nodes.row("", *row) for row in rows))
    classes = ["longtable", "nocolorrows", *gallery["classes"]]
    return nodes.table("", group, classes=classes, ids=gallery["ids"], names=gallery["names"])
