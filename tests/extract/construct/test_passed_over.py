"""What only loads or changes weights is passed over while a model is made, and noted."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from types import ModuleType

import keras
import numpy as np
import pytest

from graph_text import graph_text
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.construct.passed_over import PassedOver
from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import Target
from zoo_checks import expected

TENSORFLOW = keras.config.backend() == "tensorflow"

CLASSIFIER = expected("""
    x InputLayer
    hidden Dense <- x
    scores Dense <- hidden
    -> scores
""")


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whoever wants to connect is refused, and told on."""

    def refuse(*_):
        raise AssertionError("the network is asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def graph_of(target: str, shape=None) -> ModelGraph:
    keras.utils.clear_session(free_memory=False)
    return target_to_graph(Target.parse(target), Calling(shape), PassedOver())


@pytest.fixture(scope="module", autouse=True)
def trained() -> ModelGraph:
    """The model that the module of the others makes when it is imported."""
    return graph_of("zoo.loading.trained")


def test_weights_that_an_import_loads(trained):
    assert graph_text(trained.graph) == CLASSIFIER
    assert trained.passed_over == ("weights of trained.weights.h5",)


CLASSIFIERS = {
    "from_file": ("weights of best.weights.h5",),
    "by_name": ("weights of legacy_weights.h5",),
    "from_archive": ("the download of weights.tar.gz", "weights of epoch_10.weights.h5"),
    "from_arrays": ("values given to set_weights",),
    "distilled": ("values given to set_weights", "weights of teacher.weights.h5"),
}
if TENSORFLOW:
    CLASSIFIERS["restored"] = ("weights of ckpt-7",)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_models_are_drawn_without_their_weights(name):
    graph = graph_of(f"zoo.loading.{name}")
    assert graph_text(graph.graph) == CLASSIFIER
    assert graph.parameters.total == 4 * 8 + 8 + 8 * 2 + 2
    assert graph.passed_over == CLASSIFIERS[name]
    assert ModelGraph.from_json(graph.to_json()) == graph


def test_table_of_vectors():
    graph = graph_of("zoo.loading.embedded")
    assert graph_text(graph.graph) == expected("""
        words InputLayer
        vectors Embedding <- words
        mean GlobalAveragePooling1D <- vectors
        score Dense <- mean
        -> score
    """)
    assert (graph.parameters.total, graph.parameters.trainable) == (10 * 4 + 5, 5)


def test_weights_that_layers_load_by_themselves():
    graph = graph_of("zoo.loading.Captioner", (3,))
    assert graph_text(graph.graph) == expected("""
        image InputLayer
        encoder Sequential <- image
            pixels InputLayer <- ^
            project Dense <- pixels
            -> project
        words Dense <- encoder
        softmax Softmax <- words
        -> softmax
    """)
    assert graph.parameters.total == 3 * 6 + 6 + 6 * 9 + 9
    assert graph.passed_over == (
        "weights of captioner.weights.h5",
        "weights of encoder.weights.h5",
    )


def test_transfer_learning():
    graph = graph_of("zoo.loading.transfer")
    lines = [line for line in graph_text(graph.graph).splitlines() if line[0] != " "]
    assert lines == [
        "photo InputLayer",
        "base Functional <- photo",
        "drop Dropout <- base",
        "head Dense <- drop",
        "-> head",
    ]
    assert graph.parameters.trainable == 1280 * 5 + 5
    file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_96_no_top.h5"
    assert graph.passed_over == (f"weights of {file}",)


@pytest.mark.parametrize("name", ["MobileNetV2", "ResNet50"])
def test_an_application_is_that_without_weights(name):
    by_default = graph_of(f"keras.applications.{name}()")
    without = graph_of(f"keras.applications.{name}(weights=None)")
    assert by_default.graph == without.graph
    assert by_default.parameters == without.parameters
    assert [one.partition(" of ")[0] for one in by_default.passed_over] == ["weights"]
    assert without.passed_over == ()


def test_what_else_the_weights_decide_is_drawn():
    """With those of ImageNet, an EfficientNet scales its inputs twice."""
    by_default = graph_of("keras.applications.EfficientNetB0()")
    without = graph_of("keras.applications.EfficientNetB0(weights=None)")
    scaled = [
        [call.class_name for call in graph.graph.calls].count("Rescaling")
        for graph in (by_default, without)
    ]
    assert scaled == [2, 1]
    assert len(by_default.graph.calls) == len(without.graph.calls) + 1


def test_nothing_is_trained_or_saved(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    graph = graph_of("zoo.loading.fine_tuned")
    assert graph.name == "flowers"
    assert graph.graph.calls[-1].outputs[0].shape == (None, 5)
    assert graph.passed_over == (
        "saving flowers-0.0.keras",
        "training by fit",
        "training by train_on_batch",
        "weights of small.weights.h5",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Writes a module of one's own, to be imported under a new name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    written = []

    def write(text: str) -> str:
        name = f"{tmp_path.name.replace('-', '_')}_{len(written)}"
        written.append(name)
        tmp_path.joinpath(f"{name}.py").write_text(f"import keras\n{text}", encoding="utf-8")
        return name

    return write


def test_afterwards_keras_is_as_it_was(module):
    functions = (keras.utils.get_file, keras.Model.load_weights, keras.Model.fit, keras.Model.save)
    name = module(
        "from keras.utils import get_file\n"
        "def build(): get_file('a.h5', 'https://x.invalid/a.h5'); return keras.Sequential()\n"
    )
    with pytest.raises(Fault):
        graph_of(f"{name}.build")
    assert functions == (
        keras.utils.get_file, keras.Model.load_weights, keras.Model.fit, keras.Model.save,
    )  # fmt: skip
    assert vars(keras.Model).keys() >= {"load_weights"}
    assert "train_on_batch" not in vars(keras.Model)
    import sys

    with pytest.raises(AssertionError, match="the network is asked for"):
        sys.modules[name].get_file("b.h5", "http://127.0.0.1/b.h5", cache_dir=".")


def test_a_file_in_the_cache_is_taken(module):
    Path("datasets").mkdir()
    Path("datasets", "words.txt").write_text("a\nb\nc\n")
    name = module(
        "import pathlib\n"
        "def build():\n"
        "    path = keras.utils.get_file('words.txt', 'https://x.invalid/w', cache_dir='.')\n"
        "    size = len(pathlib.Path(path).read_text().split())\n"
        "    return keras.Sequential([keras.Input((size,)), keras.layers.Dense(1)])\n"
    )
    graph = graph_of(f"{name}.build")
    assert graph.graph.calls[0].outputs[0].shape == (None, 3)
    assert graph.passed_over == ()


def test_training_builds_a_model_as_ever(module):
    """One without an input shape has that of the data."""
    name = module(
        "import numpy as np\n"
        "model = keras.Sequential([keras.layers.Dense(2, name='only')])\n"
        "model.compile('adam', 'mse')\n"
        "model.fit(np.ones((6, 3)), np.ones((6, 2)))\n"
    )
    graph = graph_of(f"{name}.model")
    assert graph.graph["only"].inputs[0].shape == (None, 3)
    assert graph.passed_over == ("training by fit",)


def test_a_model_that_is_as_its_code_has_it_is_saved(module):
    name = module(
        "def build():\n"
        "    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)], name='kept')\n"
        "    model.save('kept.keras')\n"
        "    return keras.models.load_model('kept.keras')\n"
    )
    graph = graph_of(f"{name}.build")
    assert (graph.name, graph.passed_over) == ("kept", ())


def test_models_and_layers_may_be_odd(module):
    """One that can't be hashed, and one whose layers are a number."""
    name = module(
        "class Stack(keras.layers.Layer):\n"
        "    layers = 3\n"
        "    def call(self, x): return x + 1\n"
        "class Odd(keras.Sequential):\n"
        "    def __eq__(self, other): return self is other\n"
        "    __hash__ = None\n"
        "def build():\n"
        "    model = keras.Sequential([keras.Input((3,)), Stack(name='stack')])\n"
        "    model.save('kept.keras')\n"
        "    keras.saving.load_weights(Odd(), 'odd.weights.h5')\n"
        "    return model\n"
    )
    graph = graph_of(f"{name}.build")
    assert graph.graph.calls[-1].name == "stack"
    assert graph.passed_over == ("weights of odd.weights.h5",)
    assert Path("kept.keras").exists()


def test_weights_that_are_there_are_never_replaced(module):
    """Those of the module's model, and the trained ones in a file."""
    Path("best.keras").write_text("trained for a week")
    name = module(
        "import numpy as np\n"
        "inner = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        "inner.layers[0].set_weights([np.full((3, 1), 7.0), np.zeros(1)])\n"
        "inner.load_weights('x.weights.h5')\n"
        "keras.saving.save_model(keras.Sequential([keras.Input((3,)), inner]), 'best.keras')\n"
        "inner.save_weights('best.weights.h5')\n"
    )
    assert "saving best.keras" in graph_of(f"{name}.inner").passed_over
    assert Path("best.keras").read_text() == "trained for a week"
    assert not Path("best.weights.h5").exists()
    import sys

    assert np.all(sys.modules[name].inner.get_weights()[0] == 7)


def test_what_stands_for_a_module_may_have_no_names(monkeypatch, module):
    """As the libraries of cffi, which are modules to `isinstance`."""

    class Library:
        __slots__ = ()
        __class__ = ModuleType

    monkeypatch.setitem(sys.modules, "a_library", Library())
    name = module(
        "def build(): return keras.Sequential([keras.Input((3,)), keras.layers.ReLU()])\n"
    )
    assert graph_of(f"{name}.build").passed_over == ()
