"""Graphs with a few edits: pairs of models of which is known what differs, or random ones."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from hypothesis import assume
from hypothesis import strategies as st

from make_graphs import TENSOR, leaf, model, of_graph, random_models
from sphinxcontrib_kerasgraph.graph import (
    Call,
    CallGraph,
    Edge,
    ModelGraph,
    Parameters,
    Port,
    Tensor,
)

NET = """
    x InputLayer
    dense Dense/8 <- x
    dense_1 Dense/4 <- dense
    softmax Softmax <- dense_1
    -> softmax
"""
NESTED = """
    x InputLayer
    block Block <- x
        inner Block <- ^
            conv Conv2D/8 <- ^
            relu ReLU <- conv
            -> relu
        add Add <- ^, inner
        -> add
    -> block
"""


def changed(old: ModelGraph, path: str, **fields) -> ModelGraph:
    """The model with other fields of the call there."""
    return replace(old, graph=_changed(old.graph, path, fields))


def _changed(graph: CallGraph, path: str, fields: dict) -> CallGraph:
    id_, _, rest = path.partition("/")
    call = graph[id_]
    new = replace(call, **({"body": _changed(call.body, rest, fields)} if rest else fields))
    return replace(graph, calls=tuple(new if one is call else one for one in graph.calls))


def configured(old: ModelGraph, path: str, **config) -> ModelGraph:
    """The model with other values in the configuration of the call there."""
    call = dict(old.graph.walk())[path]
    return changed(old, path, config=call.config | config)


def serialized(class_name: str, **config) -> dict:
    return {
        "module": "keras.initializers",
        "class_name": class_name,
        "config": config,
        "registered_name": class_name,
    }


def of_keras(old: ModelGraph, version: str) -> ModelGraph:
    return replace(old, made_with={"keras": version, "backend": "jax"})


def chain(layers: list[tuple[str, int]]) -> ModelGraph:
    """Layers one after the other, named as Keras names them."""
    numbers: Counter[str] = Counter()
    calls, edges = [leaf("x", "InputLayer")], []
    for of_class, size in layers:
        stem = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", of_class).lower()
        id_ = f"{stem}_{numbers[stem]}" if numbers[stem] else stem
        numbers[stem] += 1
        edges.append(Edge(Port(calls[-1].id), Port(id_)))
        calls.append(leaf(id_, of_class, str(size), 1))
    return of_graph(CallGraph(tuple(calls), tuple(edges), ("x",), (Port(calls[-1].id),)))


def renamed(graph: CallGraph, old: str, new: str) -> CallGraph:
    """The graph where a call has another name, wherever it is named."""

    def port(one: Port) -> Port:
        return replace(one, call=new) if one.call == old else one

    return CallGraph(
        tuple(
            replace(call, id=new, name=new, layer=new) if call.id == old else call
            for call in graph.calls
        ),
        tuple(
            replace(edge, source=port(edge.source), target=port(edge.target))
            for edge in graph.edges
        ),
        tuple(new if one == old else one for one in graph.inputs),
        tuple(map(port, graph.outputs)),
    )


def inserted(graph: CallGraph, at: int, call: Call) -> CallGraph:
    """The graph where a call comes between this edge's ends."""
    edge = graph.edges[at]
    where = graph.places[edge.target.call]
    calls = (*graph.calls[:where], call, *graph.calls[where:])
    edges = [*graph.edges]
    edges[at : at + 1] = [replace(edge, target=Port(call.id)), Edge(Port(call.id), edge.target)]
    return CallGraph(calls, tuple(edges), graph.inputs, graph.outputs)


def without(graph: CallGraph, id_: str) -> CallGraph:
    return CallGraph(
        tuple(call for call in graph.calls if call.id != id_),
        tuple(edge for edge in graph.edges if id_ not in (edge.source.call, edge.target.call)),
        tuple(one for one in graph.inputs if one != id_),
        tuple(port for port in graph.outputs if port.call != id_),
    )


# Random edits.

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(2, 99) | st.sampled_from(["same", "valid", "relu"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["seed", "mode", "name"]), inner, max_size=2)
        | st.builds(
            lambda name, config: {"class_name": name, "config": config},
            st.sampled_from(["HeNormal", "Zeros"]),
            st.dictionaries(st.sampled_from(["seed", "mode", "name"]), inner, max_size=2),
        )
    ),
    max_leaves=4,
)
TENSORS = st.lists(
    st.sampled_from([TENSOR, Tensor((), "int32"), Tensor((None, 4, 4), "float16")]), max_size=2
)
SIZES = st.builds(Parameters, *[st.integers(0, 3)] * 3)
CALL_FIELDS = {
    "name": st.sampled_from(["dense_7", "other"]),
    "module": st.just("demo.layers"),
    "qualname": st.sampled_from(["Dense", "Outer.Dense", "Other"]),
    "kind": st.sampled_from(["dense", "custom"]),
    "inputs": TENSORS.map(tuple),
    "outputs": TENSORS.map(tuple),
    "layer": st.sampled_from(["dense", "block/dense"]),
    "is_operation": st.booleans(),
    "shared": st.booleans(),
    "parameters": SIZES,
    "trainable": st.sampled_from([None, True, False]),
    "activation": st.sampled_from([None, "relu"]),
    "constants": st.lists(
        st.tuples(st.sampled_from(["axis", "name", "dtype"]), st.sampled_from(["1", "2"])),
        max_size=2,
    ).map(tuple),
    "inside": st.integers(0, 3),
    "opaque": st.sampled_from([None, "no call"]),
    "body": st.sampled_from([None, model(NESTED).graph["block"].body]),
}
MODEL_FIELDS = {
    "name": st.just("other"),
    "module": st.just("demo"),
    "qualname": st.just("Net"),
    "model_type": st.sampled_from(["Sequential", "Model"]),
    "parameters": SIZES,
    "layers": st.integers(0, 3),
    "opaque": st.just("no call"),
}


def mutated_call(draw, call: Call) -> Call:
    field = draw(st.sampled_from([*CALL_FIELDS, "config", "config", "config"]))
    if field != "config":
        return replace(call, **{field: draw(CALL_FIELDS[field])})
    key = draw(st.sampled_from(["size", "units", "module", "activation", "kernel_initializer"]))
    if draw(st.booleans()):
        return replace(call, config=call.config | {key: draw(VALUES)})
    return replace(call, config={name: one for name, one in call.config.items() if name != key})


def mutated_edges(draw, graph: CallGraph) -> CallGraph:
    at = draw(st.integers(0, len(graph.edges) - 1))
    edge = graph.edges[at]
    sources = [one.source for one in graph.edges] + list(graph.outputs)
    new = draw(
        st.sampled_from(
            [
                (),
                (replace(edge, source=draw(st.sampled_from(sources))),),
                (replace(edge, argument="query"),),
                (replace(edge, recurrent=not edge.recurrent),),
            ]
        )
    )
    return replace(graph, edges=(*graph.edges[:at], *new, *graph.edges[at + 1 :]))


def mutated_graph(draw, graph: CallGraph) -> CallGraph:
    calls = graph.calls
    at = draw(st.integers(0, len(calls) - 1))
    way = draw(st.integers(0, 9))
    if way == 0:
        return renamed(graph, calls[at].id, draw(st.sampled_from(["new", "dense_77", "dense#9"])))
    if way == 1 and graph.edges:
        return inserted(graph, draw(st.integers(0, len(graph.edges) - 1)), leaf("n", "New", "1", 1))
    if way == 2 and len(calls) > 1:
        return without(graph, calls[at].id)
    if way == 3 and graph.edges:
        return mutated_edges(draw, graph)
    if way == 4:
        return replace(graph, outputs=tuple(draw(st.permutations(graph.outputs))))
    if way == 5:
        return replace(graph, outputs=(*graph.outputs, Port(calls[at].id)))
    if way == 6:
        return replace(graph, inputs=tuple(draw(st.permutations(graph.inputs))))
    if calls[at].body is not None and draw(st.booleans()):
        new = replace(calls[at], body=mutated_graph(draw, calls[at].body))
    else:
        new = mutated_call(draw, calls[at])
    return replace(graph, calls=(*calls[:at], new, *calls[at + 1 :]))


@st.composite
def mutations(draw) -> tuple[ModelGraph, ModelGraph]:
    """Two models that differ in something, and in no more than three things."""
    old = new = draw(random_models())
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        if draw(st.integers(0, 9)) == 0:
            field = draw(st.sampled_from([*MODEL_FIELDS]))
            new = replace(new, **{field: draw(MODEL_FIELDS[field])})
        else:
            new = replace(new, graph=mutated_graph(draw, new.graph))
    assume(old != new)
    return old, new


@st.composite
def edited(draw) -> tuple[ModelGraph, ModelGraph]:
    """Two models that hold together and have much in common, or nothing."""
    old = draw(random_models())
    if draw(st.integers(0, 5)) == 0:
        return old, draw(random_models())
    new = old.graph
    for _ in range(draw(st.integers(1, 5))):
        more = mutated_graph(draw, new)
        try:
            more.check(complete=False)
        except ValueError:
            continue
        new = more
    return old, of_graph(new)
