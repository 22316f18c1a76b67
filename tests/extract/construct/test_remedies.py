"""Code that can't run where documentation is built: the advice leads to the picture."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

import pytest

from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.construct.passed_over import PassedOver
from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph
from sphinxcontrib_kerasgraph.faults import COMMAND, SPHINX, Fault
from sphinxcontrib_kerasgraph.target import Target

BUILD = """
import keras

def build():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="only")])
"""
GUARD = "\nif __name__ == '__main__':\n"

_numbers = count()


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a module under a new name, and tells the name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["-c"])  # as in a worker

    def written(text: str) -> str:
        name = f"remedied_{next(_numbers)}"
        tmp_path.joinpath(f"{name}.py").write_text(text, encoding="utf-8")
        return name

    return written


def draw(target: str):
    return target_to_graph(Target.parse(target), Calling(), PassedOver())


def told(target: str) -> str:
    with pytest.raises(Fault) as caught:
        draw(target)
    assert "  " not in str(caught.value)
    return caught.value.told(SPHINX)


def check_drawn(target: str) -> None:
    assert [call.name for call in draw(target).graph.calls][-1] == "only"


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.strip().splitlines())


#: What a script does when it is imported, and what is said of it.
SCRIPTS = {
    "import sys\nsys.exit()": "It ends the program, as a script does.",
    "import argparse\nparser = argparse.ArgumentParser()\n"
    "parser.add_argument('data')\nparser.parse_args()": "It parses the arguments of a command line",
    "model = build()\nmodel.compile('adam', 'mse')\n"
    "print(model.fit([[1., 2., 3.]], [[1., 2.]]).history['loss'][-1])": "Training is passed over "
    "while a model is made, and its history is empty.",
    "model = build()\nmodel.compile('adam', 'mse')\n"
    "loss, accuracy = model.train_on_batch([[1., 2., 3.]], [[1., 2.]])": "Training is passed over",
    "(x, y), _ = keras.datasets.boston_housing.load_data()": "Downloads are passed over while a "
    "model is made, and boston_housing.npz isn't there.",
    "raise PermissionError(13, 'Permission denied', '/var/log/mine.txt')": "Its code writes, or "
    "reads, what it may not where documentation is built.",
    "open('weights.pkl', 'rb')": "No such file or directory: 'weights.pkl'",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_told_where_their_code_belongs(write, script, monkeypatch, tmp_path):
    monkeypatch.setattr(
        "sphinxcontrib_kerasgraph.extract.construct.cached_files._FOLDER", str(tmp_path / "none")
    )
    message = told(f"{write(f'{BUILD}{script}')}.build")
    assert SCRIPTS[script] in message
    assert "below \"if __name__ == '__main__':\"" in message
    check_drawn(f"{write(f'{BUILD}{GUARD}{indented(script)}')}.build")


def test_a_function_that_trains_is_told_to_leave_it_to_another(write):
    name = write(
        f"{BUILD}\ndef run():\n"
        "    model = build()\n"
        "    model.compile('adam', 'mse')\n"
        "    history = model.fit([[1., 2., 3.]], [[1., 2.]])\n"
        "    print(history.history['loss'][-1])\n"
    )
    message = told(f"{name}.run")
    assert "raised KeyError" in message
    assert "Put training, and what follows, into a function of its own" in message
    check_drawn(f"{name}.build")


def test_a_function_that_exits(write):
    message = told(f"{write(BUILD + 'def main(): raise SystemExit(3)')}.main")
    assert "raised SystemExit: 3" in message
    assert "Have it return the model" in message


def test_a_file_that_is_downloaded_and_read(write, tmp_path, monkeypatch):
    """Kept beside the code, as is advised, it is read."""
    vocabulary = (
        "import keras, os\nfrom keras.utils import get_file\n"
        "def build():\n    with open({path}) as file: size = len(file.readlines())\n"
        "    return keras.Sequential([keras.Input((size,)), keras.layers.Dense(2, name='only')])\n"
    )
    place = "get_file('words.txt', 'https://x.invalid/words.txt', cache_dir='nowhere')"
    fault = write(vocabulary.format(path=place))
    message = told(f"{fault}.build")
    assert "Downloads are passed over while a model is made, and words.txt isn't there." in message
    assert "keep the file beside your code, and read it there" in message
    assert "or set kerasgraph_load_weights = True in conf.py" in message
    Path(tmp_path, "words.txt").write_text("a\nb\n")
    beside = "os.path.join(os.path.dirname(__file__), 'words.txt')"
    check_drawn(f"{write(vocabulary.format(path=beside))}.build")
    assert not Path("nowhere").exists()


def test_the_command_names_its_own_option(write):
    name = write(
        "import keras\n"
        "def build(): return open(keras.utils.get_file('a.txt', 'https://x.invalid/a.txt',"
        " cache_dir='nowhere'))\n"
    )
    with pytest.raises(Fault) as caught:
        draw(f"{name}.build")
    assert "or give --load-weights" in caught.value.told(COMMAND)


@pytest.mark.parametrize("file", ["best.keras", "runs/best.h5"])
def test_the_file_of_a_model_is_the_model(write, file):
    message = told(
        f"{write(f'import keras{chr(10)}model = keras.models.load_model({file!r})')}.model"
    )
    assert f"There is no file '{file}', which holds the model itself." in message
    assert "write a function that builds the model from its layers" in message
    assert "Downloads" not in message


def test_the_file_of_a_model_that_would_be_downloaded(write):
    name = write(
        "import keras\ndef build():\n"
        "    path = keras.utils.get_file('m.keras', 'https://x.invalid/m.keras', cache_dir='no')\n"
        "    return keras.saving.load_model(path)\n"
    )
    message = told(f"{name}.build")
    assert "m.keras', which holds the model itself. Downloads are passed over." in message
    assert "or set kerasgraph_load_weights = True in conf.py" in message


def test_presets_need_their_configuration(write, tmp_path, monkeypatch):
    """The library is one that stands in for it, and has no network."""
    tmp_path.joinpath("keras_hub.py").write_text(
        "class Backbone:\n    @classmethod\n    def from_preset(cls, preset, load_weights=True):\n"
        "        raise ConnectionError('Failed to resolve kaggle.com')\n"
    )
    monkeypatch.delitem(sys.modules, "keras_hub", raising=False)
    name = write("import keras_hub\ndef build():\n"
                 "    return keras_hub.Backbone.from_preset('bert_tiny_en_uncased')\n")  # fmt: skip
    message = told(f"{name}.build")
    monkeypatch.delitem(sys.modules, "keras_hub")
    assert "The preset 'bert_tiny_en_uncased' needs its configuration" in message
    assert "Build the model by its constructor" in message
    assert "draw it from a snapshot: kerasgraph_snapshot_dir in conf.py" in message


def test_a_notebook_is_not_read(write, tmp_path):
    tmp_path.joinpath("analysis.ipynb").write_text("{}")
    package = tmp_path / "noted"
    package.mkdir()
    package.joinpath("__init__.py").write_text("")
    package.joinpath("study.ipynb").write_text("{}")
    assert "analysis.ipynb is a notebook, and notebooks aren't read." in told("analysis.build")
    message = told("noted.study.build")
    assert "study.ipynb is a notebook" in message
    assert "into a module, such as study.py" in message
    for text in ("analysis.ipynb", "docs/analysis.ipynb", "analysis.ipynb:build()"):
        with pytest.raises(Fault, match="is a notebook, and notebooks aren't read"):
            Target.parse(text)
    package.joinpath("study.py").write_text(BUILD)
    check_drawn("noted.study.build")


def test_errors_that_have_nothing_to_do_with_it_keep_their_advice(write):
    name = write(
        f"{BUILD}\ndef run():\n    model = build()\n    model.load_weights('x.h5')\n"
        "    raise ValueError('no')\n"
    )
    assert "Mend the function or its arguments" in told(f"{name}.run")
    name = write(
        "import keras\nclass Net(keras.Model):\n"
        "    def call(self, x): raise ValueError('bad call')\n"
        "def run():\n    model = Net()\n    model.fit([[1.]], [[1.]])\n    return model\n"
    )
    with pytest.raises(Fault) as caught:
        target_to_graph(Target.parse(f"{name}.run"), Calling((3,)), PassedOver())
    assert "Training" not in str(caught.value)


def test_a_file_in_a_folder_that_is_not_there(write):
    name = write(f"{BUILD}open('no/such/log.txt', 'w')")
    assert "below \"if __name__ == '__main__':\"" in told(f"{name}.build")
