"""Floating-point operations, against those that TensorFlow's profiler counts in a graph.

It leaves out what functions such as ``relu`` take, so that only arithmetic is compared.
"""

from __future__ import annotations

import csv
import importlib
import inspect
import pkgutil
from pathlib import Path

import keras
import pytest
from keras import layers, ops

from profiled import application, applications, profiled
from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.graph import Amount
from sphinxcontrib_kerasgraph.view.flops import model_work, uncounted, with_flops
from sphinxcontrib_kerasgraph.view.flops.rules import LAYERS, OPERATIONS

TABLE = Path(__file__).parents[2] / "docs" / "howto" / "flops.csv"

needs_profiler = pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="TensorFlow's profiler counts"
)


def net() -> keras.Model:
    """A bit of all that the profiler knows."""
    keras.utils.clear_session()
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(inputs)
    x = layers.MaxPooling2D()(x)
    y = layers.Conv2D(16, 3, padding="same", use_bias=False)(x)
    y = layers.DepthwiseConv2D(3, padding="same")(y)
    x = layers.Add()([x, y])
    x = layers.SeparableConv2D(8, 3, strides=2)(x)
    x = layers.AveragePooling2D(2)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(10, activation="softmax")(layers.Dropout(0.5)(x))
    return keras.Model(inputs, x)


#: By the shape of what goes in; the profiler counts exactly as many.
ALIKE = [
    ((5, 8), lambda x: layers.Dense(6, activation="gelu")(x)),
    ((8,), lambda x: layers.Dense(6, activation="hard_silu")(x)),
    ((7, 5), lambda x: layers.EinsumDense("abc,cde->abde", (None, 4, 3), bias_axes="de")(x)),
    ((20, 6), lambda x: layers.Conv1D(4, 3, dilation_rate=2)(x)),
    ((12, 12, 8), lambda x: layers.Conv2D(16, 3, groups=4, strides=2, padding="same")(x)),
    ((6, 6, 6, 2), lambda x: layers.Conv3D(4, 3)(x)),
    ((6, 4), lambda x: layers.Conv1DTranspose(5, 3, strides=2, padding="same")(x)),
    ((6, 6, 4), lambda x: layers.Conv2DTranspose(5, 3, strides=2, padding="same")(x)),
    ((12, 8), lambda x: layers.DepthwiseConv1D(3)(x)),
    ((12, 12, 8), lambda x: layers.DepthwiseConv2D(3, depth_multiplier=2)(x)),
    ((12, 8), lambda x: layers.SeparableConv1D(6, 3)(x)),
    ((12, 12, 8), lambda x: layers.SeparableConv2D(6, 3, depth_multiplier=2)(x)),
    ((12, 8), lambda x: layers.MaxPooling1D(3)(x)),
    ((12, 12, 8), lambda x: layers.GlobalAveragePooling2D()(x)),
    ((7, 5), lambda x: layers.SimpleRNN(6, unroll=True)(x)),
    ((7, 5), lambda x: layers.GRU(6, unroll=True)(x)),
    ((7, 5), lambda x: layers.GRU(6, unroll=True, reset_after=False)(x)),
    ((7, 5), lambda x: layers.Bidirectional(layers.LSTM(6, unroll=True))(x)),
    ((4, 8, 8, 3), lambda x: layers.ConvLSTM2D(4, 3, unroll=True)(x)),
    ((7, 5), lambda x: layers.TimeDistributed(layers.Dense(4))(x)),
    ((7, 16), lambda x: layers.Attention(use_scale=True)([x, x])),
    ((7, 16), lambda x: layers.Dot(axes=2)([x, x])),
    ((6, 6, 2), lambda x: layers.SpectralNormalization(layers.Conv2D(4, 3))(x)),
    ((7, 5), lambda x: layers.Rescaling(1 / 255, offset=1.0)(x)),
    ((7, 7), lambda x: ops.matmul(x, ops.transpose(x, (0, 2, 1)))),
    ((7, 5), lambda x: ops.tensordot(x, ops.ones((5, 4)), axes=1)),
    ((7, 5), lambda x: ops.softmax(ops.var(x, axis=-1))),
    # Places that have become a part of the batch.
    ((4, 6, 2), lambda x: layers.Dense(3)(ops.reshape(x, (-1, 6, 2)))),
]
#: It counts about as many: what is done with weights alone, and small sums. Of attention it counts
#: the projections, and no product of queries and keys.
NEARLY_ALIKE = [
    ((12, 12, 8), lambda x: layers.BatchNormalization()(x)),
    ((12, 12, 8), lambda x: layers.LayerNormalization()(x)),
    ((12, 12, 8), lambda x: layers.RMSNormalization()(x)),
    ((12, 12, 8), lambda x: layers.UnitNormalization()(x)),
    ((7, 16), lambda x: layers.AdditiveAttention()([x, x])),
    ((7, 64), lambda x: layers.MultiHeadAttention(2, 32)(x, x)),
    ((7, 64), lambda x: layers.GroupQueryAttention(32, 4, 2)(x, x)),
    ((7, 5), lambda x: ops.norm(x, axis=-1)),
]


@needs_profiler
def test_as_many_as_the_profiler_counts_in_a_frozen_graph():
    model = net()
    work = model_work(model_to_graph(model))
    assert work.complete
    assert work.arithmetic == sum(profiled(model, frozen=True).values())
    assert profiled(model) == profiled(model, frozen=True)


@pytest.mark.slow
@needs_profiler
def test_each_layer_takes_as_many_as_the_profiler_counts():
    for allowed, cases in ((0.0, ALIKE), (0.2, NEARLY_ALIKE)):
        for shape, call in cases:
            keras.utils.clear_session()
            inputs = keras.Input(shape)
            model = keras.Model(inputs, call(inputs))
            work = model_work(model_to_graph(model))
            assert work.complete, model.layers
            counted = sum(profiled(model).values())
            assert work.arithmetic == pytest.approx(counted, rel=allowed, abs=0), model.layers


@needs_profiler
@pytest.mark.parametrize("name", ["MobileNetV3Small", "EfficientNetB0"])
def test_small_applications_take_as_many_as_the_profiler_counts(name):
    check_application(name)


#: One of each family, the least; `benchmarks/flops.py` compares all.
FAMILIES = [
    *("ConvNeXtTiny", "DenseNet121", "EfficientNetV2B0", "InceptionResNetV2", "InceptionV3"),
    *("MobileNet", "MobileNetV2", "NASNetMobile", "ResNet50", "ResNet50V2", "VGG16", "Xception"),
]


@needs_profiler
@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_other_applications_take_as_many_as_the_profiler_counts(name):
    check_application(name)


def test_the_table_tells_of_all_applications():
    with TABLE.open(encoding="utf-8") as file:
        assert [row["Model"] for row in csv.DictReader(file)] == applications()


def check_application(name: str) -> None:
    """Within one in a hundred of the profiler, and as many as the documentation's table says."""
    model = application(name)
    work = model_work(model_to_graph(model))
    assert work.complete
    assert work.arithmetic == pytest.approx(sum(profiled(model).values()), rel=0.01)
    with TABLE.open(encoding="utf-8") as file:
        said = {row["Model"]: row["FLOPs"] for row in csv.DictReader(file)}
    assert said[name] == f"{work.amount.known / 1e9:,.3f}"


def layer_classes() -> set[str]:
    """The names of all public layers of the installed Keras."""
    found = (getattr(layers, name) for name in dir(layers))
    return {one.__name__ for one in found if inspect.isclass(one) and issubclass(one, layers.Layer)}


def operation_classes() -> set[str]:
    """The names of all classes of operations of the installed Keras that stand for a function."""
    package = importlib.import_module("keras.src.ops")
    found: set[str] = set()
    for module in pkgutil.iter_modules(package.__path__, "keras.src.ops."):
        if not module.name.endswith("_test"):
            held = vars(importlib.import_module(module.name))
            found |= {
                name
                for name, one in held.items()
                if inspect.isclass(one)
                and issubclass(one, keras.Operation)
                and one.__module__ == module.name
            }
    return found - {"Operation", "SegmentReduction"}  # which others derive from


@pytest.mark.parametrize(
    ("classes", "counted", "not_counted"),
    [
        (layer_classes, LAYERS, uncounted.LAYERS),
        (operation_classes, OPERATIONS, uncounted.OPERATIONS),
    ],
)
def test_each_class_of_keras_is_counted_or_said_not_to_be(classes, counted, not_counted):
    assert not counted.keys() & not_counted.keys()
    assert classes() - counted.keys() - not_counted.keys() == set()


@pytest.mark.parametrize(
    ("name", "billions"),
    # Twice the multiplications and additions that the papers, or keras.io, tell.
    [("VGG16", 30.9), ("ResNet50", 7.7), ("MobileNetV2", 0.6)],
)
def test_famous_models_have_as_many_as_their_papers_say(name, billions):
    work = model_work(model_to_graph(application(name)))
    assert work.complete
    assert work.amount.known / 1e9 == pytest.approx(billions, rel=0.04)


@pytest.mark.parametrize("masked", [False, True])
def test_attention_is_counted_as_keras_configures_it(masked):
    keras.utils.clear_session()
    query, value = keras.Input((7, 16)), keras.Input((9, 16))
    mask = keras.Input((7, 9), dtype="bool") if masked else None
    made = layers.MultiHeadAttention(2, 8, name="mha", use_bias=False)(
        query, value, attention_mask=mask
    )
    model = keras.Model([query, value, *([mask] if masked else [])], made)
    counted = with_flops(model_to_graph(model)).graph["mha"].marks.flops
    # Query; key and value; scores and what they weigh; output. And the scale, and softmax.
    products = 7 * 16 * 16 + 2 * 9 * 16 * 16 + 2 * 7 * 9 * 16 + 7 * 16 * 16
    assert counted == Amount(2 * products + 7 * 16 + 5 * 2 * 7 * 9)
