"""The options beside those of the drawing: of the model, of the figure, and of the whole build."""

from __future__ import annotations

from dataclasses import dataclass, fields, make_dataclass
from fnmatch import fnmatchcase
from math import inf
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.option_fields import declared, on_page
from sphinxcontrib_kerasgraph.option_kinds import (
    ByName,
    Choice,
    ClassNames,
    ColumnNames,
    Depth,
    Documented,
    Environment,
    Flag,
    Folders,
    Kind,
    Length,
    Levels,
    LinkTemplates,
    MethodName,
    OptionValues,
    Patterns,
    Percentage,
    PositiveInt,
    Widths,
)
from sphinxcontrib_kerasgraph.styles import StyleTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinxcontrib_kerasgraph.styles import StyleRule

_FLAG = Flag()
_FOLDER = Kind("the path of a folder")


@dataclass(frozen=True)
class StyleOptions:
    """How the drawing looks."""

    theme: str = declared(
        "default",
        Choice("default", "keras", "mono", "paper"),
        "``keras`` looks like ``keras.utils.plot_model``, ``mono`` is black on white for print, "
        "and ``paper`` has the light boxes and thin lines of figures in papers.",
    )
    style: tuple[StyleRule, ...] = declared(
        (),
        StyleTable(),
        'Colours, kinds and labels, by patterns: ``{"Conv*": {"color": "#0b5c7a"}}``. Those of '
        "``kerasgraph_style`` in conf.py come after them.",
        conf="",
    )
    highlight: tuple[str, ...] = declared(
        (),
        Patterns(),
        "Make these calls stand out, given by patterns as for ``expand``, such as ``block4_*``.",
    )
    legend: bool = declared(
        False, _FLAG, "Tell below the drawing what its colours, and its marks, stand for."
    )


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
        argument="NAMES",
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


@dataclass(frozen=True)
class GalleryOptions:
    """What a gallery shows of its models."""

    show: str = declared(
        "grid",
        Choice("grid", "table"),
        "Small drawings of the models side by side, or a table of their values. Each leads to the "
        "diagram of the model where the project has one, else, in HTML, to a drawing alone.",
    )
    columns: tuple[str, ...] | None = declared(
        None,
        Patterns(),
        "What is told of each model, as ``:keras-value:`` names it: ``params, flops:.2e, "
        "conv1.filters``. What has a comma in it is quoted: ``'params:,', flops``. If not given, "
        "the parameters in a grid; in a table also FLOPs, depth and the shape of the input, with "
        "a dash where one can't be told.",
    )
    exclude: tuple[str, ...] = declared(
        (), Patterns(), "Patterns of names, or of whole targets, that are left out."
    )
    caption: str | None = declared(None, Kind("a text"), "The title of a table.")
    class_: str = declared("", ClassNames(), "Class names for style sheets.")
    name: str | None = declared(
        None, Kind("a text"), "The label by which ``:ref:`` and ``:numref:`` find the gallery."
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


OldModelOptions = make_dataclass(
    "OldModelOptions",
    [
        (
            f"old_{option.name}",
            str | None,
            declared(
                None,
                option.metadata["kind"],
                f"``{on_page(option.name)}`` of the first model, where that is another one.",
                conf="",
            ),
        )
        for option in fields(ModelOptions)
    ],
    namespace={"__doc__": "What the first of two models is built with, if not as the second is."},
    frozen=True,
)


@dataclass(frozen=True)
class DiffOptions:
    """What is shown of what differs between two models."""

    as_: str = declared(
        "picture",
        Choice("picture", "table", "words"),
        "A diagram of both; a table, or a list in words, of what differs. Builders without "
        "pictures have words for these.",
        conf="",
    )
    context: int | str = declared(
        2,
        Depth(),
        "How many calls around each change are drawn; what is farther away is put into boxes that "
        "say how much it is. ``all`` draws both models in full.",
        argument="NUMBER",
    )


#: `ModelOptions` in Python: in ``kerasgraph_shapes``, and in ``__kerasgraph__`` of a class.
MODEL_VALUES = OptionValues(
    {option.name: option.metadata["kind"] for option in fields(ModelOptions)}
)
#: The attribute of a class or function that says what it is built with, as `MODEL_VALUES`.
ATTRIBUTE = "__kerasgraph__"


def of_name(given: Mapping[str, Any], names: Iterable[str]) -> tuple[bool, Any]:
    """Whether something is given for one of the names, and what: first by name, then by pattern."""
    names = list(names)
    for name in names:
        if name in given:
            return True, given[name]
    for pattern, value in given.items():
        if any(fnmatchcase(name, pattern) for name in names):
            return True, value
    return False, None


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
    style: tuple[StyleRule, ...] = declared(
        (),
        StyleTable(),
        "How calls look in all drawings: colours, kinds of your own and labels, by patterns of "
        'paths and classes, such as ``{"mypkg.layers.*": {"kind": "attention", "color": '
        '"#7a1fa2"}}``. See :doc:`../howto/style`.',
        "html",
    )
    autodoc: bool | tuple[str, ...] = declared(
        False,
        Documented(),
        "Draw each model that ``sphinx.ext.autodoc`` documents, without a word in its docstring: "
        'those whose full names match a pattern of a list such as ``["mypkg.models.*"]``; or, of '
        "``True``, functions annotated as returning ``keras.Model`` or a subclass, models, and "
        "subclasses of ``keras.Model`` whose shapes are given. See :doc:`../howto/autodoc`.",
    )
    autodoc_show: str = declared(
        "diagram",
        Choice("diagram", "summary", "both"),
        "What ``kerasgraph_autodoc`` adds.",
    )
    shapes: Mapping[str, Mapping[str, Any] | None] = declared(
        {},
        ByName(MODEL_VALUES, "'mypkg.Net'"),
        "What models are built with, wherever they are named and a page doesn't say it itself: "
        '``{"mypkg.Net": {"input_shape": (32,)}}``. By full names, or patterns, of which the first '
        "that fits counts; ``None`` for one that ``kerasgraph_autodoc`` is to leave alone.",
    )
    environment: Mapping[str, str] = declared(
        {},
        Environment(),
        "Environment variables of the processes that build models, such as "
        '``{"KERAS_BACKEND": "jax"}``.',
    )
    load_weights: bool = declared(
        False,
        _FLAG,
        "Load weights, download files and train, where the code of a model does so. A picture "
        "needs none of it, so by default it is passed over.",
        argument="FLAG",
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
    model_dirs: tuple[str, ...] = declared(
        (),
        Folders(),
        "Folders beside the source folder whose saved models, and other files with models, pages "
        'may name: ``["../models"]``, named from the folder of conf.py on. Others outside of the '
        "source folder aren't read, whether a path or a link leads to them.",
    )
    timeout: int = declared(
        600,
        PositiveInt(),
        "Seconds that building one model, or drawing it, may take. The import of Keras isn't "
        "counted.",
        "",
        argument="SECONDS",
    )
    memory_limit: int | None = declared(
        None,
        PositiveInt(most=2**30),
        "Megabytes of memory that building one model may take, beside those of Keras itself; as "
        "many as there are if not given. On Linux only.",
        "",
        argument="MEGABYTES",
    )
