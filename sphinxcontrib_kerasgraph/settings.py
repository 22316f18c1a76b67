"""The options beside those of the drawing: of the model, of the figure, and of the whole build."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.option_fields import declared
from sphinxcontrib_kerasgraph.option_kinds import (
    Choice,
    ClassNames,
    ColumnNames,
    Environment,
    Flag,
    Kind,
    Length,
    Levels,
    LinkTemplates,
    MethodName,
    Percentage,
    PositiveInt,
    Widths,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_FLAG = Flag()
_FOLDER = Kind("the path of a folder")


@dataclass(frozen=True)
class FigureOptions:
    """How the drawing stands on the page: options of Sphinx's ``graphviz``, and of ``figure``."""

    alt: str | None = declared(
        None,
        Kind("a text"),
        "The text for who can't see the drawing; made from the model if not given.",
    )
    align: str | None = declared(
        None, Choice("left", "center", "right"), "Where the drawing stands between the margins."
    )
    caption: str | None = declared(None, Kind("a text"), "The caption of the figure.")
    width: str | None = declared(
        None,
        Length(in_text=True),
        "The width of the drawing. Of a percentage it takes no more than that, and in HTML none is "
        "wider than the text: it is fitted, or moved within it.",
    )
    height: str | None = declared(
        None, Length(in_text=False), "The height of the drawing; with ``width``, the largest one."
    )
    scale: int = declared(100, Percentage(), "The percentage of its size that the drawing has.")
    figwidth: str | None = declared(
        None, Length(in_text=True), "The width of the figure: of the drawing with its caption."
    )
    figclass: str = declared("", ClassNames(), "Class names of the figure.")
    interactive: bool = declared(
        True,
        _FLAG,
        "Whether the drawing in HTML is explored: zoomed, searched, its blocks opened, by a script "
        "on the page.",
    )
    class_: str = declared("", ClassNames(), "Class names for style sheets.")
    name: str | None = declared(
        None, Kind("a text"), "The label by which ``:ref:`` and ``:numref:`` find the drawing."
    )


@dataclass(frozen=True)
class SummaryOptions:
    """What a table of layers tells, and how it stands on the page."""

    columns: tuple[str, ...] = declared(
        (),
        ColumnNames(),
        "The columns: ``name``, ``class``, ``shape``, ``params``, ``connected``, ``dtype``, "
        "``trainable``, ``flops``, ``configuration``, which is short (``64 · 7×7 / 2``), and any "
        "entry of the configuration of layers, such as ``kernel_size``. If not given, the first "
        "four, and ``connected`` where the model is no chain.",
        conf="summary_columns",
    )
    caption: str | None = declared(None, Kind("a text"), "The caption of the table.", conf="")
    name: str | None = declared(
        None,
        Kind("a text"),
        "The label by which ``:ref:`` and ``:numref:`` find the table.",
        conf="",
    )
    widths: tuple[int, ...] | None = declared(
        None,
        Widths(),
        "How wide the columns are beside each other: ``30 20 30 20``. ``auto``, if not given, is "
        "as wide as what is in them.",
        conf="",
    )
    align: str | None = declared(
        None,
        Choice("left", "center", "right"),
        "Where the table stands between the margins.",
        conf="",
    )
    class_: str = declared("", ClassNames(), "Class names for style sheets.", conf="")


@dataclass(frozen=True)
class InsideOptions:
    """How what is inside of closed blocks is shown beside the drawing."""

    insides: int | str = declared(
        "all",
        Levels(),
        "How many levels of closed blocks the reader of interactive HTML can open into drawings of "
        "their own: ``1`` those of the diagram, ``2`` also those inside of these, and so on.",
    )
    inside_figures: int | str = declared(
        "none",
        Levels(),
        "How many levels of closed blocks are drawn as further figures below the diagram where the "
        "reader can't open them: in LaTeX, EPUB, and HTML that isn't interactive.",
    )


def levels(value: int | str) -> float:
    """The number of levels that an option asks for."""
    return {"all": inf, "none": 0.0}[value] if isinstance(value, str) else value


@dataclass(frozen=True)
class ModelOptions:
    """What the model is built with."""

    input_shape: str | None = declared(
        None,
        Kind("a shape, or a list or dict of shapes"),
        "Builds a model that has no input shape of its own. Without the batch dimension, as the "
        "``shape`` of ``keras.Input``: ``(224, 224, 3)``.",
    )
    input_dtype: str | None = declared(
        None,
        Kind("a dtype, or a list or dict of dtypes"),
        "The dtype of these inputs, such as ``int32``; in the form of ``input-shape`` if they "
        "differ. Keras's default float if not given.",
    )
    training: bool | None = declared(
        None,
        _FLAG,
        "Draws what the model does in training, where its ``call`` takes ``training``; else what "
        "it does when it is used.",
    )
    call: str | None = declared(
        None,
        Kind("a dict of literals"),
        'Other arguments of ``call``, by their names: ``{"return_state": False}``.',
    )
    trace: str | None = declared(
        None,
        MethodName(),
        "The method that is drawn in place of ``call``: ``train_step``, from the data to the "
        "losses, or one of the author's own that takes tensors, such as ``encode``.",
    )


@dataclass(frozen=True)
class BuildSettings:
    """Settings of the whole build, in conf.py only."""

    output_format: str = declared("svg", Choice("svg", "png"), "The image format in HTML.", "html")
    links: Mapping[str, str | None] = declared(
        {},
        LinkTemplates(),
        "Pages that boxes lead to, where neither the project nor intersphinx knows the class, by "
        'patterns of its full name: ``{"mypkg.*": "https://example.org/{module}.html#{name}"}``. '
        "``*`` stands for any text, and ``{path}`` for the same with slashes in place of dots; "
        "``{full}`` is the full name, of which ``{name}`` is the last part and ``{module}`` what "
        "comes before it. The first pattern that fits counts, ``None`` for no link; those of what "
        "Keras and TensorFlow have come after yours.",
        "html",
    )
    environment: Mapping[str, str] = declared(
        {},
        Environment(),
        'Environment variables of the worker process, such as ``{"KERAS_BACKEND": "jax"}``.',
    )
    load_weights: bool = declared(
        False,
        _FLAG,
        "Load weights, download files and train, where the code of a model does so. A picture "
        "needs none of it, so by default it is passed over.",
    )
    cache_dir: str | None = declared(
        None,
        _FOLDER,
        "Where graphs and drawings are kept between builds, named from the folder of conf.py on. "
        "In the folder of Sphinx's doctrees if not given.",
        "",
    )
    snapshot_dir: str | None = declared(
        None,
        _FOLDER,
        "Where snapshots of the models are, named from the folder of conf.py on. A build without "
        "Keras draws them; others compare them with the models.",
    )
    timeout: int = declared(
        600, PositiveInt(), "Seconds that building one model, or drawing it, may take.", ""
    )
