"""Models of both Kerases on one page, in one build, and `tf.keras` that is Keras 2."""

from __future__ import annotations

import pytest

import svg
from sphinx_project import make_project

PAGE = """
Both
====

.. keras-model:: zoo.legacy.perceptron
   :name: old

.. keras-model:: zoo.first.mlp
   :name: new

.. keras-model:: zoo.legacy.Tower
   :input-shape: (6,)
   :depth: all
   :raw-operations: all

.. keras-model:: zoo.nested.Tower
   :input-shape: (6,)

.. keras-model:: zoo.legacy.perceptron
"""

SAME_PATH = """
import tensorflow as tf

def dense():
    return tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(2)])
"""


@pytest.fixture(scope="module")
def build(dot, tmp_path_factory):
    build = make_project(tmp_path_factory.mktemp("legacy"), index=PAGE).build()
    assert (build.returncode, build.warnings) == (0, [])
    return build


def test_models_of_both_are_drawn_in_one_build(build):
    old, new, tower, newer = build.drawings()[:4]
    assert svg.boxes(old) == ["input_1", "dense", "dropout", "dense_1"]
    assert "dense" in svg.boxes(new)
    assert {"block1/inner", "block1/relu", "scaled", "head#2"} <= set(svg.boxes(tower))
    assert svg.boxes(newer)


def test_names_do_not_depend_on_other_models(build):
    """The same model, after others: it has the same names, and so the same picture."""
    assert len(build.images()) == 4


@pytest.mark.slow
@pytest.mark.parametrize("flag", ["0", "1"])
def test_environment_chooses_what_tf_keras_is(dot, tmp_path, flag):
    project = make_project(
        tmp_path,
        f'kerasgraph_environment = {{"TF_USE_LEGACY_KERAS": "{flag}"}}',
        index="Page\n====\n\n.. keras-model:: mod_same.dense\n   :show-layer-names:\n",
        mod_same=SAME_PATH,
    )
    build = project.build()
    assert (build.returncode, build.warnings) == (0, [])
    [picture] = build.drawings()
    name = "input_1" if flag == "1" else "input_layer"
    assert svg.boxes(picture) == [name, "dense"]
