"""What overviews of well-known models say: stages at the side, activations, and outputs."""

from __future__ import annotations

import keras
import pytest
from keras import layers

from make_scenes import said_by
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.scene.build import scene_of
from sphinxcontrib_kerasgraph.scene.scene import Scene
from sphinxcontrib_kerasgraph.view.views import views
from zoo import everyday


def overview(model: keras.Model) -> Scene:
    options = DrawOptions.of(view="overview")
    return scene_of(views(model_to_graph(model), options)[0], options.label, options.layout)


@pytest.mark.parametrize(
    ("make", "texts"),
    [
        (
            lambda: keras.applications.ResNet50(weights=None),
            ["112×112", "56×56", "28×28", "14×14", "7×7"],
        ),
        (
            lambda: keras.applications.MobileNetV3Small(weights=None),
            ["1/2", "1/4", "1/8", "1/16", "1/32"],
        ),
        (everyday.transformer_encoder, []),
    ],
)
def test_stages_are_those_of_the_paper(make, texts):
    keras.utils.clear_session()
    assert [stage.text for stage in overview(make()).stages] == texts


def test_a_u_net_has_a_stage_for_each_level_down_and_up():
    keras.utils.clear_session()
    texts = [stage.text for stage in overview(everyday.unet()).stages]
    sizes = [int(text.split("×")[0]) for text in texts]
    assert all(text == f"{size}×{size}" for text, size in zip(texts, sizes, strict=True))
    lowest = sizes.index(min(sizes))
    down, up = sizes[: lowest + 1], sizes[lowest:]
    assert down == sorted(down, reverse=True)
    assert up == sorted(up)
    assert len(down) >= 3 <= len(up)


def test_gates_are_told_from_each_other_and_outputs_by_their_names():
    keras.utils.clear_session()
    inputs = keras.Input((None, 8), name="words")
    state = layers.GRU(4, recurrent_activation="hard_sigmoid")(inputs)
    gate = layers.Dense(4, activation="sigmoid", name="gate")(state)
    value = layers.Dense(4, activation="tanh", name="value")(state)
    said = said_by(overview(keras.Model(inputs, [gate, value, layers.Dense(1)(state)])))
    assert said["gate"] == "Dense 4 sigmoid → gate"
    assert said["value"] == "Dense 4 tanh → value"
    assert said["gru"] == "GRU 4 recurrent hard_sigmoid"
    assert said["dense"] == "Dense 1"


def test_recurrent_and_attention_layers_of_several_inputs_are_no_signs():
    keras.utils.clear_session()
    words, state = keras.Input((5, 8), name="words"), keras.Input((4,), name="state")
    hidden = layers.GRU(4, return_sequences=True)(words, initial_state=state)
    seen = layers.Attention()([hidden, hidden])
    made = overview(keras.Model([words, state], layers.Add()([seen, hidden])))
    forms = {item.path: item.label.form.name for item in made.items}
    assert forms["gru"] == forms["attention"] == "STACK"
    assert forms["add"] == "SIGN"
