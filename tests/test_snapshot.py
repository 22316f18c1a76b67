"""Snapshots: names that every file system takes, and text that `git diff` tells changes of."""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from make_graphs import model, of_graph, random_models
from sphinxcontrib_kerasgraph.graph import Edge, ModelGraph, Parameters, Port, Tensor
from sphinxcontrib_kerasgraph.snapshot import file_name, from_data, loaded, to_text
from sphinxcontrib_kerasgraph.target import ModelRequest, Target

RANDOM = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
REQUEST = ModelRequest("zoo.Net(depth=50)", "(224, 224, 3)", "float32")
TARGETS = st.from_regex(r"[^\W\d]\w{0,9}(\.[^\W\d]\w{0,9}){1,2}", fullmatch=True)
REQUESTS = st.builds(
    ModelRequest,
    TARGETS | st.builds("{}({!r})".format, TARGETS, st.text(max_size=90)),
    *[st.none() | st.text(max_size=9)] * 2,
)
#: What Windows takes for a device, whatever comes after a dot.
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def net(layers: int = 200, **changes: str) -> ModelGraph:
    """A chain, with configurations as Keras has them; ``d7="96"`` changes the size of one."""
    lines = ["x InputLayer"]
    before = "x"
    for at in range(layers):
        lines.append(f"d{at} Dense/{changes.get(f'd{at}', at % 9)} <- {before}")
        before = f"d{at}"
    graph = model("\n".join([*lines, f"-> {before}"])).graph
    config = {"units": 3, "kernel_initializer": {"class_name": "Zeros", "config": {"seed": None}}}
    calls = (replace(call, config=call.config | config) for call in graph.calls)
    return replace(of_graph(replace(graph, calls=tuple(calls))), made_with={"keras": "3.9"})


def line_diff(old: ModelGraph, new: ModelGraph) -> tuple[list[str], list[str]]:
    """Lines that are removed, and that are added."""
    texts = [to_text(REQUEST, graph).split("\n") for graph in (old, new)]
    lines = [line for line in difflib.unified_diff(*texts, n=0, lineterm="") if line[2:] != "- "]
    body = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return [one for one in body if one[0] == "-"], [one for one in body if one[0] == "+"]


# Names of files


@pytest.mark.parametrize(
    "request_",
    [
        ModelRequest("zoo.net"),
        ModelRequest("zoo:Net"),
        ModelRequest("zoo.Net()"),
        ModelRequest("zoo.Net", "(3,)"),
        ModelRequest("zoo.Net", None, "(3,)"),
        ModelRequest("zoo.Net", "(3,)", "(3,)"),
        ModelRequest("zoo.Net", ""),
        ModelRequest("zoo/Net.keras"),
    ],
)
def test_each_request_has_a_name_of_its_own(request_):
    assert file_name(request_).casefold() != file_name(ModelRequest("zoo.Net")).casefold()


def test_long_calls_that_end_differently_have_two_names():
    names = {file_name(ModelRequest(f"zoo.Net({'1, ' * 100}{end})")) for end in range(50)}
    assert len(names) == 50


@RANDOM
@given(REQUESTS, REQUESTS)
def test_two_requests_have_two_names_whatever_the_case(one, other):
    assert (file_name(one).casefold() == file_name(other).casefold()) == (one == other)


def check_name(name: str) -> None:
    assert re.fullmatch(r"[\w.-]+", name)
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert not name.startswith((".", "~"))
    assert not name.removesuffix(".json").endswith((".", " "))
    assert len(name.encode()) <= 255
    assert len(name) <= 100
    assert not DEVICES.fullmatch(name)
    assert name.endswith(".json")


@RANDOM
@given(REQUESTS)
def test_file_systems_take_the_names(request):
    check_name(file_name(request))


@pytest.mark.parametrize(
    "target",
    [
        'a.b("<>:/\\\\|?*\\x00\\n")',
        "../../models/net.keras",
        "C:\\models\\net.keras",
        "con.nul",
        "CON:NUL",
        "…/….keras",
        "pkg." + "\U0001d51e" * 300,
        f"pkg.{'a' * 300}",
        f"pkg.f('{' ' * 300}')",
    ],
)
def test_odd_targets_have_names_that_file_systems_take(target, tmp_path):
    name = file_name(ModelRequest(target))
    check_name(name)
    tmp_path.joinpath(name).write_text("")
    assert os.listdir(tmp_path) == [name]


def test_the_name_tells_the_target():
    assert file_name(ModelRequest("zoo.Net(depth=50)")).startswith("zoo-Net-depth-50-")


def test_names_are_the_same_in_every_process():
    code = (
        "from sphinxcontrib_kerasgraph.snapshot import file_name\n"
        "from sphinxcontrib_kerasgraph.target import ModelRequest\n"
        "print(file_name(ModelRequest('zoo.Net', '(3,)')))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("0", "1")
    }
    assert found == {file_name(ModelRequest("zoo.Net", "(3,)"))}


# Text


def from_text(text: str):
    return from_data(loaded(text.encode()))


@RANDOM
@given(REQUESTS, random_models())
def test_the_text_gives_request_and_graph_back(request, graph):
    text = to_text(request, graph)
    assert from_text(text) == (request, graph)
    assert text == to_text(*from_text(text))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert isinstance(json.loads(text), dict)


def test_the_order_in_which_a_graph_was_made_does_not_matter():
    old = net(3)
    new = replace(
        of_graph(
            replace(
                old.graph,
                calls=tuple(
                    replace(call, config=dict(reversed(call.config.items())))
                    for call in old.graph.calls
                ),
            )
        ),
        made_with={"keras": "3.9", "backend": "jax"},
    )
    old = replace(old, made_with={"backend": "jax", "keras": "3.9"})
    assert to_text(REQUEST, old) == to_text(REQUEST, new)


def test_lines_are_short_and_end_in_no_blanks():
    for line in to_text(REQUEST, net()).split("\n"):
        assert len(line) <= 100
        assert line == line.rstrip()


def test_all_unicode_comes_back():
    names = '\x00\x1f\x7f\x85\u2028\u2029\ufeff"\\/\r\n\té\U0001d51e\U0010ffff'
    old = net(1)
    calls = (replace(call, config={names: names}) for call in old.graph.calls)
    graph = of_graph(replace(old.graph, calls=tuple(calls)))
    text = to_text(REQUEST, graph)
    assert from_text(text.encode().decode()) == (REQUEST, graph)


def test_lone_surrogates_come_back():
    """Files hold UTF-8, which has none."""
    odd = "a\udcff\ud834b"
    old = net(1)
    calls = (replace(call, config={odd: [odd]}) for call in old.graph.calls)
    graph = of_graph(replace(old.graph, calls=tuple(calls)))
    text = to_text(REQUEST, graph)
    assert from_text(text.encode().decode()) == (REQUEST, graph)
    assert ModelGraph.from_json(graph.to_json().encode().decode()) == graph


def test_names_are_printable_when_they_are_read():
    """Nothing of ours writes others, but anyone may."""
    graph = model("x InputLayer\nd\x1b Dense <- x\n-> d\x1b")
    graph = ModelGraph.from_json(replace(graph, name="a\ud800\u2028b").to_json())
    assert graph.name == "a\ufffd\ufffdb"
    assert [call.id for call in graph.graph.calls] == ["x", "d\ufffd"]
    assert graph.graph.edges == (Edge(Port("x"), Port("d\ufffd")),)


def test_a_request_without_shapes_says_nothing_of_them():
    text = to_text(ModelRequest("zoo.Net"), net(1))
    assert "input_shape" not in text
    assert from_text(text)[0] == ModelRequest("zoo.Net")


def test_nothing_of_the_machine_is_in_it(tmp_path, monkeypatch):
    before = to_text(REQUEST, net(2))
    monkeypatch.chdir(tmp_path)
    assert to_text(REQUEST, net(2)) == before


# Differences by lines


def test_one_changed_value_is_one_line():
    removed, added = line_diff(net(), net(d7="96"))
    assert len(removed) == len(added) == 1
    assert '"96"' in added[0]


def test_one_longer_value_is_few_lines():
    removed, added = line_diff(net(), net(d7="9" * 80))
    assert len(removed) <= 2
    assert len(added) <= 5


def test_one_changed_shape_is_one_line():
    old = net()
    wide = Tensor((None, 16), "float32")
    calls = tuple(
        replace(call, outputs=(wide,)) if call.id == "d9" else call for call in old.graph.calls
    )
    removed, added = line_diff(old, replace(old, graph=replace(old.graph, calls=calls)))
    assert len(removed) == len(added) == 1


def test_other_totals_are_one_line():
    old = net()
    removed, added = line_diff(old, replace(old, parameters=Parameters(9, 9, 9)))
    assert len(removed) <= 1
    assert len(added) == 1


def test_one_more_call_leaves_the_lines_of_the_others_alone():
    old = net()
    *calls, last = old.graph.calls
    more = replace(last, id="more", name="more", layer="more")
    edges = (*old.graph.edges[:-1], Edge(Port(calls[-1].id), Port("more")))
    edges = (*edges, replace(old.graph.edges[-1], source=Port("more")))
    graph = replace(old.graph, calls=(*calls, more, last), edges=edges)
    removed, added = line_diff(old, replace(old, graph=graph))
    assert len(removed) <= 3
    assert len(added) <= 20


# Other texts

SMALL = ModelGraph(
    **{
        **net(2).__dict__,
        "graph": replace(
            net(2).graph,
            calls=tuple(
                replace(call, constants=(("axis", "1"),), parameters=Parameters(2, 1, 1))
                for call in net(2).graph.calls
            ),
        ),
    }
)
TEXT = to_text(REQUEST, SMALL)


@pytest.mark.parametrize("end", range(0, len(TEXT) - 2, 50))
def test_cut_text_is_refused(end):
    with pytest.raises(ValueError, match=r".+"):
        from_text(TEXT[:end])


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "null", "1", '"x"', "[]", "{}", "[[]]", "nonsense", TEXT + "x", TEXT * 2),
        *('{"graph": null}', '{"graph": {}}', '{"graph": []}', '{"target": "zoo.Net"}'),
        TEXT.replace('"target"', '"goal"'),
        TEXT.replace('"target"', '"more": 1, "target"'),
        TEXT.replace('"graph"', '"grph"'),
        TEXT.replace('"format": ', '"format": 1'),
        TEXT.replace('"format"', '"other"'),
        TEXT.replace('"qualname"', '"class"'),
        TEXT.replace('"source"', '"from"'),
        TEXT.replace('"d0:0"', '"d0:x"'),
        TEXT.replace('"d0:0"', '"d0"'),
        f"<<<<<<< HEAD\n{TEXT}=======\n{TEXT}>>>>>>> other\n",
        "\ufeff" + TEXT,
        "[" * 100_000,
    ],
    ids=str.__len__,
)
def test_foreign_text_is_refused(text):
    assert text != TEXT
    with pytest.raises(ValueError, match=r".+"):
        from_text(text)


@pytest.mark.parametrize("value", [None, 5, 1.5, True, [], ["zoo.Net"], {}, {"a": 1}])
@pytest.mark.parametrize("key", ["target", "input_shape", "input_dtype", "graph"])
def test_other_types_are_refused(key, value):
    data = json.loads(TEXT)
    if value is None and key.startswith("input"):
        return  # as if it were left out
    data[key] = value
    with pytest.raises(ValueError, match=r".+"):
        from_text(json.dumps(data))


def places(value, path=()) -> list[tuple]:
    """Where the JSON has values."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    inside = [(key, item) for key, item in items if isinstance(item, dict | list)]
    found = [(*path, key) for key, _ in (value.items() if isinstance(value, dict) else ())]
    found += [(*path, at) for at in range(len(value)) if isinstance(value, list)]
    return found + [one for key, item in inside for one in places(item, (*path, key))]


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [[]], [1], {"a": 1}, "LEFT OUT"], ids=repr)
def test_damage_anywhere_is_refused_or_read(value):
    for path in places(json.loads(TEXT)):
        data = inner = json.loads(TEXT)
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        if value == "LEFT OUT":
            del inner[path[-1]]
        try:
            from_text(json.dumps(data))
        except ValueError:
            pass
        except Exception as error:
            raise AssertionError(f"{error!r} for {value!r} at {path}") from error


@pytest.mark.parametrize("way", ["edge", "output", "input", "twice"])
def test_a_graph_that_does_not_fit_together_is_refused(way):
    data = json.loads(TEXT)
    graph = data["graph"]["graph"]
    match way:  # as when two branches are merged line by line
        case "edge":
            graph["edges"][0]["source"] = "gone:0"
        case "output":
            graph["outputs"] = ["gone:0"]
        case "input":
            graph["inputs"] = ["gone"]
        case "twice":
            graph["calls"].append(graph["calls"][-1])
    with pytest.raises(ValueError, match=r".+"):
        from_text(json.dumps(data))


def test_targets_of_directives_come_back_as_they_are():
    for text in ("zoo.Net( depth = 50 )", "zoo:Net", "models/net.keras", "zoo.f('é\\n')"):
        request = ModelRequest(Target.parse(text).text)
        assert from_text(to_text(request, net(1)))[0] == request
