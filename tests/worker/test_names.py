"""Names are as in a fresh interpreter that imports the module and calls the function."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from graph_text import expected, graph_text
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Worker

TESTS = str(Path(__file__).parents[1])

#: By target; zoo.names imports zoo.activations, and makes four layers of the class in all.
GRAPHS = {
    "zoo.activations.of_activations": """
        x InputLayer
        leaky_re_lu LeakyReLU <- x
        dense Dense <- leaky_re_lu
        leaky_re_lu_1 LeakyReLU <- dense
        leaky_re_lu_2 LeakyReLU <- leaky_re_lu_1
        -> leaky_re_lu_2
    """,
    "zoo.late.of_late": """
        x InputLayer
        leaky_re_lu LeakyReLU <- x
        leaky_re_lu_1 LeakyReLU <- leaky_re_lu
        -> leaky_re_lu_1
    """,
    "zoo.names.shared_at_import": """
        x InputLayer
        dense Dense <- x
        leaky_re_lu_2 LeakyReLU <- dense
        dense_1 Dense <- leaky_re_lu_2
        leaky_re_lu_4 LeakyReLU <- dense_1
        leaky_re_lu_2#2 LeakyReLU <- leaky_re_lu_4
        -> leaky_re_lu_2#2
    """,
    "zoo.names.of_three_modules": """
        x InputLayer
        leaky_re_lu_4 LeakyReLU <- x
        leaky_re_lu_5 LeakyReLU <- leaky_re_lu_4
        leaky_re_lu_6 LeakyReLU <- leaky_re_lu_5
        leaky_re_lu_2 LeakyReLU <- leaky_re_lu_6
        leaky_re_lu LeakyReLU <- leaky_re_lu_2
        dense Dense <- leaky_re_lu
        leaky_re_lu_1 LeakyReLU <- dense
        -> leaky_re_lu_1
    """,
    "zoo.names.weights_needed": """
        x InputLayer
        dense Dense <- x
        leaky_re_lu_2 LeakyReLU <- dense
        leaky_re_lu_4 LeakyReLU <- leaky_re_lu_2
        leaky_re_lu_5 LeakyReLU <- leaky_re_lu_4
        -> leaky_re_lu_5
    """,
    "zoo.names.whole": """
        x InputLayer
        leaky_re_lu_3 LeakyReLU <- x
        -> leaky_re_lu_3
    """,
    "zoo.names.around_a_whole_model": """
        x InputLayer
        built_at_import Functional <- x
            x InputLayer <- ^
            leaky_re_lu_3 LeakyReLU <- x
            -> leaky_re_lu_3
        leaky_re_lu_4 LeakyReLU <- built_at_import
        -> leaky_re_lu_4
    """,
}


def answers(targets):
    """The graph of each target, by one worker that is asked for all of them."""
    worker = Worker({}, timeout=120, most=2)
    asked = worker.answers([ModelRequest(target) for target in targets])
    found = {request.target: answer.result for request, answer, _ in asked}
    worker.close()
    return found


@pytest.mark.parametrize("targets", [list(GRAPHS), list(reversed(GRAPHS))])
def test_names_are_those_of_a_fresh_interpreter_in_every_order(targets, monkeypatch):
    monkeypatch.syspath_prepend(TESTS)
    for target, found in answers(targets).items():
        assert graph_text(found.graph) == expected(GRAPHS[target]), target


@pytest.mark.slow
def test_expectations_are_those_of_a_fresh_interpreter(monkeypatch):
    """The names in them are those that the author's own program has."""
    monkeypatch.setenv("PYTHONPATH", TESTS)
    code = (
        "import json, importlib, sys; module, _, name = sys.argv[1].rpartition('.')\n"
        "model = getattr(importlib.import_module(module), name)\n"
        "model = model() if name != 'whole' else model\n"
        "print(json.dumps(sorted(layer.name for layer in model.layers)))"
    )
    for target in ("zoo.names.of_three_modules", "zoo.names.whole"):
        done = subprocess.run(
            [sys.executable, "-c", code, target], capture_output=True, text=True, check=True
        )
        lines = expected(GRAPHS[target]).splitlines()[:-1]
        assert json.loads(done.stdout) == sorted(line.split()[0] for line in lines)


FILES = {
    # Two that know nothing of each other, and what uses both, in either order.
    "mod_left": "left = layers.ReLU()\n",
    "mod_right": "right = layers.ReLU()\n",
    "mod_both": "from mod_left import left\nown = layers.ReLU()\nfrom mod_right import right\n"
    "def build(): return line(left, own, right, layers.ReLU())\n",
    "mod_back": "from mod_right import right\nimport mod_left\n"
    "def build(): return line(right, mod_left.left, layers.ReLU())\n",
    # Names begin anew when it is imported; and the layers of a function that is imported.
    "mod_anew": "import mod_left\nkeras.utils.clear_session()\nanew = layers.ReLU()\n"
    "def build(): return line(anew, layers.ReLU())\n",
    # An import that fails has named a layer; so has one that is imported by its path.
    "mod_broken": "broken = layers.ReLU()\nraise ImportError('no')\n",
    "mod_tries": "try: import mod_broken\nexcept ImportError: pass\nown = layers.ReLU()\n"
    "def build(): return line(own, layers.ReLU())\n",
    # A package, whose modules are imported as its members.
    "mod_pack/__init__": "top = layers.ReLU()\n",
    "mod_pack/one": "one = layers.ReLU()\ndef build(): return line(one, layers.ReLU())\n",
    "mod_pack/two": "two = layers.ReLU()\ndef build(): return line(two, layers.ReLU())\n",
    "mod_members": "from mod_pack import one, two\n"
    "def build(): return line(mod_top(), one.one, two.two, layers.ReLU())\n"
    "def mod_top(): import mod_pack; return mod_pack.top\n",
    # What names itself by Keras's counters.
    "mod_uid": "own = layers.ReLU(name=f'own_{keras.backend.get_uid(\"own\")}')\n"
    "def build(): return line(own, layers.ReLU(name=f'own_{keras.backend.get_uid(\"own\")}'))\n",
}
HEAD = """
import keras
from keras import layers
def line(*all):
    inputs = x = keras.Input((3,), name='x')
    for layer in all: x = layer(x)
    return keras.Model(inputs, x)
"""
#: The names of the layers, in the order in which they are called.
NAMES = {
    "mod_both": ["re_lu", "re_lu_1", "re_lu_2", "re_lu_3"],
    "mod_back": ["re_lu", "re_lu_1", "re_lu_2"],
    "mod_anew": ["re_lu", "re_lu_1"],
    "mod_tries": ["re_lu_1", "re_lu_2"],
    "mod_pack.one": ["re_lu_1", "re_lu_2"],
    "mod_pack.two": ["re_lu_1", "re_lu_2"],
    "mod_members": ["re_lu", "re_lu_1", "re_lu_2", "re_lu_3"],
    "mod_uid": ["own_1", "own_2"],
}


@pytest.fixture
def modules(tmp_path, monkeypatch):
    tmp_path.joinpath("mod_pack").mkdir()
    for name, text in FILES.items():
        tmp_path.joinpath(f"{name}.py").write_text(HEAD + text)
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("modules")
def test_modules_that_import_each_other():
    for target, found in answers([f"{name}.build" for name in NAMES]).items():
        names = [call.name for call in found.graph.calls][1:]
        assert names == NAMES[target.removesuffix(".build")], target
