"""What a worker passes over depends on the model, not on those that were built before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Worker

IMPORTED = "weights of trained.weights.h5"


@pytest.fixture(scope="module")
def worker():
    worker = Worker({}, timeout=60)
    yield worker
    worker.close()


def passed_over(worker: Worker, target: str) -> tuple[str, ...]:
    answer = worker.ask(ModelRequest(target))
    assert not isinstance(answer.result, Fault), answer.result
    return answer.result.passed_over


def test_what_an_import_passes_over_is_told_of_all_models_of_the_module(worker):
    for _ in range(2):
        assert passed_over(worker, "zoo.loading.trained") == (IMPORTED,)
        both = ("weights of best.weights.h5", IMPORTED)
        assert passed_over(worker, "zoo.loading.from_file") == both
    assert passed_over(worker, "zoo.first.mlp") == ()


def test_a_model_that_is_built_twice_tells_of_the_second_time(tmp_path, monkeypatch):
    """There weights are allocated, and set."""
    tmp_path.joinpath("twice_built.py").write_text(
        "import keras, numpy as np\n"
        "def build():\n"
        "    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])\n"
        "    model.set_weights([np.ones((1, 1)), np.ones(1)])\n"
        "    model.load_weights('a.weights.h5')\n"
        "    keras.Variable(np.ones(1))  # which can't be made without weights\n"
        "    return model\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    worker = Worker({}, timeout=60)
    try:
        assert passed_over(worker, "twice_built.build") == ("weights of a.weights.h5",)
    finally:
        worker.close()


def test_weights_are_loaded_by_a_worker_that_is_to(tmp_path, monkeypatch):
    """Those of a file change what the code decides by them."""
    tmp_path.joinpath("deciding.py").write_text(
        "import keras, numpy as np, os, sys\n"
        "assert sys.argv == ['-c'] and 'KERAS_HOME' not in os.environ\n"
        "def net(units):\n"
        "    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(units)])\n"
        "def build():\n"
        "    model = net(1)\n"
        "    model.set_weights([np.full((1, 1), 5.0), np.zeros(1)])\n"
        "    model.save_weights('five.weights.h5')\n"
        "    other = net(1)\n"
        "    other.load_weights('five.weights.h5')\n"
        "    return net(int(np.max(other.layers[0].get_weights()[0]) == 5.0) + 1)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KERAS_HOME", raising=False)
    units = []
    for loads in (True, False):
        worker = Worker({}, timeout=60, load_weights=loads)
        try:
            result = worker.ask(ModelRequest("deciding.build")).result
        finally:
            worker.close()
        assert not isinstance(result, Fault), result.details
        units.append(result.graph.calls[-1].outputs[0].shape[-1])
    assert units == [2, 1]
    assert Path("five.weights.h5").exists()


def test_what_a_function_passes_over_is_not_told_of_the_next(worker):
    """Though it sets attributes, as of layers to be frozen."""
    assert any("mobilenet" in what for what in passed_over(worker, "zoo.loading.transfer"))
    both = ("weights of best.weights.h5", IMPORTED)
    assert passed_over(worker, "zoo.loading.from_file") == both
