"""A worker draws models of both Kerases, each as if it were the first."""

from __future__ import annotations

import pytest

from graph_text import expected, graph_text
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Worker

WHOLE = expected("""
    input_1 InputLayer
    dense Dense <- input_1
    -> dense
""")
LATER = expected("""
    input_2 InputLayer
    dense_1 Dense <- input_2
    tf.math.multiply multiply <- dense_1
    -> tf.math.multiply
""")
SETTINGS = """
import tf_keras
tf_keras.mixed_precision.set_global_policy("mixed_float16")
tf_keras.backend.set_image_data_format("channels_first")

def image():
    x = tf_keras.Input((3, 8, 8))
    return tf_keras.Model(x, tf_keras.layers.Conv2D(2, 3, name="conv")(x))
"""
PLAIN = """
import tf_keras

def image():
    x = tf_keras.Input((8, 8, 3))
    return tf_keras.Model(x, tf_keras.layers.Conv2D(2, 3, name="conv")(x))
"""


@pytest.fixture
def ask(tmp_path, monkeypatch):
    for name, text in {"settings": SETTINGS, "plain": PLAIN}.items():
        tmp_path.joinpath(f"legacy_{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    worker = Worker({}, timeout=60)

    def asked(target):
        answer = worker.ask(ModelRequest(target))
        assert isinstance(answer.result, ModelGraph), answer.result
        return answer

    yield asked
    worker.close()


@pytest.mark.slow
def test_names_are_those_of_a_fresh_interpreter(ask):
    expectations = {"whole": WHOLE, "later": LATER}
    order = ["later", "whole", "later", "later", "whole"]
    for name in order:
        assert graph_text(ask(f"zoo.legacy_names.{name}").result.graph) == expectations[name]
        ask("zoo.legacy.perceptron")
        ask("zoo.first.mlp")


def test_settings_hold_for_those_that_import_them(ask):
    for _ in range(2):
        conv = ask("legacy_settings.image").result.graph["conv"]
        assert (conv.outputs[0].shape, conv.outputs[0].dtype) == ((None, 2, 6, 6), "float16")
        conv = ask("legacy_plain.image").result.graph["conv"]
        assert (conv.outputs[0].shape, conv.outputs[0].dtype) == ((None, 6, 6, 2), "float32")


def test_tf_keras_is_imported_by_the_author_alone(ask, tmp_path):
    tmp_path.joinpath("legacy_modules.py").write_text(
        "import sys, keras\n\n"
        "def named():\n"
        "    there = 'tf_keras' in sys.modules\n"
        "    layers = [keras.Input((2,)), keras.layers.ReLU()]\n"
        "    return keras.Sequential(layers, name=f'there_{there}')\n"
    )
    ask("zoo.first.mlp")
    assert ask("legacy_modules.named").result.name == "there_False"


def test_what_it_is_made_from_is_told(ask):
    made_from = ask("zoo.legacy.perceptron").made_from
    assert any(name.endswith("legacy.py") for name in made_from["files"])
    assert "tf_keras" in made_from["packages"]
