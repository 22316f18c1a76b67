"""Saved models: the architecture alone, and files that hold something else."""

from __future__ import annotations

import json
import zipfile

import keras
import pytest

from graph_text import graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.extract.construct import saved
from sphinxcontrib_kerasgraph.faults import Fault
from zoo import shapes


@pytest.mark.parametrize("ending", ["keras", "json"])
def test_architecture_is_that_of_the_model(tmp_path, ending):
    keras.utils.clear_session()
    model = shapes.nested()
    model.compile("adam", "mse")
    path = tmp_path / f"nested.{ending}"
    if ending == "keras":
        model.save(path)
    else:
        path.write_text(model.to_json(), encoding="utf-8")
    again = model_to_graph(saved.saved_model(str(path)))
    assert graph_text(again.graph) == graph_text(model_to_graph(model).graph)
    assert again.parameters == model_to_graph(model).parameters


def test_subclassed_model_of_the_authors_own(tmp_path):
    model = shapes.Net(5)
    model(keras.ops.zeros((2, 3)))
    model.save(tmp_path / "net.keras")
    graph = model_to_graph(saved.saved_model(str(tmp_path / "net.keras")))
    assert [call.class_name for call in graph.graph.calls] == ["InputLayer", "Dense"]


def archive(path, text: str):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("config.json", text)


def test_python_code_in_a_file_is_not_run(tmp_path):
    inputs = keras.Input((3,))
    layer = keras.layers.Lambda(lambda x: x * 2)
    keras.Model(inputs, layer(inputs)).save(tmp_path / "code.keras")
    with pytest.raises(Fault, match="holds Python code, which isn't run"):
        saved.saved_model(str(tmp_path / "code.keras"))


def test_sizes_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(saved, "LARGEST", 1000)
    archive(tmp_path / "bomb.keras", '{"a": "' + " " * 1_000_000 + '"}')
    with pytest.raises(Fault, match="is larger than"):
        saved.saved_model(str(tmp_path / "bomb.keras"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no model configuration"),
        ("[]", "holds no model configuration"),
        ("[" * 100_000, "holds no model configuration"),
        ("{}", "holds no Keras model|can't be made"),
        (json.dumps({"module": "os", "class_name": "system", "config": {}}), "which isn't yours"),
        (
            json.dumps({"module": "keras.layers", "class_name": "Dense", "config": {"units": 2}}),
            "holds no Keras model",
        ),
    ],
)
def test_other_configurations_are_refused(tmp_path, text, says):
    archive(tmp_path / "odd.keras", text)
    with pytest.raises(Fault, match=says):
        saved.saved_model(str(tmp_path / "odd.keras"))


def test_files_that_are_none(tmp_path):
    tmp_path.joinpath("text.keras").write_text("text", encoding="utf-8")
    with pytest.raises(Fault, match="can't be read: File is not a zip file"):
        saved.saved_model(str(tmp_path / "text.keras"))
    with pytest.raises(Fault, match="There is no file"):
        saved.saved_model(str(tmp_path / "nosuch.json"))


def test_modules_of_libraries_are_not_imported(tmp_path, monkeypatch):
    """A file mustn't have any module run that happens to be installed."""
    imported = []
    monkeypatch.setattr(
        saved.importlib, "import_module", lambda name: imported.append(name) or shapes
    )
    config = {"module": "xml.dom", "class_name": "Node", "config": {}}
    archive(tmp_path / "library.keras", json.dumps(config))
    with pytest.raises(Fault):
        saved.saved_model(str(tmp_path / "library.keras"))
    assert imported == []
