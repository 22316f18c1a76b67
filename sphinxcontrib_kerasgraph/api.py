"""The Python API: a model object as a graph, as DOT, and as a picture in a file."""

from __future__ import annotations

import os
import warnings
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from sphinxcontrib_kerasgraph.calling import CALL, Calling
from sphinxcontrib_kerasgraph.faults import PYTHON, Fault
from sphinxcontrib_kerasgraph.option_fields import check_value, default_of
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.settings import DiffOptions, ModelOptions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pydot

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.target import DtypeTree, ShapeTree
    from sphinxcontrib_kerasgraph.view.selection import Unmet


[_CONTEXT] = (option for option in fields(DiffOptions) if option.name == "context")


class Options(TypedDict, total=False):
    """The keywords that Keras's functions don't have, as types, for editors and type checkers.

    Names and meaning are those of the directive; `sphinxcontrib_kerasgraph.options` declares them.
    """

    show_params: bool
    show_flops: bool
    show_config: str | Sequence[str]
    depth: int | Literal["all"]
    expand: str | Sequence[str]
    collapse: str | Sequence[str]
    group_names: bool
    from_: str | Sequence[str]
    to: str | Sequence[str]
    hide: str | Sequence[str]
    raw_operations: Literal["joins", "all", "none"]
    view: Literal["auto", "full", "overview"]
    fold: Literal["auto", "none", "exact", "loose"]
    fuse: Literal["auto", "yes", "no"]
    fit: Literal["auto", "page", "column", "none"]
    columns: int | Literal["auto"] | None
    shape: Literal["auto", "none", "u"]
    layout: Literal["dot", "neato", "fdp", "sfdp", "twopi", "circo", "osage"]
    theme: Literal["default", "keras", "mono", "paper"]
    style: Mapping[str, Mapping[str, str]]
    highlight: str | Sequence[str]
    legend: bool
    #: What a model is called with that has no inputs of its own: see `model_to_graph`.
    input_shape: ShapeTree | None
    input_dtype: DtypeTree | None
    training: bool | None
    call: Mapping[str, Any]
    trace: str


class PlotOptions(Options, total=False):
    """All keywords of a drawing, with those that Keras's functions have, too."""

    show_shapes: bool
    show_dtype: bool
    show_layer_names: bool
    rankdir: str
    expand_nested: bool
    dpi: int | None
    show_layer_activations: bool
    show_trainable: bool
    splines: str


def model_to_graph(
    model: Any,
    input_shape: ShapeTree | None = None,
    input_dtype: DtypeTree | None = None,
    *,
    training: bool | None = None,
    call: Mapping[str, Any] | None = None,
    trace: str = CALL,
) -> ModelGraph:
    """The `ModelGraph` of a `keras.Model`, with all that is inside its calls.

    Or that of a layer, or of several models in a list, tuple or dict, side by side.
    ``input_shape``, without the batch dimension, and ``input_dtype`` are for what has no inputs of
    its own: for one input, or a list or dict of such. ``training`` and ``call`` are given to its
    ``call``; ``trace`` is the method to be drawn in place of that. A notebook shows the graph as a
    drawing, and a terminal as a table of the layers. Raises `ValueError` if the model
    isn't built and no shape is given, or can't be called with it.
    """
    from sphinxcontrib_kerasgraph.extract import keras_model
    from sphinxcontrib_kerasgraph.notebook import ShownGraph

    calling = Calling(input_shape, input_dtype, training, dict(call or {}), trace)
    try:
        return ShownGraph(**vars(keras_model.model_to_graph(model, calling)))
    except Fault as fault:
        raise ValueError(fault.told(PYTHON)) from fault


def model_to_dot(
    model: Any,
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int | None = None,
    subgraph: bool = False,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "spline",
    **kwargs: Unpack[Options],
) -> pydot.Dot | pydot.Cluster:
    """A `keras.Model` as DOT: takes the arguments of `keras.utils.model_to_dot`, and more.

    Returns a `pydot.Cluster` with ``subgraph``, else a `pydot.Dot`, so that
    ``model_to_dot(model, show_shapes=True).write_png("model.png")`` works. Unlike Keras's, the
    defaults of ``dpi`` and ``splines`` are Graphviz's own, since ``ortho`` aborts on some deep
    models and bitmaps of 200 dpi are too large for them. What is drawn, and how it is broken into
    columns, is as on a page of documentation, where Graphviz is found to measure it; the DOT is
    still to be laid out, so that it can be changed. `plot_model` draws the finished picture. All
    other options are those of the
    directive: ``depth``, ``expand`` and ``collapse`` tell which blocks are open; ``from_``, ``to``
    and ``hide`` which part is drawn; a model that doesn't fit a page is drawn as an overview,
    unless ``view`` is ``"full"``. ``input_shape`` and ``input_dtype`` are those of
    `model_to_graph`. Raises `ValueError` as Keras does: for a model that isn't built, and for wrong
    arguments. Warns (`UserWarning`) of patterns that match nothing, and of blocks that stay closed.
    """
    given = {name: value for name, value in locals().items() if DrawOptions.has(name)}
    graph, drawing = _asked(model, given | kwargs)
    from sphinxcontrib_kerasgraph.draw import fit
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
    from sphinxcontrib_kerasgraph.notebook import ShownDot
    from sphinxcontrib_kerasgraph.view.views import views

    try:
        found = views(graph, drawing)
        _warn(found[0].unmet)
        if subgraph:
            return fit.draw_cluster(found[0], drawing)
        space, lay_out = fit.space_alone(drawing.layout), Graphviz().lay_out
        try:
            dot = fit.draw(found, drawing, space, lay_out).dot
        except Fault:  # DOT needs no Graphviz, which but knows sizes better
            dot = fit.draw(found, drawing, space).dot
        return ShownDot(obj_dict=dot.obj_dict)
    except Fault as fault:
        raise ValueError(fault.told(PYTHON)) from fault


def plot_model(
    model: Any,
    to_file: str | os.PathLike[str] = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int | None = None,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "spline",
    **kwargs: Unpack[Options],
) -> Any:
    """Draw a `keras.Model` into a file: takes the arguments of `keras.utils.plot_model`, and more.

    The name of the file ends in ``.svg``, ``.png``, ``.pdf``, ``.dot`` or ``.json`` (the data of
    `model_to_graph`); ``.png`` is added to one that has no ending. The drawing is broken into
    columns that fit a page, as measured by Graphviz; a pip-installed one serves where there is no
    other, but for PDF. ``dpi`` is for PNG. All other options are those of `model_to_dot`. Returns
    an object that notebooks show, of an SVG or PNG, where IPython is installed, else ``None``.
    Raises `ValueError` as `model_to_dot` does, and if Graphviz is missing or fails; `OSError` if
    the file can't be written.
    """
    given = {name: value for name, value in locals().items() if DrawOptions.has(name)}
    from sphinxcontrib_kerasgraph.draw import files
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz

    path = os.fspath(to_file)
    path = path if os.path.splitext(path)[1] else f"{path}.png"
    try:
        files.format_of(path)  # before the model is read
        graph, drawing = _asked(model, given | kwargs)
        drawn = files.draw_to_file(graph, drawing, path, Graphviz())
        _warn(drawn.unmet, drawn.complaints)
    except Fault as fault:
        raise ValueError(fault.told(PYTHON)) from fault
    return _image(path)


def plot_diff(
    old: Any,
    new: Any,
    to_file: str | os.PathLike[str] = "diff.png",
    context: int | Literal["all"] = default_of(_CONTEXT),
    **kwargs: Unpack[PlotOptions],
) -> Any:
    """Draw into a file what differs between two models: each a `keras.Model`, or a `ModelGraph`.

    The name of the file ends as for `plot_model`, which has the other arguments, too; or in
    ``.html``, a page for a reviewer, ``.md``, Markdown for a comment, or ``.json``, data. What is
    farther than ``context`` calls from any change is put away, but with ``"all"``. Options of the
    model, such as ``input_shape``, are for both. Raises as `plot_model` does.
    """
    from sphinxcontrib_kerasgraph.diff import FORMATS, ModelDiff, write
    from sphinxcontrib_kerasgraph.draw.files import format_of
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
    from sphinxcontrib_kerasgraph.graph import ModelGraph

    path = os.fspath(to_file)
    path = path if os.path.splitext(path)[1] else f"{path}.png"
    try:
        format_of(path, FORMATS)  # before the models are read
        asked, drawing = _divided(dict(kwargs))
        around = check_value(_CONTEXT, "context", context)
        if asked and isinstance(old, ModelGraph) and isinstance(new, ModelGraph):
            raise ValueError(f"Nothing is built of two graphs. Leave out {', '.join(asked)}.")
        old_graph, new_graph = (
            one if isinstance(one, ModelGraph) else model_to_graph(one, **asked)
            for one in (old, new)
        )
        diff = ModelDiff.of(old_graph, new_graph)
        drawn = write(diff, drawing, around, path, Graphviz())
        _warn(drawn.unmet, drawn.complaints)
    except Fault as fault:
        raise ValueError(fault.told(PYTHON)) from fault
    return _image(path)


def _asked(model: Any, given: dict[str, Any]) -> tuple[ModelGraph, DrawOptions]:
    """The model's graph, and how it is to be drawn. Raises `ValueError`."""
    asked, drawing = _divided(given)
    return model_to_graph(model, **asked), drawing


def _divided(given: dict[str, Any]) -> tuple[dict[str, Any], DrawOptions]:
    """What the model is built with, and how it is to be drawn. Raises `ValueError`."""
    if given.pop("layer_range", None) is not None:
        raise ValueError("Argument `layer_range` is no longer supported. Use `from_` and `to`.")
    asked = {
        option.name: given.pop(option.name)
        for option in fields(ModelOptions)
        if option.name in given
    }
    unknown = {name: value for name, value in given.items() if not DrawOptions.has(name)}
    if unknown:
        raise ValueError(f"Unrecognized keyword arguments: {unknown}")
    try:
        return asked, DrawOptions.of(**given)
    except Fault as fault:
        raise ValueError(fault.told(PYTHON)) from fault


def _warn(unmet: Sequence[Unmet], complaints: str = "") -> None:
    """Warn, where the API was called, of what was asked for in vain, and of what ``dot`` says."""
    said = [one.in_words("{option}={asked!r}") for one in unmet]
    for text in [*said, *([f"dot complained: {complaints}"] if complaints else [])]:
        warnings.warn(text, UserWarning, stacklevel=3)


def _image(path: str) -> Any:
    """The file as an object that notebooks show, where IPython is installed."""
    kinds = {"png": "Image", "svg": "SVG"}
    suffix = path.rpartition(".")[2].lower()
    if suffix not in kinds:
        return None
    try:
        from IPython import display
    except ImportError:
        return None
    return getattr(display, kinds[suffix])(filename=path)
