"""The Python API: a model object as a graph and as DOT."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.options import DrawOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pydot

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.target import DtypeTree, ShapeTree
    from sphinxcontrib_kerasgraph.view.selection import Unmet


class Options(TypedDict, total=False):
    """The options that Keras's functions don't have, with the names and meaning of the directive's.

    As types, for editors and type checkers; `sphinxcontrib_kerasgraph.options` declares them.
    """

    show_params: bool
    show_flops: bool
    depth: int | Literal["all"]
    expand: str | Sequence[str]
    collapse: str | Sequence[str]
    group_names: bool
    from_: str | Sequence[str]
    to: str | Sequence[str]
    hide: str | Sequence[str]
    view: Literal["auto", "full", "overview"]
    overview_above: int
    fold: Literal["auto", "none", "exact", "loose"]
    fuse: Literal["auto", "yes", "no"]
    fit: Literal["auto", "page", "column", "none"]
    columns: int | Literal["auto"] | None
    layout: Literal["dot", "neato", "fdp", "sfdp", "twopi", "circo", "osage"]


class ModelOptions(TypedDict, total=False):
    """What a model is called with that has no inputs of its own: see `model_to_graph`."""

    input_shape: ShapeTree | None
    input_dtype: DtypeTree | None


class _Keywords(Options, ModelOptions, total=False):
    pass


def model_to_graph(
    model: Any, input_shape: ShapeTree | None = None, input_dtype: DtypeTree | None = None
) -> ModelGraph:
    """The `ModelGraph` of a `keras.Model`, with all that is inside its calls.

    ``input_shape``, without the batch dimension, and ``input_dtype`` are for a model that has no
    inputs of its own: for one input, or a list or dict of such. Raises `ValueError` if the model
    isn't built and no shape is given, or can't be called with it.
    """
    from sphinxcontrib_kerasgraph.extract import keras_model

    try:
        return keras_model.model_to_graph(model, input_shape, input_dtype)
    except Fault as fault:
        raise ValueError(str(fault)) from fault


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
    **kwargs: Unpack[_Keywords],
) -> pydot.Dot | pydot.Cluster:
    """A `keras.Model` as DOT: takes the arguments of `keras.utils.model_to_dot`, and more.

    Returns a `pydot.Cluster` with ``subgraph``, else a `pydot.Dot`, so that
    ``model_to_dot(model, show_shapes=True).write_png("model.png")`` works. Unlike Keras's, the
    defaults of ``dpi`` and ``splines`` are Graphviz's own, since ``ortho`` aborts on some deep
    models and bitmaps of 200 dpi are too large for them. All other options are those of the
    directive: ``depth``, ``expand`` and ``collapse`` tell which blocks are open; ``from_``, ``to``
    and ``hide`` which part is drawn; a model of more than ``overview_above`` boxes is drawn as an
    overview, unless ``view`` is ``"full"``. ``input_shape`` and ``input_dtype`` are those of
    `model_to_graph`. Raises `ValueError` as Keras does: for a model that isn't built, and for wrong
    arguments. Warns (`UserWarning`) of patterns that match nothing, and of blocks that stay closed.
    """
    given = {
        "show_shapes": show_shapes,
        "show_dtype": show_dtype,
        "show_layer_names": show_layer_names,
        "rankdir": rankdir,
        "expand_nested": expand_nested,
        "dpi": dpi,
        "show_layer_activations": show_layer_activations,
        "show_trainable": show_trainable,
        "splines": splines,
    }
    graph, drawing = _asked(model, given | kwargs)
    from sphinxcontrib_kerasgraph.draw import fit
    from sphinxcontrib_kerasgraph.view.views import views

    try:
        found = views(graph, drawing)
        _warn(found[0].unmet)
        if subgraph:
            return fit.draw_cluster(found[0], drawing)
        space = fit.COLUMN if drawing.layout.fit == "column" else fit.PAGE
        return fit.draw(found, drawing, space)
    except Fault as fault:
        raise ValueError(str(fault)) from fault


def _asked(model: Any, given: dict[str, Any]) -> tuple[ModelGraph, DrawOptions]:
    """The model's graph, and how it is to be drawn. Raises `ValueError`."""
    if given.pop("layer_range", None) is not None:
        raise ValueError("Argument `layer_range` is no longer supported.")
    shape, dtype = given.pop("input_shape", None), given.pop("input_dtype", None)
    unknown = {name: value for name, value in given.items() if not DrawOptions.has(name)}
    if unknown:
        raise ValueError(f"Unrecognized keyword arguments: {unknown}")
    try:
        drawing = DrawOptions.of(**given)
    except Fault as fault:
        raise ValueError(str(fault)) from fault
    return model_to_graph(model, shape, dtype), drawing


def _warn(unmet: Sequence[Unmet]) -> None:
    """Warn, where the API was called, of what was asked for in vain."""
    for one in unmet:
        warnings.warn(one.in_python, UserWarning, stacklevel=3)
