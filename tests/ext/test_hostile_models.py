"""Saved models and entries of the cache that aren't what they should be."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re

import pytest

from hostile_archives import ARCHIVES, DRAWN
from left_behind import watched
from provoked import Provoked, assert_told
from sphinx_project import make_project

SAVED = [
    *(
        Provoked("A saved model", f"holds {what}", "build", says)
        for what, (_, says) in ARCHIVES.items()
    ),
    *(
        Provoked("A saved model", f"has {what}", "", "the model is drawn, and nothing else is read")
        for what in DRAWN
    ),
]


def forged(content: bytes, name: str, change) -> bytes:
    """An entry with another content, and the hash that makes it count as ours."""
    _, _, held = content.partition(b"\n")
    held = change(held)
    return hashlib.sha256(f"graphs/{name}\n".encode() + held).hexdigest().encode() + b"\n" + held


def with_graph(**fields):
    def change(held: bytes) -> bytes:
        data = json.loads(held)
        return json.dumps(data | {"graph": data["graph"] | fields}).encode()

    return change


#: What becomes of the file of an entry, by its content and name.
ENTRIES = {
    "is empty": lambda content, name: b"",
    "has random bytes": lambda content, name: random.Random(7).randbytes(2000),
    "is cut": lambda content, name: content[: len(content) // 2],
    "has a byte that was changed": lambda content, name: content.replace(b"net", b"nft", 1),
    "has more behind it": lambda content, name: content + b" ",
    "has the checksum of nothing": lambda content, name: b"0" * 64 + content[64:],
    "is that of another model": None,
    "says another name of a layer, with a checksum": lambda content, name: (
        hashlib.sha256(content.replace(b"dense", b"evil")[65:]).hexdigest().encode()
        + content.replace(b"dense", b"evil")[64:]
    ),
    "is forged, with a name that is null": lambda content, name: forged(
        content, name, with_graph(name=None)
    ),
    "is forged, with a graph that is a list": lambda content, name: forged(
        content, name, with_graph(graph=[])
    ),
    "is forged, with another release's format": lambda content, name: forged(
        content, name, with_graph(format=1)
    ),
    "is forged, with a number without end": lambda content, name: forged(
        content, name, lambda held: re.sub(rb'"layers": ?\d+', b'"layers": 1e400', held)
    ),
    "is forged, 100,000 brackets deep": lambda content, name: forged(
        content, name, lambda _: b"[" * 100_000
    ),
    "is forged, and is no JSON": lambda content, name: forged(content, name, lambda _: b"\xff{"),
    "is forged, with no fingerprint": lambda content, name: forged(
        content, name, lambda held: json.dumps({"graph": json.loads(held)["graph"]}).encode()
    ),
    "is a named pipe": "pipe",
    "is a link to a device": "/dev/zero",
    "is a link to nothing": "nowhere",
}
CACHED = [
    *(
        Provoked("The cache", f"the graph of a model {what}", "", "it is made again")
        for what in ENTRIES
    ),
    Provoked("The cache", "all drawings have random bytes", "", "they are drawn again"),
]
NETS = """
import keras
from keras import layers

def net(units):
    return keras.Sequential(
        [keras.Input((2,)), layers.Dense(units, name=f"dense_{units}")], name=f"net{units}"
    )
"""
EVIL = "open('ran', 'w').close()\nraise SystemExit\n"
#: A model that takes more memory, or time, is told with other words.
CONF = """
kerasgraph_cache_dir = '../cache'
kerasgraph_memory_limit = 500
kerasgraph_timeout = 60
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    files = [content for content, _ in ARCHIVES.values()] + list(DRAWN.values())
    saved = ["A", "=", *(f".. keras-model:: saved{at}.keras" for at in range(len(files)))]
    nets = [":orphan:", "B", "=", *(f".. keras-model:: mod_nets.net({at})" for at in units())]
    project = make_project(
        tmp_path_factory.mktemp("hostile"),
        CONF,
        index="\n\n".join(saved) + "\n",
        cached="\n\n".join(nets) + "\n",
        mod_nets=NETS,
        mod_evil=EVIL,
    )
    for at, content in enumerate(files):
        project.source.joinpath(f"saved{at}.keras").write_bytes(content)
    return project


def units() -> range:
    return range(1, len(ENTRIES) + 1)


@pytest.fixture(scope="module")
def builds(project, dot, tmp_path_factory):
    """A build, and one after it whose cache isn't what it was."""
    with watched(tmp_path_factory.mktemp("watched")) as environment:
        first = project.build(env=environment)
        graphs = project.source.parent / "cache" / "graphs"
        entries = {}
        for path in graphs.iterdir():
            if found := re.search(rb'"net(\d+)"', path.read_bytes()):
                entries[int(found[1])] = path
        assert sorted(entries) == [*units()]
        contents = {at: path.read_bytes() for at, path in entries.items()}
        for (at, path), change in zip(sorted(entries.items()), ENTRIES.values(), strict=True):
            if callable(change):
                path.write_bytes(change(contents[at], path.name))
                assert path.read_bytes() != contents[at]
            elif change is None:
                path.write_bytes(contents[at - 1])
            else:
                path.unlink()
                os.mkfifo(path) if change == "pipe" else path.symlink_to(change)
        for path in graphs.parent.joinpath("drawings").iterdir():
            path.write_bytes(random.Random(9).randbytes(999))
        yield first, project.build("html", "-E", out="again", env=environment)


@pytest.mark.parametrize("fault", SAVED, ids=str)
def test_a_saved_model_that_is_none(fault, builds):
    for build in builds:
        assert_told(fault, build, f"index.rst:{2 * SAVED.index(fault) + 5}")


@pytest.mark.parametrize("fault", CACHED, ids=str)
def test_an_entry_of_the_cache_that_is_none(fault, builds):
    first, again = builds
    assert len(first.drawings("cached.html")) == len(ENTRIES)
    assert first.drawings("cached.html") == again.drawings("cached.html")


def test_nothing_else_is_told_or_read(project, builds):
    for build in builds:
        assert len(build.warnings) == len(ARCHIVES)
        assert len(build.drawings()) == len(DRAWN)
    assert not project.source.joinpath("ran").exists()
    # None but the models that were drawn from archives is as it was.
    assert f"{len(DRAWN)} from cache, {len(ENTRIES)} built in" in builds[1].output
