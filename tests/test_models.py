"""Graphs are found, or built, without Sphinx and without Keras."""

from __future__ import annotations

import json

import pytest

from make_graphs import model
from sphinxcontrib_kerasgraph import snapshot
from sphinxcontrib_kerasgraph.compare import compared
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import Contents
from sphinxcontrib_kerasgraph.models import Models, Snapshots
from sphinxcontrib_kerasgraph.store import Store
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.protocol import Answer
from sphinxcontrib_kerasgraph.worker.toolchain import Toolchain

GRAPH = model("x InputLayer\ny Dense <- x\n-> y")
OTHER = model("x InputLayer\ny Dense <- x\nz ReLU <- y\n-> z")
ONE, TWO = ModelRequest("m.one"), ModelRequest("m.two")


class FakeWorker:
    """Answers as it was told."""

    started = 1.0

    def __init__(self, answers):
        self.said = answers
        self.asked = []
        self.calls = []

    def start(self):
        self.calls.append("start")

    def answers(self, requests):
        for request in requests:
            self.asked.append(request)
            yield request, self.said[request], self.started

    def close(self):
        self.calls.append("close")


def good(graph=GRAPH, **others):
    return Answer(graph, graph.to_json(), **others)


@pytest.fixture
def models(tmp_path):
    """Makes the models of another build."""
    tmp_path.joinpath("docs").mkdir()

    def make(answers=(), snapshots=None):
        worker = FakeWorker(dict(answers))
        found = Models(
            Store(tmp_path / "store"),
            Contents(str(tmp_path / "docs")),
            Toolchain({}),
            lambda: worker,
            snapshots,
        )
        return found, worker

    return make


def made(models, *requests):
    """Which were found, and which built."""
    found, missing = [], None
    finding = models.find(requests)
    while missing is None:
        try:
            found.append(next(finding))
        except StopIteration as end:
            missing = end.value
    return found, list(models.build(missing)) if missing else []


def test_what_was_built_is_found_by_the_next_build(models):
    first, worker = models({ONE: good(), TWO: good(OTHER)})
    assert made(first, ONE, TWO, ONE) == ([], [ONE, TWO])
    assert worker.asked == [ONE, TWO]
    assert first[ONE].result == GRAPH
    assert first.summary().startswith("2 Keras models: 2 built in ")
    again, worker = models()
    assert made(again, ONE, TWO) == ([ONE, TWO], [])
    assert (again[ONE].result, again[TWO].result) == (GRAPH, OTHER)
    assert again[ONE].key == first[ONE].key != again[TWO].key
    assert worker.asked == []
    assert again.summary() == "2 Keras models: 2 from cache"


def test_each_is_made_once(models):
    first, worker = models({ONE: good()})
    made(first, ONE)
    assert made(first, ONE) == ([], [])
    assert worker.asked == [ONE]


def test_a_changed_file_has_it_built_again(models, tmp_path):
    path = tmp_path / "docs" / "m.py"
    path.write_text("1")
    answers = {ONE: good(made_from={"files": [str(path)]})}

    class Early(FakeWorker):
        started = path.stat().st_mtime + 1000

    first, worker = models(answers)
    worker.started = Early.started
    made(first, ONE)
    assert made(models()[0], ONE) == ([ONE], [])
    path.write_text("2")
    assert made(models(answers)[0], ONE) == ([], [ONE])


def test_faults_are_not_kept(models):
    answers = {ONE: Answer(Fault("build", "no"))}
    for _ in range(2):
        found, worker = models(answers)
        made(found, ONE)
        assert worker.asked == [ONE]
        assert found.failed() == {ONE}
        assert found.summary() == "1 Keras model: 1 failed"


@pytest.mark.parametrize(
    "answer",
    [
        good(made_from={"files": ["a\0b", "\udcff", ""], "modules": ["", "a\0", "."]}),
        good(made_from={"packages": ["", "\0", "../x"], "variables": ["\0", "="], "odd": ["x"]}),
        Answer(GRAPH, "\udcff{"),
        good(output="\udcff\0", seconds=1e300),
    ],
    ids=["files", "names", "json", "output"],
)
def test_whatever_the_answer_tells_nothing_is_raised(models, answer):
    for _ in range(2):
        found, _ = models({ONE: answer})
        made(found, ONE)
        assert found[ONE].result == GRAPH


def test_what_cannot_be_kept_is_a_fault(models):
    found, _ = models({ONE: good(made_from={"files": [3]}), TWO: good()})
    assert made(found, ONE, TWO) == ([], [ONE, TWO])
    fault = found[ONE].result
    assert (fault.subtype, "Error" in fault.message) == ("internal", True)
    assert found[TWO].result == GRAPH


def test_a_foreseen_model_starts_the_worker_early(models):
    found, worker = models({ONE: good()})
    found.foresee(ONE)
    found.foresee(TWO)
    assert worker.calls == ["start"]
    made(found, ONE)
    assert worker.calls == ["start", "close"]
    again, worker = models()
    again.foresee(ONE)
    assert worker.calls == []
    again.foresee(TWO)
    again.close()
    assert worker.calls == ["start", "close"]


def test_snapshots_are_drawn_or_compared(models, tmp_path):
    folder = tmp_path / "snapshots"
    folder.mkdir()
    path = folder / snapshot.file_name(ONE)
    path.write_text(snapshot.to_text(ONE, OTHER), encoding="utf-8")
    drawn, worker = models(snapshots=Snapshots(folder, are_drawn=True))
    assert made(drawn, ONE, TWO) == ([ONE, TWO], [])
    assert drawn[ONE].result == OTHER
    assert drawn[TWO].result.subtype == "keras"
    assert worker.asked == []
    compared, _ = models({ONE: good(), TWO: good()}, Snapshots(folder))
    made(compared, ONE, TWO)
    assert compared[ONE].result == GRAPH
    assert "isn't what its snapshot" in compared[ONE].drift.message
    assert "There is no snapshot" in compared[TWO].drift.message


@pytest.mark.parametrize(
    ("text", "given", "says"),
    [
        (snapshot.to_text(ONE, GRAPH), {}, None),
        (GRAPH.to_json(), {}, None),
        (snapshot.to_text(ONE, GRAPH), {"input_shape": "(3,)"}, "Leave out input-shape."),
        (snapshot.to_text(ONE, GRAPH).replace('"calls"', '"call"'), {}, "holds no model"),
        ("<<<<<<< HEAD", {}, "holds no model: it is no JSON: "),
        ("[1]", {}, "holds no model"),
    ],
)
def test_finished_graphs_are_read(models, tmp_path, text, given, says):
    tmp_path.joinpath("docs", "net.json").write_text(text, encoding="utf-8")
    found, worker = models()
    request = ModelRequest("net.json", **given)
    assert made(found, request) == ([request], [])
    result = found[request].result
    assert result == GRAPH if says is None else says in str(result)
    assert worker.asked == []


def test_what_keras_has_written_is_built(models, tmp_path):
    tmp_path.joinpath("docs", "net.json").write_text('{"class_name": "Functional"}')
    request = ModelRequest("net.json", input_shape="(3,)")
    found, _ = models({request: good()})
    assert made(found, request) == ([], [request])


@pytest.fixture
def snapshots(tmp_path):
    """Snapshots that are right."""
    folder = tmp_path / "snapshots"
    folder.mkdir()
    for request in (ONE, TWO):
        path = folder / snapshot.file_name(request)
        path.write_text(snapshot.to_text(request, GRAPH), encoding="utf-8")
    return Snapshots(folder)


def damage(snapshots, **changed):
    """Give fields of a call in the first snapshot other values."""
    path = snapshots.folder / snapshot.file_name(ONE)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["graph"]["graph"]["calls"][1] |= changed
    path.write_text(json.dumps(data), encoding="utf-8")


def check_compared(models, snapshots, told):
    """When they are built, and when they are found: all is drawn, and what is wrong is told."""
    for _ in range(2):
        found, _ = models({ONE: good(), TWO: good()}, snapshots)
        made(found, ONE, TWO)
        assert (found[ONE].result, found[TWO].result) == (GRAPH, GRAPH)
        assert told in found[ONE].drift.message
        assert found[TWO].drift is None
    return found[ONE].drift


@pytest.mark.parametrize(
    "changed",
    [
        {"config": [1]},
        {"config": None},
        {"constants": [3]},
        {"shared": 1},
        {"trainable": "x"},
        {"parameters": {"total": "x"}},
        {"activation": 3},
    ],
    ids=str,
)
def test_a_damaged_snapshot_is_told_of(models, snapshots, changed):
    damage(snapshots, **changed)
    assert check_compared(models, snapshots, "can't be read").subtype == "drift"


@pytest.mark.parametrize("error", [AttributeError("no"), RecursionError(), MemoryError()])
def test_whatever_comparing_raises_is_a_fault(models, snapshots, monkeypatch, error):
    def compare(before, after):
        if before != GRAPH:
            raise error
        return compared(before, after)

    damage(snapshots, activation="relu")
    monkeypatch.setattr("sphinxcontrib_kerasgraph.compare.compared", compare)
    fault = check_compared(models, snapshots, type(error).__name__)
    assert fault.subtype == "internal"
    assert "Traceback" in fault.details
    assert snapshot.file_name(ONE) in fault.message
