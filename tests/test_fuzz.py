"""Anything random: targets, options, and graphs from JSON to what is written in the drawing.

`make fuzz` tries many more, on all processors. What fails is told with its seed, which
``KERASGRAPH_FUZZ_SEED`` takes; of graphs the smallest that fails is told, as JSON.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st

import svg
from effort import PARTS, SEED, fuzzed
from make_graphs import model, random_models
from make_labels import ANY_TEXT, bare, said
from make_scenes import boxes_of, frames_of, scene, wires_of
from sphinxcontrib_kerasgraph import options
from sphinxcontrib_kerasgraph.draw.dot import scene_to_dot
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, ModelGraph
from sphinxcontrib_kerasgraph.option_fields import check_value, conf_name, page_name
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.layout import Layout, arrange
from sphinxcontrib_kerasgraph.settings import BuildSettings, GalleryOptions, SummaryOptions
from sphinxcontrib_kerasgraph.target import ModelRequest, Target

#: So many graphs one `dot` draws: starting it takes longer than drawing a small one.
BATCH = 50


def parts():
    """What `make fuzz` tries in several processes, each with a seed of its own."""
    return pytest.mark.parametrize(
        "start", [SEED + part for part in range(PARTS)], ids="seed={}".format
    )


def tries(start: int, number: int, check, *strategies) -> None:
    """Have it checked for so many random values, or a part of those that `make fuzz` tries."""

    @seed(start)
    @fuzzed(number)
    @given(st.tuples(*strategies))
    def law(values):
        check(*values)

    law()


# Targets and options.

PIECES = st.sampled_from(
    [
        *("pkg.mod", "a", ".", ":", "(", ")", "[", "]", ",", "=", "x=1", "'a'", "{", "}", "**"),
        *(" ", "\n", "\x00", "None", "-1", "1e999", "10**9", ".keras", ".h5", "/", "\\", "é", "->"),
        *("lambda: 0", "__import__('os')", "f'{1}'", '"', "#", "\ud800", "\u202e", "0x", "_", "*"),
        *("(depth=50)", "[0]", "['a']", ".b", "(1, [2, {'c': None}])", "((((", "- " * 200, "("*300),
    ]
)  # fmt: skip
WRITTEN = st.lists(PIECES | ANY_TEXT, max_size=8).map("".join)


def check_target(text: str) -> None:
    try:
        target = Target.parse(text)
    except Fault as fault:
        assert fault.subtype == "target"
        return
    assert Target.parse(target.text) == target
    request = ModelRequest(target.text)
    assert ModelRequest.from_data(json.loads(json.dumps(request.to_data()))) == request


@parts()
def test_a_target_is_parsed_or_refused(start):
    tries(start, 1000, check_target, WRITTEN)


@parts()
def test_a_target_is_what_it_says(start):
    """Of what is written as it may be, nothing is refused, and nothing is lost."""
    steps = st.lists(st.sampled_from(["(1)", "(a='b')", ".c", "[0]", "['d']", "()"]), max_size=4)
    tries(start, 300, check_written, steps)


def check_written(steps: list[str]) -> None:
    text = "pkg.mod:build()" + "".join(steps)
    assert Target.parse(text).text == text
    assert list(map(str, Target.parse(text).steps)) == ["()", *steps]


OPTIONS = [
    option
    for group in (*options.DIFF, SummaryOptions, GalleryOptions, BuildSettings)
    for option in fields(group)
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.binary(max_size=3),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(ANY_TEXT, inside, max_size=3)
    | st.tuples(inside) | st.dictionaries(st.integers(), inside, max_size=1),
    max_leaves=5,
)  # fmt: skip
WORDS = st.sampled_from(
    ["yes", "all", "none", "0", "1", "9" * 30, "9" * 5000, "1.5", "-1", "50%", "3px", "TB", "a, b",
     "*", "[", "a: b", "{a: b}", "auto", "nan", "(3,)", "((3,), {'a': (4,)})", "²", "\uff11", "_"]
)  # fmt: skip


def check_option(option, text: str, value) -> None:
    """A value or a fault, and what was taken is taken again."""
    kind = option.metadata["kind"]
    for read, given_value in ((kind.parse, text), (kind.check, value)):
        try:
            taken = read(given_value)
        except (ValueError, TypeError, Fault):
            continue
        assert taken is None or kind.check(taken) == taken
    try:
        check_value(option, conf_name(option) or page_name(option), value)
    except Fault as fault:
        assert fault.subtype == "option"


@parts()
def test_an_option_has_a_value_or_a_fault(start):
    texts = WORDS | WRITTEN
    tries(start, 1000, check_option, st.sampled_from(OPTIONS), texts, VALUES | texts)


# Graphs, as JSON and as pictures.


@st.composite
def small_models(draw) -> ModelGraph:
    """A chain with a branch, of which most is drawn quickly."""
    count = draw(st.integers(1, 6))
    lines, names = ["x InputLayer"], ["x"]
    for number in range(count):
        of_class = draw(st.sampled_from(["Dense/8", "Conv2D/4", "ReLU", "Add", "Dropout", "Odd"]))
        taken = [draw(st.sampled_from(names)) for _ in range(1 + (of_class == "Add"))]
        names.append(f"l{number}")
        lines.append(f"l{number} {of_class} <- {', '.join(taken)}")
    if draw(st.booleans()):
        lines += [f"b Block <- {names[-1]}", "    i Dense <- ^", "    r ReLU <- i", "    -> r"]
        names.append("b")
    return model("\n".join([*lines, f"-> {names[-1]}"]))


@st.composite
def named(draw, models=small_models()) -> ModelGraph:  # noqa: B008 - a strategy
    """A model whose names may be any text."""
    made = draw(models)
    graph = _named(made.graph, lambda: draw(st.just("name") | ANY_TEXT))
    return replace(made, name=draw(ANY_TEXT), qualname=draw(ANY_TEXT), graph=graph)


def _named(graph: CallGraph, name) -> CallGraph:
    ids = {call.id: f"{name().replace('/', '.')}{at}" for at, call in enumerate(graph.calls)}

    def port(one):
        return replace(one, call=ids.get(one.call, one.call))

    def renamed(call: Call) -> Call:
        new = ids[call.id]
        body = None if call.body is None else _named(call.body, name)
        of_class = call.qualname if call.kind != "custom" else name()
        config = {"name": new, name(): name()}
        return replace(
            call, id=new, name=new, layer=new, qualname=of_class, body=body, config=config
        )

    edges = [replace(one, source=port(one.source), target=port(one.target)) for one in graph.edges]
    return CallGraph(
        tuple(map(renamed, graph.calls)),
        tuple(edges),
        tuple(ids[one] for one in graph.inputs),
        tuple(map(port, graph.outputs)),
    )


WAYS = st.sampled_from(
    [
        {"view": "full"},
        {"view": "full", "depth": "all", "show_shapes": True, "show_dtype": True},
        {"view": "full", "depth": "all", "rankdir": "LR"},
        {"view": "overview"},
        {"view": "overview", "fold": "loose", "depth": "all"},
    ]
)


@dataclass
class Pictures:
    """Has graphs drawn, several by one `dot`, and holds each picture against its scene."""

    dot: str
    waiting: list = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)

    def add(self, graph: ModelGraph, ways: dict) -> None:
        """Draw it, with those that wait if they are enough."""
        text = graph.to_json()
        graph = ModelGraph.from_json(text)  # whose names are printable
        assert ModelGraph.from_json(graph.to_json()) == graph
        made = scene(graph, **ways)
        arranged = arrange(made, Layout((0,)))
        code = scene_to_dot(arranged, DrawOptions.of(**ways).layout).to_string()
        self.waiting.append((text, ways, made, code))
        if len(self.waiting) == BATCH:
            self.draw()

    def draw(self) -> None:
        """Draw those that wait."""
        batch, self.waiting = self.waiting, []
        codes = [code for *_, code in batch]
        try:
            drawings = drawn(self.dot, codes)
        except AssertionError:  # one of them
            drawings = [None] * len(batch)
        for (text, ways, made, code), drawing in zip(batch, drawings, strict=True):
            try:
                hold(made, drawing or drawn(self.dot, [code])[0])
            except (AssertionError, ET.ParseError) as error:
                self.bad.append((len(text), f"{error}\n{ways}\n{text}"))

    def finish(self) -> None:
        """Draw the last ones; fails with the smallest that was bad."""
        self.draw()
        assert not self.bad, f"{len(self.bad)} are bad: {min(self.bad)[1]}"


def drawn(dot: str, codes: list[str]) -> list[str]:
    """What `dot` draws of each, without a bad word."""
    done = subprocess.run(
        [dot, "-Tsvg"], input="\n".join(codes).encode(), capture_output=True, check=False
    )
    complaints = done.stderr.decode(errors="replace")
    assert done.returncode == 0, complaints
    assert not re.findall(r"[Ee]rror|belongs to two|will be ignored", complaints), complaints
    found = re.findall(r"<svg .*?</svg>", done.stdout.decode(), re.DOTALL)
    assert len(found) == len(codes)
    return found


def hold(made, drawing: str) -> None:
    """The picture has the boxes and frames of the scene, and each box says what its label does."""
    root = ET.fromstring(drawing)
    boxes = {box.name: box for box in boxes_of(made)}
    says = {}
    for group in root.iter(f"{svg.SVG}g"):
        if group.get("class") == "node":
            texts = ["".join(one.itertext()) for one in group.iter(f"{svg.SVG}text")]
            says[group.findtext(f"{svg.SVG}title", "")] = bare("".join(texts))
    assert says.keys() == boxes.keys()
    for name, box in boxes.items():
        assert Counter(says[name]) == Counter(said(box.label)), name
    frames = [one for one in svg.frames(drawing) if not one.startswith("//column")]
    assert sorted(frames) == sorted(frame.name for frame in frames_of(made))
    assert svg.edges(drawing).total() >= len(wires_of(made))
    assert {one.tag for one in root.iter()} <= {
        f"{svg.SVG}{tag}"
        for tag in ("svg", "g", "title", "text", "path", "polygon", "polyline", "ellipse", "a")
    }


@parts()
def test_graphs_are_drawn_as_they_are(start, compiled_dot):
    """From any graph of any names to the text of the drawing."""
    pictures = Pictures(compiled_dot)
    tries(start, 1800, pictures.add, named(), WAYS)
    pictures.finish()


@parts()
def test_larger_graphs_are_drawn_as_they_are(start, compiled_dot):
    pictures = Pictures(compiled_dot)
    tries(start, 200, pictures.add, named(random_models()), WAYS)
    pictures.finish()


# What is read.

RUBBISH = VALUES.filter(lambda value: _is_json(value))


def _is_json(value) -> bool:
    try:
        json.dumps(value)
    except TypeError:
        return False
    return True


def places(data, path=()):
    """All places in JSON."""
    yield path
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*path, key))


@st.composite
def mutated(draw) -> str:
    """JSON of a graph in which something is another value, missing, twice, or text is cut."""
    data = json.loads(draw(small_models()).to_json())
    for _ in range(draw(st.integers(1, 2))):
        *above, last = draw(st.sampled_from([one for one in places(data) if one]))
        inside = data
        for key in above:
            inside = inside[key]
        match draw(st.integers(0, 3)):
            case 0:
                del inside[last]
            case 1 if isinstance(inside, list):
                inside.insert(last, inside[last])
            case _:
                inside[last] = draw(RUBBISH)
    text = json.dumps(data)
    return text[: draw(st.integers(0, len(text)))] if draw(st.integers(0, 9)) == 0 else text


@parts()
def test_what_is_read_is_refused_or_drawn(start, compiled_dot):
    pictures = Pictures(compiled_dot)

    def check(text: str, ways: dict) -> None:
        try:
            graph = ModelGraph.from_json(text)
        except ValueError:
            return
        with contextlib.suppress(Fault):
            pictures.add(graph, ways)

    tries(start, 1000, check, mutated(), WAYS)
    pictures.finish()
