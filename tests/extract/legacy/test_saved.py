"""Files that Keras 2 has saved are read by Keras 2, in a function of the author's."""

from __future__ import annotations

import pytest
import tf_keras

from graph_text import graph_text
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.extract.construct import saved
from sphinxcontrib_kerasgraph.faults import Fault
from zoo import legacy


@pytest.mark.parametrize("ending", ["keras", "json"])
@pytest.mark.parametrize("case", ["siamese", "branches"])
def test_a_file_is_told_to_be_of_keras_2(tmp_path, case, ending):
    tf_keras.backend.clear_session()
    model = legacy.MODELS[case][0]()
    path = tmp_path / f"model.{ending}"
    if ending == "keras":
        model.save(path)
    else:
        path.write_text(model.to_json(), encoding="utf-8")
    with pytest.raises(Fault, match="was saved by Keras 2, which has to read it") as caught:
        saved.saved_model(str(path))
    assert "tf_keras.models.load_model" in caught.value.advice


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_a_model_that_keras_2_has_loaded(tmp_path, name):
    tf_keras.backend.clear_session()
    model = legacy.siamese()
    model.save(tmp_path / name)
    tf_keras.backend.clear_session()
    again = tf_keras.models.load_model(tmp_path / name)
    assert graph_text(model_to_graph(again).graph) == graph_text(model_to_graph(model).graph)
