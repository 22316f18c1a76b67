"""Files that should hold a graph, and hold something else."""

from __future__ import annotations

import json
import os
import random
import socket
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from make_graphs import NET
from sphinxcontrib_kerasgraph.snapshot import to_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinxcontrib_kerasgraph.target import ModelRequest


def _changed(data: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> bytes:
    changed = deepcopy(data)
    change(changed["graph"])
    return json.dumps(changed).encode()


def _put(*path: str | int, value: object) -> Callable[[dict[str, Any]], None]:
    def change(graph: Any) -> None:
        for key in path[:-1]:
            graph = graph[key]
        graph[path[-1]] = value

    return change


CALLS = ("graph", "calls")
FIRST = (*CALLS, 1)

#: A change of the graph in a file, and words of what is told of it.
_CHANGES = {
    "a name is null": (_put(*FIRST, "name", value=None), "calls[1].name: null in place of a text"),
    "a name is a number": (_put(*FIRST, "name", value=3), "calls[1].name: 3 in place of a text"),
    "a name is a list": (_put(*FIRST, "id", value=["a"]), "id: a list of 1 in place of a text"),
    "the model's name is null": (_put("name", value=None), "name: null in place of a text"),
    "a kind isn't known": (_put(*FIRST, "kind", value="evil"), "kind: it is no kind of call"),
    "a kind is one of views": (_put(*FIRST, "kind", value="group"), "it is no kind of call"),
    "outputs are nested": (
        _put(*FIRST, "outputs", value=[[["float32", 3]]]),
        "outputs[0]: a list of 2 in place of a text",
    ),
    "an output has no dtype": (_put(*FIRST, "outputs", value=[[]]), "a tensor is a list"),
    "outputs are an object": (
        _put(*FIRST, "outputs", value={"0": ["float32"]}),
        "outputs: an object in place of a list",
    ),
    "a size is negative": (
        _put(*FIRST, "outputs", 0, 1, value=-3),
        "outputs[0][0]: -3 in place of a number of things",
    ),
    "a size is half a number": (
        _put(*FIRST, "outputs", 0, 1, value=1.5),
        "1.5 in place of a number of things",
    ),
    "a size is beyond all sizes": (
        _put(*FIRST, "outputs", 0, 1, value=2**70),
        "in place of a number of things",
    ),
    "parameters are negative": (
        _put("parameters", value={"total": -1}),
        "parameters.total: -1 in place of a number of things",
    ),
    "parameters are a text": (_put("parameters", value="many"), "in place of an object"),
    "layers are not counted": (_put("layers", value=True), "layers: true in place of a number"),
    "a field isn't known": (
        _put(*FIRST, "onload", value="x"),
        "it has a field 'onload', which isn't known",
    ),
    "a field is missing": (
        lambda graph: graph["graph"]["calls"][1].pop("layer"),
        "it has no layer",
    ),
    "a flag is a text": (_put(*FIRST, "shared", value="yes"), "shared: the text 'yes' in place"),
    "there are no calls": (_put("graph", "calls", value=None), "calls: null in place of a list"),
    "a call is a number": (_put(*FIRST, value=3), "calls[1]: 3 in place of an object"),
    "two calls have one id": (_put(*FIRST, "id", value="x"), "two calls have one id"),
    "a call has no id": (_put(*FIRST, "id", value=""), "a call has no id"),
    "a tensor comes from nowhere": (
        _put("graph", "edges", 0, "source", value="gone:0"),
        "there is no output 0 of 'gone'",
    ),
    "a tensor's number is none": (
        _put("graph", "edges", 0, "source", value="x:first"),
        "edges[0].source: it names no output or input of a call",
    ),
    "a tensor's number is negative": (
        _put("graph", "edges", 0, "source", value="x:-1"),
        "it names no output or input of a call",
    ),
    "calls go round in a circle": (
        _put("graph", "edges", 0, "source", value="add:0"),
        "comes before 'add'",
    ),
    "an output isn't there": (
        _put("graph", "outputs", value=["dense:7"]),
        "there is no output 7 of 'dense'",
    ),
    "a block hands on nothing": (
        _put(*CALLS, 2, "body", "outputs", value=[]),
        "'block' doesn't hand on what is inside",
    ),
    "the same 20,000 calls": (
        lambda graph: graph["graph"]["calls"].extend(graph["graph"]["calls"][1:2] * 20_000),
        "two calls have one id",
    ),
    "a configuration has NaN": (
        _put(*FIRST, "config", value={"rate": float("nan")}),
        "config.'rate': a number that isn't finite",
    ),
    "a configuration has a number of 4,000 digits": (
        _put(*FIRST, "config", value={"units": 10**4000}),
        "a number that is too large",
    ),
    "a configuration is 200 deep": (
        _put(*FIRST, "config", value={"deep": json.loads("[" * 200 + "]" * 200)}),
        "too much lies in each other",
    ),
    "a configuration is a list": (_put(*FIRST, "config", value=[1]), "config: a list of 1"),
    "constants have no values": (
        _put(*FIRST, "constants", value=[["axis"]]),
        "constants[0]: a list of 1 in place of 2",
    ),
    "another release's format": (_put("format", value=2), "its format isn't"),
    "a format of the future": (_put("format", value=10**6), "its format isn't"),
    "a format that is none": (_put("format", value="3"), "its format isn't"),
    "a graph that is a text": (
        lambda graph: (graph.clear(), graph.update({"format": "x"})),
        "its format isn't",
    ),
}


def contents(request: ModelRequest) -> dict[str, tuple[bytes, str]]:
    """What a file may hold in place of the snapshot of the model, and words of what is told."""
    right = to_text(request, NET).encode()
    data = json.loads(right)
    noise = random.Random(3).randbytes(1000)
    no_json = "it is no JSON"
    found = {
        "nothing": (b"", no_json),
        "random bytes": (noise, no_json),
        "NUL bytes": (bytes(1000), no_json),
        "half of it": (right[: len(right) // 2], no_json),
        "a mark of a conflict of git": (b"<<<<<<< HEAD\n" + right, no_json),
        "a mark of the order of bytes": (b"\xef\xbb\xbf" + right, no_json),
        "UTF-16": (right.decode().encode("utf-16"), "it is no JSON in UTF-8"),
        "what is no UTF-8": (right.replace(b"dense", b"dens\xff"), "it is no JSON in UTF-8"),
        "more behind it": (right + right, no_json),
        "100,000 brackets": (b"[" * 100_000, "too much lies in each other"),
        "100,000 objects": (b'{"a":' * 100_000, "too much lies in each other"),
        "2,100,000 lists": (b"[" + b"[]," * 2_100_000 + b"[]]", "it is too large"),
        "34 MB of spaces": (b" " * 34_000_000 + right, "larger than 32 MiB"),
        "a number of 5,000 digits": (
            right.replace(b'"layers": ', b'"layers": 1' + b"0" * 5_000),
            no_json,
        ),
        "a number without end": (
            right.replace(b'"layers": ', b'"layers": 1e400, "a": '),
            "layers: inf in place of a number of things",
        ),
        "a name that is there twice": (
            right.replace(b'"layers": ', b'"layers": 1, "layers": '),
            "'layers' is there twice",
        ),
        "a list": (b"[1, 2]", "it "),
        "a number": (b"3", "it "),
        "null": (b"null", "it "),
    }
    for what, (change, says) in _CHANGES.items():
        found[what] = _changed(data, change), says
    return found


def special(path: Path) -> dict[str, Callable[[], object]]:
    """What is no regular file, by what makes it at the path."""
    return {
        "a named pipe": lambda: os.mkfifo(path),
        "a socket": lambda: _socket(path),
        "a folder": path.mkdir,
        "a link to itself": lambda: path.symlink_to(path.name),
        "a link to nothing": lambda: path.symlink_to("nowhere"),
        "a link to a device": lambda: path.symlink_to("/dev/zero"),
    }


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))  # whose names are short
