"""The worker process survives, and hides, whatever the author's code does."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from running import is_running
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Worker

TESTS = str(Path(__file__).parents[1])


@pytest.fixture(scope="module")
def worker():
    worker = Worker({"KERASGRAPH_TEST": "reached"}, timeout=20)
    yield worker
    worker.close()


def test_one_process_serves_all_models(worker):
    for target in ("zoo.first.mlp", "zoo.first:branches", "zoo.shapes.Net(units=2)"):
        shape = "(3,)" if "Net" in target else None
        assert isinstance(worker.ask(ModelRequest(target, shape)).result, ModelGraph)
    assert worker.starts == 1


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


def test_worker_that_dies_is_replaced(worker):
    starts = worker.starts
    fault = worker.ask(ModelRequest("zoo.faulty.dies")).result
    assert (fault.subtype, "exit code 9" in fault.message) == ("worker", True)
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)
    assert worker.starts == starts + 1


def test_worker_that_hangs_is_ended():
    worker = Worker({}, timeout=6)
    fault = worker.ask(ModelRequest("zoo.faulty.hangs")).result
    worker.close()
    assert (fault.subtype, "longer than 6 seconds" in fault.message) == ("worker", True)


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


def test_child_left_behind_does_not_hold_up_the_build(worker):
    begin = time.monotonic()
    fault = worker.ask(ModelRequest("zoo.faulty.forks_and_dies")).result
    assert "exit code 3" in fault.message
    assert time.monotonic() - begin < 20


def test_stranger_left_behind_does_not_hold_up_the_build(worker):
    """It has left the worker's session, and can't be ended with it."""
    begin = time.monotonic()
    fault = worker.ask(ModelRequest("zoo.faulty.leaves_a_stranger")).result
    assert "exit code 3" in fault.message
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)
    assert time.monotonic() - begin < 25


@pytest.mark.parametrize(
    ("target", "subtype", "says"),
    [
        ("zoo.faulty.writes_everywhere", "internal", "can't be read"),
        ("zoo.faulty.nested_too_deep", "internal", "RecursionError"),
        ("zoo.faulty.closes_everything", "worker", "exit code 1"),
    ],
)
def test_models_that_spoil_their_answer(worker, target, subtype, says):
    fault = worker.ask(ModelRequest(target)).result
    assert (fault.subtype, says in fault.message) == (subtype, True), fault.message
    assert fault.advice
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)


def test_rubbish_of_another_model_does_not_count(worker):
    assert isinstance(worker.ask(ModelRequest("zoo.faulty.writes_later")).result, ModelGraph)
    time.sleep(2)
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)


def test_module_that_raises_when_looked_at(worker):
    assert isinstance(worker.ask(ModelRequest("zoo.faulty.strange_module")).result, ModelGraph)
    assert isinstance(worker.ask(ModelRequest("zoo.first.mlp")).result, ModelGraph)


def test_what_a_dead_worker_printed_is_told(worker):
    fault = worker.ask(ModelRequest("zoo.faulty.dies")).result
    assert "last words" in fault.details


def test_worker_that_cannot_start():
    worker = Worker({"PYTHONHOME": "/nonexistent"}, timeout=20)
    fault = worker.ask(ModelRequest("zoo.first.mlp")).result
    worker.close()
    assert fault.subtype == "worker"
    assert "encodings" in fault.details


FORKS = """
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
    tmp_path.joinpath("mod_forks.py").write_text(FORKS)
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
    assert fresh.starts == 1


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
    import os
    import signal
    import subprocess

    code = (
        "import sys; from sphinxcontrib_kerasgraph.worker.client import Worker\n"
        "from sphinxcontrib_kerasgraph.target import ModelRequest\n"
        "worker = Worker({}, 600); worker.start()\n"
        "print(worker._process.pid, flush=True); worker.ask(ModelRequest('zoo.faulty.hangs'))\n"
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
        pytest.fail("the worker still runs")
