"""JSON whose values are of other types than `to_json` writes is refused, whatever they are."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from make_graphs import model, random_models
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, Edge, ModelGraph, Parameters
from sphinxcontrib_kerasgraph.graph import model as reading

NET = model("""
    x InputLayer
    block Block <- x
        inner Dense <- ^
        -> inner
    add Add <- x, block
    -> add
""")

#: The JSON of a model of which every field has another value than its default.
FULL = json.loads(
    replace(
        NET,
        parameters=Parameters(3, 2, 1),
        layers=2,
        opaque="why",
        made_with={"keras": "3.15.1"},
        passed_over=("weights of a.h5",),
        graph=replace(
            NET.graph,
            calls=tuple(
                replace(
                    call,
                    is_operation=True,
                    shared=True,
                    parameters=Parameters(3, 2, 1),
                    trainable=True,
                    activation="relu",
                    constants=(("axis", "1"), ("keepdims", "True")),
                    config={"units": 3, "axes": [1, None], "other": {"name": "x", "rate": 0.5}},
                    opaque="why",
                )
                for call in NET.graph.calls
            ),
            edges=tuple(
                replace(edge, argument="query") if edge.target.call == "add" else edge
                for edge in NET.graph.edges
            ),
        ),
    ).to_json()
)
#: What a loop adds.
FULL["graph"]["edges"].append({"source": "add:0", "target": "add:1", "recurrent": True})

#: Of each type of JSON.
VALUES = [None, True, 3, 0.5, "text", [], [3], ["a", "b"], {}, {"a": 3}, {"total": "x"}]

#: Where there may be nothing.
NULLABLE = {"opaque", "trainable", "activation", "argument"}


def places(value, path=()):
    """The path of each value in JSON, its own included."""
    yield path
    inside = enumerate(value) if isinstance(value, list) else ()
    for key, one in value.items() if isinstance(value, dict) else inside:
        yield from places(one, (*path, key))


def at(data, path):
    for key in path:
        data = data[key]
    return data


def with_value(data, path, value):
    if not path:
        return value
    changed = deepcopy(data)
    at(changed, path[:-1])[path[-1]] = deepcopy(value)
    return changed


def is_free(path, value) -> bool:
    """Whether a value of another type may stand there."""
    if "config" in path[:-1]:
        return True
    if path and path[-1] in NULLABLE:
        return value is None
    # A size of a tensor.
    in_tensor = len(path) > 2 and path[-3] in {"inputs", "outputs"} and type(path[-1]) is int
    return in_tensor and path[-1] > 0 and (value is None or type(value) is int)


def refused(data) -> bool:
    """Whether it is; if it isn't, it is a graph that can be kept."""
    try:
        read = ModelGraph.from_data(data)
    except ValueError:
        return True
    assert ModelGraph.from_json(read.to_json()) == read
    return False


def test_the_whole_is_read():
    assert not refused(FULL)
    assert json.loads(ModelGraph.from_data(FULL).to_json()) == FULL


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_of_another_type_is_refused(value):
    accepted = {
        path
        for path in places(FULL)
        if type(value) is not type(at(FULL, path))
        and not is_free(path, value)
        and not refused(with_value(FULL, path, value))
    }
    assert not accepted


#: What is of the right type, but holds what isn't.
INSIDE = [
    *((name, {"a": 3}) for name in ("parameters", "made_with", "graph", "body")),
    ("parameters", {"total": "x"}),
    *((name, [3]) for name in ("calls", "edges", "inputs", "outputs", "constants")),
    *((name, ["ab"]) for name in ("calls", "edges", "outputs", "constants")),
    ("constants", [["axis"]]),
    ("constants", [["axis", 1]]),
    ("constants", [["axis", "1", "2"]]),
]


@pytest.mark.parametrize(("name", "value"), INSIDE, ids=map(str, INSIDE))
def test_so_is_one_that_holds_another(name, value):
    found = [path for path in places(FULL) if path and path[-1] == name]
    assert found
    for path in found:
        if type(value) is type(at(FULL, path)):
            assert refused(with_value(FULL, path, value))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_models(), st.data())
def test_any_value_of_any_model(net, data):
    """It is refused, or it is read and kept; nothing else is raised."""
    whole = data.draw(st.sampled_from([FULL, json.loads(net.to_json())]))
    path = data.draw(st.sampled_from(list(places(whole))))
    value = data.draw(st.sampled_from(VALUES))
    known = refused(with_value(whole, path, value))
    if type(value) is not type(at(whole, path)) and not is_free(path, value):
        assert known


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_what_is_too_deep_to_be_read_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        ModelGraph.from_json(text)


@pytest.mark.parametrize("kind", ["group", "stub", "context"])
def test_what_views_make_is_refused(kind):
    data = deepcopy(FULL)
    data["graph"]["calls"][-1]["kind"] = kind
    assert refused(data)
    data = deepcopy(FULL)
    data["graph"]["order"] = ["x"]
    assert refused(data)


def test_every_field_has_its_type():
    """But those of views."""
    for types, cls, of_views in (
        (reading._MODEL, ModelGraph, {"notes", "context"}),
        (reading._GRAPH, CallGraph, {"order"}),
        (reading._CALL, Call, {"inside", "hidden", "group", "through", "marks", "before"}),
        (reading._EDGE, Edge, {"marks"}),
        (reading._PARAMETERS, Parameters, set()),
    ):
        assert types.keys() == {field.name for field in fields(cls)} - of_views
