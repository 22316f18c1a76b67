"""What several models are found in is imported once, and each of them is as if it were alone."""

from __future__ import annotations

import time

import pytest

from running import is_running
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Worker
from sphinxcontrib_kerasgraph.worker.launch import FORKS

pytestmark = pytest.mark.skipif(not FORKS, reason="needs fork")

#: Builds what tells how often it was imported and called in its process.
BUILD = """
import os
with open(__file__ + ".imported", "a") as file: file.write("x")
import keras
print("imported", flush=True)
shared = keras.layers.Dense(3)
built = 0
def build(units=1):
    global built
    built += 1
    inputs = keras.Input((3,))
    return keras.Model(inputs, keras.layers.Dense(units, name=f"own{built}")(shared(inputs)))
class Nets:
    build = staticmethod(build)
"""
WRITE = """
    try: os.write(number, b'5 1\\nimported\\n')
    except OSError: pass
"""
#: The way to these runs code.
WALKED = """
import keras
def part(): return keras.layers.Dense(2)  # which starts no threads
class Gan:
    @property
    def generator(self):
        made = Gan()
        made.one, made.two = part(), part()
        return made
gan = Gan()
"""
PARTS = {"one": "dense", "two": "dense_1"}
#: What comes before that; whether one import does for both.
MODULES = {
    "mod_plain": ("", True),
    "mod_forks": ("import os\nos.fork() or os._exit(0)\n", False),
    "mod_child": ("import subprocess\nsubprocess.Popen(['sleep', '100'])\n", False),
    "mod_daemon": (
        "import subprocess\nsubprocess.Popen(['sleep', '100'], start_new_session=True)\n", False
    ),
    "mod_thread": ("import threading\nthreading.Timer(100, print).start()\n", False),
    "mod_writes": (f"import os\nfor number in range(3, 100):\n{WRITE}", False),
    "mod_closes": ("import os\nos.closerange(3, 100)\n", False),
    "mod_twice": ("import os\nos.fork()\n", False),
}  # fmt: skip
#: Whose import ends the process, and how that is told.
ENDS = {
    "mod_exits": ("import os\nos._exit(9)\n", "ended with exit code 9"),
    "mod_exits_so": ("import os\nos._exit(75)\n", "ended with exit code 75"),
    "mod_hangs": ("import time\ntime.sleep(100)\n", "took longer than 2 seconds"),
    "mod_stops": ("import os\nos.kill(os.getpid(), 19)\n", "took longer than 2 seconds"),
    "mod_raises": ("1 / 0\n", "ZeroDivisionError"),
    "mod_leaves": ("import sys\nsys.exit('no')\n", "SystemExit: no"),
    "mod_kills": ("import os\nos.kill(os.getppid(), 9)\n", "was ended by SIGKILL"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("modules")
    for name, (first, _) in {**MODULES, **ENDS}.items():
        folder.joinpath(f"{name}.py").write_text(first + BUILD)
    folder.joinpath("mod_walked.py").write_text(WALKED)
    return folder


@pytest.fixture(scope="module")
def answers(folder):
    """Of two models of each module, by one worker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        worker = Worker({}, timeout=20, most=2)
    targets = [f"{name}.{path}" for path in ("build", "build(2)") for name in MODULES]
    requests = [ModelRequest(one) for one in (*targets, "mod_plain.Nets.build")]
    requests += [ModelRequest(f"mod_walked:gan.generator.{name}", "(3,)") for name in PARTS]
    asked = worker.answers(requests)
    found = {request.target: answer for request, answer, _ in asked}
    yield found
    worker.close()


def names(answer):
    return [call.name for call in answer.result.graph.calls]


@pytest.mark.parametrize("module", MODULES)
def test_each_model_is_as_if_it_were_alone(answers, folder, module):
    for path in ("build", "build(2)"):
        answer = answers[f"{module}.{path}"]
        assert names(answer) == ["input_layer", "dense", "own1"]
        assert answer.made_from["files"] == [str(folder / f"{module}.py")]
        assert answer.output.startswith("imported\n")


@pytest.mark.parametrize(
    "module", [name for name in MODULES if name not in {"mod_plain", "mod_twice"}]
)
def test_one_import_does_where_nothing_is_lost_by_a_fork(answers, folder, module):
    times = len(folder.joinpath(f"{module}.py.imported").read_text())
    assert (times == 1) is MODULES[module][1]


def test_what_lies_deeper_has_an_import_of_its_own(answers, folder):
    """The class has its build, as the module has."""
    assert names(answers["mod_plain.Nets.build"]) == ["input_layer", "dense", "own1"]
    assert folder.joinpath("mod_plain.py.imported").read_text() == "xx"


@pytest.mark.parametrize(("part", "name"), PARTS.items())
def test_the_way_to_it_is_gone_once(answers, part, name):
    assert names(answers[f"mod_walked:gan.generator.{part}"])[1:] == [name]


@pytest.fixture(scope="module")
def ends(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        worker = Worker({}, timeout=2, most=2)
    targets = [f"{name}.{path}" for path in ("build", "build(2)") for name in ENDS]
    asked = worker.answers([ModelRequest(one) for one in [*targets, "mod_plain.build"]])
    found = {request.target: answer for request, answer, _ in asked}
    yield found
    worker.close()


@pytest.mark.slow
@pytest.mark.parametrize("module", ENDS)
def test_the_end_of_an_import_is_that_of_each_model(ends, module):
    for path in ("build", "build(2)"):
        fault = ends[f"{module}.{path}"].result
        assert isinstance(fault, Fault)
        assert ENDS[module][1] in fault.message


@pytest.mark.slow
def test_others_are_built(ends):
    assert names(ends["mod_plain.build"]) == ["input_layer", "dense", "own1"]


def test_nothing_is_left_of_an_import(tmp_path, monkeypatch):
    tmp_path.joinpath("mod_leaving.py").write_text(
        "import os, subprocess\n"
        "with open(__file__ + '.pids', 'a') as file:\n"
        "    for own in (True, False):\n"
        "        left = subprocess.Popen(['sleep', '100'], start_new_session=own)\n"
        "        print(left.pid, file=file)\n" + BUILD
    )
    monkeypatch.syspath_prepend(tmp_path)
    worker = Worker({}, timeout=20)
    for request, answer, _ in worker.answers(
        [ModelRequest("mod_leaving.build"), ModelRequest("mod_leaving.build(2)")]
    ):
        assert names(answer), request
    worker.close()
    pids = tmp_path.joinpath("mod_leaving.py.pids").read_text().split()
    assert len(pids) == 6
    time.sleep(0.1)
    assert not any(is_running(int(pid)) for pid in pids)


def test_those_given_up_are_not_built(tmp_path, monkeypatch):
    tmp_path.joinpath("mod_given_up.py").write_text(BUILD)
    monkeypatch.syspath_prepend(tmp_path)
    worker = Worker({}, timeout=20)
    requests = [ModelRequest(f"mod_given_up.build({units})") for units in range(1, 9)]
    for _ in worker.answers(requests):
        break
    assert names(worker.ask(ModelRequest("mod_given_up.build(9)"))) == [
        "input_layer",
        "dense",
        "own1",
    ]
    worker.close()
