"""What graphs answer."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from make_graphs import model
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph import Parameters, Tensor
from sphinxcontrib_kerasgraph.values.answer import answer
from sphinxcontrib_kerasgraph.values.question import parse_question

NET = """
x InputLayer
dense Dense/8 <- x
dense#2 Dense/8 <- dense
block Custom <- dense#2
    conv Conv2D/3 <- ^
    norm BatchNormalization <- conv
    -> norm
other Custom <- block
    conv Conv2D/5 <- ^
    -> conv
-> other
"""
FLOAT32 = {"class_name": "DTypePolicy", "config": {"name": "float32"}}
MIXED = {"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}


def edited(graph, **changes):
    """The graph with the calls of these paths changed; ``_`` for ``/`` and ``__2`` for ``#2``."""
    names = {path.replace("/", "_").replace("#", "__"): value for path, value in changes.items()}

    def of(calls, prefix=""):
        made = []
        for call in calls.calls:
            key = prefix + call.id.replace("#", "__")
            body = call.body and of(call.body, f"{key}_")
            made.append(replace(call, body=body, **names.get(key, {})))
        return replace(calls, calls=tuple(made))

    return replace(graph, graph=of(graph.graph))


@pytest.fixture
def net():
    dense = {"parameters": Parameters(72, 72, 72), "config": {"units": 8, "dtype": FLOAT32}}
    return replace(
        edited(
            model(NET),
            x={"outputs": (Tensor((None, 4, 8), "float32"),)},
            dense=dense | {"attribute": "head"},
            dense__2=dense | {"layer": "dense"},
            block={"parameters": Parameters(110, 100, 10), "config": {"dtype": MIXED}},
            block_conv={
                "parameters": Parameters(80, 80, 80),
                "config": {"dtype": "float16", "kernel_size": [3, 1], "inner": [{"a": 1}]},
                "constants": (("axis", "-1"), ("of", "x + y")),
                "layer": "block/conv",
            },
            block_norm={
                "parameters": Parameters(20, 10, 20),
                "config": {"dtype": FLOAT32},
                "layer": "block/norm",
            },
            other_conv={"layer": "other/conv"},
        ),
        parameters=Parameters(182, 172),
        dtypes={"float32": 102, "float16": 80},
        layers=4,
        qualname="models.Net",
    )


def asked(graph, text):
    return answer(graph, parse_question(text))


def test_of_the_model(net):
    assert asked(net, "params") == 182
    assert asked(net, "trainable_params") == 172
    assert asked(net, "non_trainable_params") == 10
    assert asked(net, "layers") == 4
    assert asked(net, "depth") == 4  # dense once, the block itself, and two in it
    assert asked(net, "calls") == 5
    assert asked(net, "size") == 72 * 4 + 10 * 4 + 80 * 2 + 20 * 4
    assert asked(net, "input_shape") == (None, 4, 8)
    assert asked(net, "output_shape[-1]") == 8
    assert asked(net, "name") == "net"
    assert asked(net, "class") == "Net"


def test_of_one_layer(net):
    assert asked(net, "dense.params") == 72
    assert asked(net, "dense#2.units") == 8
    assert asked(net, "head.class") == "Dense"
    assert asked(net, "block.size") == 10 * 4 + 80 * 2 + 20 * 4
    assert asked(net, "block.calls") == 2
    assert asked(net, "block/conv.kernel_size") == [3, 1]
    assert asked(net, "block/conv.kernel_size[1]") == 1
    assert asked(net, "norm.non_trainable_params") == 10  # the only one of that name
    assert asked(net, "block/conv.axis") == -1
    assert asked(net, "block/conv.of") == "x + y"
    assert asked(net, "dense.input_shape") == (None, 8)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("parameters", "Did you mean 'params'"),
        ("dens.units", "no layer 'dens' in 'net'.* Did you mean 'dense'"),
        ("conv.filters", "Several layers are called 'conv'.* block/conv, other/conv"),
        ("dense.unit", "'dense' has no value 'unit'.* Did you mean 'units'"),
        ("block/conv.inner", "not a single value"),
        ("params[0]", "no parts"),
        ("name[0]", "no parts"),
        ("output_shape[2]", "2 parts, and none at 2"),
        ("x.input_shape", "no inputs"),
    ],
)
def test_what_is_not_there_is_a_fault(net, text, words):
    with pytest.raises(Fault) as raised:
        asked(net, text)
    assert raised.value.subtype == "value"
    assert re.search(words, str(raised.value))


def test_what_is_not_known_is_a_fault_and_no_part_of_it(net):
    with pytest.raises(Fault, match=r"FLOPs of .*Conv2D.* can't be told"):
        asked(net, "flops")
    unknown = edited(net, dense={"config": {}})
    with pytest.raises(Fault, match="not all weights tell their dtype"):
        asked(unknown, "dense.size")
    quantized = edited(net, dense={"config": {"dtype": {"class_name": "QuantizedDTypePolicy"}}})
    with pytest.raises(Fault, match="size"):
        asked(quantized, "dense.size")
    with pytest.raises(Fault, match="size"):  # of a snapshot that tells none
        asked(replace(net, dtypes={}), "size")
    with pytest.raises(Fault, match="size"):  # weights that no call has
        asked(replace(net, parameters=Parameters(200, 200)), "size")
    opaque = edited(net, block_norm={"opaque": "it can't be traced"})
    for text in ("calls", "depth", "block.calls"):
        with pytest.raises(Fault, match="BatchNormalization"):
            asked(opaque, text)


def test_flops_are_those_of_all_calls():
    dense = {"config": {"units": 8}, "inputs": (Tensor((None, 4), "float32"),)}
    net = edited(model("x InputLayer\nd Dense <- x\ne Dense <- d\n-> e"), d=dense)
    assert asked(net, "d.flops") == 8 * (2 * 4 + 1)
    assert asked(net, "flops") == 8 * (2 * 4 + 1) + 8 * (2 * 8 + 1)


def test_what_a_layer_is_configured_with_comes_before_values_of_ours():
    net = model("x InputLayer\nup UpSampling2D <- x\nflat Flatten <- up\n-> flat")
    net = edited(net, up={"config": {"size": [2, 2], "flops": 3}}, flat={"config": {}})
    assert asked(net, "up.size") == [2, 2]
    assert asked(net, "up.size[0]") == 2
    assert asked(net, "up.flops") == 3
    assert asked(net, "flat.size") == 0


SHARED = """
x InputLayer
dense Dense/8 <- x
dense#2 Dense/8 <- dense
block Custom <- dense#2
    dense Dense/8 <- ^
    -> dense
-> block
"""


def test_a_layer_that_is_called_again_answers_for_all_of_its_calls():
    dense, wide = {"config": {"units": 8}, "layer": "dense"}, Tensor((None, 4, 8), "float32")
    each = 8 * (2 * 8 + 1)
    net = edited(model(SHARED), dense=dense, dense__2=dense, block_dense=dense)
    assert asked(net, "dense.flops") == 3 * each
    for path in ("dense#1", "dense#2", "block/dense"):
        assert asked(net, f"{path}.flops") == each
    assert asked(net, "dense.input_shape") == (None, 8)
    net = edited(net, dense={"inputs": (wide,), "outputs": (wide,), "attribute": "head"})
    for layer in ("dense", "head"):
        with pytest.raises(Fault, match=r"'output_shape'.* dense#1, dense#2, block/dense"):
            asked(net, f"{layer}.output_shape")
    assert asked(net, "dense#1.output_shape") == asked(net, "head#1.input_shape") == (None, 4, 8)
    assert asked(net, "dense#2.input_shape") == (None, 8)
    assert asked(net, "dense.flops") == 6 * each
    assert asked(net, "dense.units") == 8


STEPS = """
x InputLayer
td TimeDistributed <- x
    dense Dense/8 <- ^
    -> dense
-> td
"""


def test_flops_inside_of_steps_are_those_of_all_steps():
    dense = {"config": {"units": 8}}
    steps = {"inputs": (Tensor((None, 10, 8), "float32"),)}
    net = edited(model(STEPS), td=steps, td_dense=dense)
    assert asked(net, "td.flops") == asked(net, "td/dense.flops") == 10 * 8 * (2 * 8 + 1)
    with pytest.raises(Fault, match=r"FLOPs of TimeDistributed can't be told\.$"):
        asked(edited(net, td={"inputs": (Tensor((None, None, 8), "float32"),)}), "flops")
