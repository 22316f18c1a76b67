"""The Python API: a model object as a graph and as DOT."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.options import DrawOptions, check_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pydot

    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.target import DtypeTree, ShapeTree


def model_to_graph(
    model: Any, input_shape: ShapeTree | None = None, input_dtype: DtypeTree | None = None
) -> ModelGraph:
    """The `ModelGraph` of a `keras.Model`, with all that is inside its calls.

    ``input_shape``, without the batch dimension, and ``input_dtype`` are for a model that has no
    inputs of its own: for one input, or a list or dict of such. Raises `ValueError` if the model
    isn't built and no shape is given, or can't be called with it.
    """
    from sphinxcontrib_kerasgraph.extract import model as extract

    try:
        return extract.model_to_graph(model, input_shape, input_dtype)
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
    *,
    show_params: bool = False,
    depth: int | str = 0,
    expand: str | Sequence[str] = (),
    collapse: str | Sequence[str] = (),
    group_names: bool = False,
    from_: str | Sequence[str] = (),
    to: str | Sequence[str] = (),
    hide: str | Sequence[str] = (),
    view: str = "auto",
    overview_above: int = 60,
    fold: str = "auto",
    fuse: str = "auto",
    fit: str = "auto",
    columns: int | str | None = None,
    layout: str = "dot",
    input_shape: ShapeTree | None = None,
    input_dtype: DtypeTree | None = None,
    **kwargs: Any,
) -> pydot.Dot | pydot.Cluster:
    """A `keras.Model` as DOT: takes the arguments of `keras.utils.model_to_dot`, and more.

    Returns a `pydot.Cluster` with ``subgraph``, else a `pydot.Dot`, so that
    ``model_to_dot(model, show_shapes=True).write_png("model.png")`` works. Unlike Keras's, the
    defaults of ``dpi`` and ``splines`` are Graphviz's own, since ``ortho`` aborts on some deep
    models and bitmaps of 200 dpi are too large for them. ``depth``, ``expand`` and ``collapse``
    tell which blocks are open: how many levels, or ``"all"``, and patterns of paths or classes;
    ``from_``, ``to`` and ``hide`` are such patterns too. A model of more than ``overview_above``
    boxes is drawn as an overview, unless ``view`` is ``"full"``. All are those of the directive.
    ``input_shape`` and ``input_dtype`` are those of `model_to_graph`. Raises `ValueError` as Keras
    does: for a model that isn't built, and for wrong arguments.
    """
    given = locals()
    if kwargs.pop("layer_range", None) is not None:
        raise ValueError("Argument `layer_range` is no longer supported.")
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments: {kwargs}")
    try:
        options = DrawOptions(
            **{
                option.name: check_value(option, option.name, given[option.name])
                for option in fields(DrawOptions)
            }
        )
    except Fault as fault:
        raise ValueError(str(fault)) from fault
    graph = model_to_graph(model, input_shape, input_dtype)
    from sphinxcontrib_kerasgraph.draw import fit as fitting
    from sphinxcontrib_kerasgraph.draw.dot import graph_to_cluster
    from sphinxcontrib_kerasgraph.view.shown import views

    try:
        if subgraph:
            return graph_to_cluster(views(graph, options)[0], options)
        space = fitting.COLUMN if options.fit == "column" else fitting.PAGE
        return fitting.draw(graph, options, space)
    except Fault as fault:
        raise ValueError(str(fault)) from fault
