"""The worker process survives, and hides, whatever the author's code does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from running import is_running
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Worker
from sphinxcontrib_kerasgraph.worker.launch import FORKS

TESTS = str(Path(__file__).parents[1])

forks = pytest.mark.skipif(not FORKS, reason="needs fork")


@pytest.fixture(scope="module", params=[pytest.param(True, id="forked", marks=forks)])
def worker(request):
    worker = Worker({"KERASGRAPH_TEST": "reached"}, timeout=20, forks=request.param)
    yield worker
    worker.close()


def test_models_of_all_kinds(worker):
    for target in ("zoo.first.mlp", "zoo.first:branches", "zoo.shapes.Net(units=2)"):
        shape = "(3,)" if "Net" in target else None
        assert isinstance(worker.ask(ModelRequest(target, shape)).result, ModelGraph)


def test_a_batch_is_answered_as_a_whole(worker):
    targets = ["zoo.first.mlp", "zoo.faulty.raises", "zoo.first.branches", "zoo.first.mlp"]
    answers = list(worker.answers(map(ModelRequest, targets)))
    assert sorted(request.target for request, _, _ in answers) == sorted(set(targets))
    assert worker.is_ready
    assert [
        type(answer.result) for request, answer, _ in answers if "raises" in request.target
    ] == [Fault]


def test_what_nobody_waits_for_is_ended(worker):
    """The next model needn't wait for it."""
    begin = time.monotonic()
    for _ in worker.answers([ModelRequest("zoo.first.mlp"), ModelRequest("zoo.faulty.hangs")]):
        break
    assert isinstance(worker.ask(ModelRequest("zoo.first.branches")).result, ModelGraph)
    assert time.monotonic() - begin < 15


def test_another_thread_says_stop(worker):
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    begin = time.monotonic()
    assert worker.ask(ModelRequest("zoo.faulty.hangs"), stop) is None
    assert time.monotonic() - begin < 10
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)


def test_sources_are_the_authors_own(worker):
    answer = worker.ask(ModelRequest("zoo.first.mlp"))
    assert str(Path(TESTS, "zoo", "first.py")) in answer.made_from["files"]
    assert not any("site-packages" in source for source in answer.made_from["files"])
    assert not any("sphinxcontrib_kerasgraph/" in source for source in answer.made_from["files"])


def test_what_is_printed_is_caught(worker, capfd):
    answer = worker.ask(ModelRequest("zoo.faulty.noisy"))
    assert isinstance(answer.result, ModelGraph)
    assert "{raw noise}" in answer.output
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("target", "subtype", "says"),
    [
        ("nosuch.models.mlp", "import", "There is no module 'nosuch'."),
        ("zoo.nosuch.mlp", "import", "The module 'zoo' has no 'nosuch'."),
        ("zoo.nosuch:mlp", "import", "The module 'zoo' has no 'nosuch'."),
        ("zoo.first.nosuch", "import", "'zoo.first' has no 'nosuch'."),
        ("zoo.faulty.raises", "build", "raised RuntimeError: no such thing ("),
        ("zoo.faulty.raises(1)", "build", "raised TypeError: raises() takes 0 positional"),
        ("zoo.faulty.returns_nothing", "build", "returned None, not a Keras model."),
        ("zoo.faulty.exits", "build", "raised SystemExit: 3"),
        ("zoo.faulty.NUMBER", "build", "is an object of type int, not a Keras model"),
        ("zoo.shapes.unbuilt", "build", "has no input shape."),
        ("zoo.shapes.Net", "build", "has no input shape."),
        ("keras.layers.Dense(3)", "build", "has no input shape"),
    ],
)
def test_faults(worker, target, subtype, says):
    fault = worker.ask(ModelRequest(target)).result
    assert isinstance(fault, Fault)
    assert (fault.subtype, says in fault.message) == (subtype, True), fault.message
    assert fault.advice


def test_fault_names_the_line_of_the_author(worker):
    fault = worker.ask(ModelRequest("zoo.faulty.raises")).result
    source = Path(TESTS, "zoo", "faulty.py")
    line = next(n for n, text in enumerate(source.read_text().splitlines(), 1) if "no such" in text)
    assert f"({source}:{line})" in fault.message
    assert "Traceback" in fault.details


def test_a_model_that_ends_its_process(worker):
    fault = worker.ask(ModelRequest("zoo.faulty.dies")).result
    assert (fault.subtype, "exit code 9" in fault.message) == ("worker", True)
    assert "last words" in fault.message
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)


def test_a_model_that_hangs_is_ended():
    worker = Worker({}, timeout=1)  # less than the import of Keras takes
    fault = worker.ask(ModelRequest("zoo.faulty.hangs")).result
    assert (fault.subtype, "longer than 1 seconds" in fault.message) == ("worker", True)
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)
    worker.close()


def test_no_weights_are_allocated(worker):
    """A 40-billion-parameter model in less memory than its first layer would need."""
    graph = worker.ask(ModelRequest("zoo.large.wide_mlp")).result
    assert graph.parameters.total > 4e10


def test_weights_are_allocated_where_the_model_needs_them(worker):
    assert isinstance(worker.ask(ModelRequest("zoo.shapes.needs_weights")).result, ModelGraph)


def test_environment_and_path_reach_the_worker(worker, tmp_path, monkeypatch):
    tmp_path.joinpath("mod_env.py").write_text(
        "import os, keras\n"
        "def build():\n"
        "    name = os.environ['KERASGRAPH_TEST']\n"
        "    return keras.Sequential([keras.Input((2,)), keras.layers.ReLU()], name=name)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    fresh = Worker({"KERASGRAPH_TEST": "reached"}, timeout=60)
    assert fresh.ask(ModelRequest("mod_env.build")).result.name == "reached"
    fresh.close()


@pytest.mark.parametrize(
    ("missing", "says"),
    [("keras", "Keras is not installed"), ("tensorflow", "no module 'tensorflow'")],
)
def test_missing_keras_or_backend(tmp_path, monkeypatch, missing, says):
    """A finder in front of the others that knows no such module."""
    tmp_path.joinpath("hide.py").write_text(
        "import sys\n"
        "class Hide:\n"
        "    def find_spec(name, path=None, target=None):\n"
        f"        if name == {missing!r}:\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Hide)\n"
    )
    tmp_path.joinpath("sitecustomize.py").write_text("import hide\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    worker = Worker({"KERAS_BACKEND": "tensorflow"}, timeout=60)
    fault = worker.ask(ModelRequest("zoo.first.mlp")).result
    worker.close()
    assert (fault.subtype, says in fault.message) == ("keras", True), fault.message
    assert sys.executable in fault.message or "KERAS_BACKEND" in fault.advice


def test_no_model_depends_on_those_before(worker):
    before = worker.ask(ModelRequest("zoo.hard.convolution")).result
    changed = worker.ask(ModelRequest("zoo.hard.settings")).result
    after = worker.ask(ModelRequest("zoo.hard.convolution()")).result
    assert changed.graph.calls[-1].outputs[0].dtype == "float16"
    assert after == before
    assert before.graph.calls[-1].outputs[0].shape == (None, 6, 6, 2)


def test_model_of_a_module_is_built_for_each_shape_anew(worker):
    shapes = [
        worker.ask(ModelRequest("zoo.hard.module_model", f"({size},)"))
        .result.graph.calls[0]
        .outputs[0]
        .shape
        for size in (3, 7, 3)
    ]
    assert shapes == [(None, 3), (None, 7), (None, 3)]
    assert "has no input shape" in worker.ask(ModelRequest("zoo.hard.module_model")).result.message


def test_cause_of_an_error_in_a_layer_is_told(worker):
    fault = worker.ask(ModelRequest("zoo.faulty.layer_raises")).result
    assert "ValueError: the real reason is here (" in fault.message
    assert "\x1b" not in fault.message


def test_message_is_one_short_line(worker):
    fault = worker.ask(ModelRequest("zoo.faulty.raises_at_length")).result
    assert len(fault.message) < 700
    assert "\n" not in fault.message


@pytest.mark.parametrize("target", ["zoo.faulty.forks_and_dies", "zoo.faulty.leaves_a_stranger"])
def test_what_a_model_leaves_is_ended(worker, target):
    """Be it in a session of its own."""
    begin = time.monotonic()
    answer = worker.ask(ModelRequest(target))
    assert "exit code 3" in answer.result.message
    assert not is_running(int(answer.result.details))
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize(
    "target",
    [
        "zoo.faulty.writes_everywhere",
        "zoo.faulty.writes_later",
        "zoo.faulty.closes_everything",
        "zoo.faulty.noisy",
        "zoo.faulty.prints_without_end",
        "zoo.faulty.changes_what_writes",
        "zoo.faulty.kills_its_children",
        "zoo.faulty.nested_too_deep",
    ],
)
def test_models_that_spoil_their_process_are_drawn(worker, target):
    answer = worker.ask(ModelRequest(target))
    assert isinstance(answer.result, ModelGraph), answer.result
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("zoo.faulty.crashes", "SIGSEGV (a crash in a native library)"),
        ("zoo.faulty.aborts", "SIGABRT"),
        ("zoo.faulty.is_killed", "SIGKILL (killed from outside, perhaps for want of memory)"),
        ("zoo.faulty.dies", "exit code 9; it printed last: last words"),
    ],
)
def test_how_a_process_ended_is_told(worker, target, says):
    fault = worker.ask(ModelRequest(target)).result
    assert (fault.subtype, says in fault.message) == ("worker", True), fault.message


@forks
def test_one_that_kills_the_server_is_found(worker):
    targets = ["zoo.first.mlp", "zoo.faulty.kills_its_parent", "zoo.first.branches"]
    fresh = Worker({}, timeout=20, most=3)
    answers = {
        request.target: answer.result
        for request, answer, _ in fresh.answers(map(ModelRequest, targets))
    }
    fresh.close()
    fault = answers.pop("zoo.faulty.kills_its_parent")
    assert (fault.subtype, "SIGKILL" in fault.message) == ("worker", True), fault.message
    assert {type(found) for found in answers.values()} == {ModelGraph}


@forks
def test_memory_has_a_limit():
    fresh = Worker({}, timeout=60, memory=200)
    fault = fresh.ask(ModelRequest("zoo.faulty.eats_memory")).result
    assert isinstance(fresh.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)
    fresh.close()
    assert "MemoryError" in fault.message, fault.message


def test_module_that_raises_when_looked_at(worker):
    assert isinstance(worker.ask(ModelRequest("zoo.faulty.strange_module")).result, ModelGraph)
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)


def test_worker_that_cannot_start():
    worker = Worker({"PYTHONHOME": "/nonexistent"}, timeout=20)
    fault = worker.ask(ModelRequest("zoo.first.mlp")).result
    worker.close()
    assert fault.subtype == "worker"
    assert "encodings" in fault.details


FORKING = """
import os, sys, time
from zoo.first import mlp
def child_returns():
    if os.fork() == 0: return mlp()
    return mlp()
def child_leaves():
    pid = os.fork()
    if pid == 0: sys.exit(0)
    os.waitpid(pid, 0)
    return mlp()
"""


def test_a_fork_of_the_authors_code_answers_nobody(tmp_path, monkeypatch):
    tmp_path.joinpath("mod_forks.py").write_text(FORKING)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(TESTS)
    fresh = Worker({}, timeout=60)
    asked = ["mod_forks.child_leaves", "zoo.first.branches", "mod_forks.child_returns"]
    asked += ["zoo.first.branches", "zoo.shapes.Net(units=2)", "zoo.first.mlp"]
    found = [
        fresh.ask(ModelRequest(target, "(3,)" if "Net" in target else None)) for target in asked
    ]
    fresh.close()
    names = [answer.result.name for answer in found]
    assert names == ["mlp", "branches", "mlp", "branches", "net", "mlp"]


def test_what_an_import_sets_counts_for_those_that_import_it(tmp_path, monkeypatch):
    build = (
        "from keras import Input, Sequential, layers\n"
        "def build(): return Sequential([Input((3,)), layers.Dense(2)])\n"
    )
    half = "import keras\nkeras.config.set_dtype_policy('float16')\n"
    files = {"mod_half": half + build, "mod_plain": build, "mod_uses": "import mod_half\n" + build}
    for name, text in files.items():
        tmp_path.joinpath(f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    fresh = Worker({}, timeout=60)
    dtypes = [
        fresh.ask(ModelRequest(f"{name}.build")).result.graph.calls[-1].outputs[0].dtype
        for name in ("mod_plain", "mod_half", "mod_plain", "mod_uses", "mod_plain", "mod_half")
    ]
    fresh.close()
    assert dtypes == ["float32", "float16", "float32", "float16", "float32", "float16"]


def test_worker_ends_when_its_client_is_killed(tmp_path):
    code = (
        "import sys; from sphinxcontrib_kerasgraph.worker.client import Worker\n"
        "from sphinxcontrib_kerasgraph.target import ModelRequest\n"
        "worker = Worker({}, 600); worker.start()\n"
        "print(worker._way._process.pid, flush=True)\n"
        "worker.ask(ModelRequest('zoo.faulty.hangs'))\n"
    )
    client = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": TESTS},
    )
    pid = int(client.stdout.readline())
    time.sleep(1)
    client.send_signal(signal.SIGKILL)
    client.wait()
    client.stdout.close()
    for _ in range(100):
        if not is_running(pid):
            break
        time.sleep(0.1)
    else:
        pytest.fail("the server still runs")
