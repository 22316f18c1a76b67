"""`differences` says what changed between two graphs: all of it, and no more."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from make_graphs import TENSOR, leaf, model, of_graph, random_models
from sphinxcontrib_kerasgraph.drift import differences
from sphinxcontrib_kerasgraph.graph import (
    Call,
    CallGraph,
    Edge,
    ModelGraph,
    Parameters,
    Port,
    Tensor,
)

RANDOM = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

NET = """
    x InputLayer
    dense Dense/8 <- x
    dense_1 Dense/4 <- dense
    softmax Softmax <- dense_1
    -> softmax
"""
NESTED = """
    x InputLayer
    block Block <- x
        inner Block <- ^
            conv Conv2D/8 <- ^
            relu ReLU <- conv
            -> relu
        add Add <- ^, inner
        -> add
    -> block
"""


def changed(old: ModelGraph, path: str, **fields) -> ModelGraph:
    """The model with other fields of the call there."""
    return replace(old, graph=_changed(old.graph, path, fields))


def _changed(graph: CallGraph, path: str, fields: dict) -> CallGraph:
    id_, _, rest = path.partition("/")
    call = graph[id_]
    new = replace(call, **({"body": _changed(call.body, rest, fields)} if rest else fields))
    return replace(graph, calls=tuple(new if one is call else one for one in graph.calls))


def configured(old: ModelGraph, path: str, **config) -> ModelGraph:
    """The model with other values in the configuration of the call there."""
    call = dict(old.graph.walk())[path]
    return changed(old, path, config=call.config | config)


def serialized(class_name: str, **config) -> dict:
    return {
        "module": "keras.initializers",
        "class_name": class_name,
        "config": config,
        "registered_name": class_name,
    }


def of_keras(old: ModelGraph, version: str) -> ModelGraph:
    return replace(old, made_with={"keras": version, "backend": "jax"})


def chain(layers: list[tuple[str, int]]) -> ModelGraph:
    """Layers one after the other, named as Keras names them."""
    numbers: Counter[str] = Counter()
    calls, edges = [leaf("x", "InputLayer")], []
    for of_class, size in layers:
        stem = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", of_class).lower()
        id_ = f"{stem}_{numbers[stem]}" if numbers[stem] else stem
        numbers[stem] += 1
        edges.append(Edge(Port(calls[-1].id), Port(id_)))
        calls.append(leaf(id_, of_class, str(size), 1))
    return of_graph(CallGraph(tuple(calls), tuple(edges), ("x",), (Port(calls[-1].id),)))


def told(said: list[str], *words: str) -> bool:
    """Whether one of the messages has all of these words."""
    return any(all(word in one for word in words) for one in said)


def check_ways(said: list[str]) -> None:
    """No message says that a tensor goes where another says that it doesn't."""
    gone = {found[1] for one in said if (found := re.fullmatch(r"no (.+) any more", one))}
    come = {found[1] for one in said if (found := re.fullmatch(r"a (.+)", one))}
    assert gone.isdisjoint(come)


# What calls are


def test_the_same_is_no_difference():
    for text in (NET, NESTED):
        assert differences(model(text), model(text)) == []


def test_a_changed_value_is_told_with_both():
    old = configured(model("x InputLayer\nconv2_block1 Conv2D <- x\n-> conv2_block1"), "x")
    old = configured(old, "conv2_block1", filters=64)
    new = configured(old, "conv2_block1", filters=96)
    assert differences(old, new) == ["conv2_block1: filters 64 → 96"]
    assert differences(new, old) == ["conv2_block1: filters 96 → 64"]


def test_lists_are_told_as_tuples():
    old = configured(model(NET), "dense", strides=[2, 2], axis=[1])
    new = configured(old, "dense", strides=[1, 1], axis=[2])
    assert differences(old, new) == [
        "dense: strides (2, 2) → (1, 1)",
        "dense: axis (1,) → (2,)",
    ]


def test_two_changes_come_in_the_order_of_the_calls():
    new = configured(configured(model(NET), "dense_1", size="5"), "dense", size="9")
    assert differences(model(NET), new) == ["dense: size 8 → 9", "dense_1: size 4 → 5"]


def test_a_value_that_only_one_has_is_told():
    new = configured(model(NET), "dense", rank=4)
    assert differences(model(NET), new) == ["dense: rank nothing → 4"]
    assert differences(new, model(NET)) == ["dense: rank 4 → nothing"]


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("module", "keras.layers", "demo.layers"),
        ("activation", "relu", "tanh"),
        ("trainable", True, False),
        ("opaque", "it has no call", "its call can't be traced"),
    ],
)
def test_a_changed_field_is_told_with_both(field, old, new):
    before, after = (changed(model(NET), "dense", **{field: value}) for value in (old, new))
    [said] = differences(before, after)
    assert said.startswith("dense: ")
    assert said.endswith(f" {old} → {new}")


def test_an_activation_is_told_once():
    old = configured(changed(model(NET), "dense", activation="relu"), "dense", activation="relu")
    new = configured(changed(model(NET), "dense", activation="gelu"), "dense", activation="gelu")
    assert differences(old, new) == ["dense: activation relu → gelu"]


def test_another_class_under_the_same_name_is_told_with_both():
    new = changed(model(NET), "softmax", qualname="LogSoftmax")
    said = differences(model(NET), new)
    assert told(said, "Softmax")
    assert told(said, "LogSoftmax")
    assert len(said) <= 2


def test_another_outer_class_is_told():
    old = changed(model(NET), "softmax", qualname="Old.Softmax")
    new = changed(model(NET), "softmax", qualname="New.Softmax")
    assert differences(old, new) == ["softmax: class Old.Softmax → New.Softmax"]


def test_another_class_of_initializer_is_told():
    old = configured(model(NET), "dense", kernel_initializer=serialized("GlorotUniform", seed=1))
    new = configured(model(NET), "dense", kernel_initializer=serialized("HeNormal", seed=1))
    assert differences(old, new) == ["dense: kernel_initializer GlorotUniform → HeNormal"]


def test_an_initializer_that_is_left_out_is_told():
    old = configured(model(NET), "dense", kernel_initializer=serialized("HeNormal", seed=1))
    new = configured(old, "dense", kernel_initializer=None)
    assert differences(old, new) == ["dense: kernel_initializer HeNormal → None"]


def test_what_changes_in_an_initializer_is_told():
    old = configured(model(NET), "dense", kernel_initializer=serialized("HeNormal", seed=None))
    new = configured(model(NET), "dense", kernel_initializer=serialized("HeNormal", seed=1))
    assert differences(old, new) == ["dense: kernel_initializer.seed None → 1"]


def test_what_changes_deep_in_a_wrapped_layer_is_told():
    def wrapped(scale: float) -> ModelGraph:
        inner = serialized("Dense", units=3, kernel_initializer=serialized("Scaled", scale=scale))
        return configured(model(NET), "dense", layer=inner)

    [said] = differences(wrapped(1.0), wrapped(2.0))
    assert said == "dense: layer.kernel_initializer.scale 1.0 → 2.0"


def test_a_parameter_named_config_of_a_wrapped_layer_is_told():
    old, new = (
        configured(model(NET), "dense", layer=serialized("Mine", config={"hidden": hidden}))
        for hidden in (1, 2)
    )
    assert told(differences(old, new), "dense: ", "hidden 1 → 2")


def test_what_changes_in_a_list_of_cells_is_told():
    old, new = (
        configured(model(NET), "dense", cells=[serialized("LSTMCell", units=units)])
        for units in (8, 16)
    )
    assert told(differences(old, new), "dense: ", "8", "16")


def test_the_policy_of_dtypes_is_told():
    old, new = (
        configured(model(NET), "dense", dtype=serialized("DTypePolicy", name=name))
        for name in ("float32", "float16")
    )
    assert differences(old, new) == ["dense: dtype.name float32 → float16"]


@pytest.mark.parametrize(
    ("old", "new"), [(None, "None"), (1, "1"), ([1], "(1,)"), (serialized("A"), "A"), ("", "a")]
)
def test_values_that_differ_are_shown_differently(old, new):
    before, after = (configured(model(NET), "dense", data_format=value) for value in (old, new))
    [said] = differences(before, after)
    shown = said.removeprefix("dense: data_format").split(" → ")
    assert len(shown) == 2
    assert shown[0].strip() != shown[1].strip()
    assert all(text.strip() for text in shown)


def test_constants_of_operations_are_told():
    old, new = (
        changed(model(NET), "softmax", constants=(("axis", axis), ("keepdims", "True")))
        for axis in ("1", "2")
    )
    assert differences(old, new) == ["softmax: axis 1 → 2"]


def test_a_constant_that_only_one_has_is_told():
    new = changed(model(NET), "softmax", constants=(("axis", "1"),))
    assert differences(model(NET), new) == ["softmax: axis nothing → 1"]


def test_a_renamed_layer_is_told_with_both_names():
    new = model(NET.replace("softmax", "head"))
    [said] = differences(model(NET), new)
    assert said.startswith("softmax: ")
    assert "head" in said


def test_what_changes_in_a_renamed_layer_is_told():
    new = model(NET.replace("dense_1", "logits").replace("/4", "/5"))
    said = differences(model(NET), new)
    assert told(said, "dense_1", "logits")
    assert told(said, "size 4 → 5")
    assert len(said) == 2


# Calls that come and go


def test_an_added_layer_is_told_with_class_name_and_place():
    new = NET.replace(
        "softmax Softmax <- dense_1", "dropout Dropout <- dense_1\n    softmax Softmax <- dropout"
    )
    assert differences(model(NET), model(new)) == ["added Dropout dropout after dense_1"]
    assert differences(model(new), model(NET)) == ["removed Dropout dropout after dense_1"]


def test_a_layer_added_at_the_end_is_told_alone():
    new = NET.replace("-> softmax", "scale Scale <- softmax\n    -> scale")
    assert differences(model(NET), model(new)) == ["added Scale scale after softmax"]
    assert differences(model(new), model(NET)) == ["removed Scale scale after softmax"]


def test_a_removed_layer_in_a_row_is_told_alone():
    new = NET.replace("    dense Dense/8 <- x\n", "").replace("<- dense\n", "<- x\n")
    assert differences(model(NET), model(new)) == ["removed Dense dense after x"]


def test_several_added_and_removed_are_told():
    old = chain([("Conv2D", 8), ("ReLU", 0), ("Flatten", 0), ("Dense", 4)])
    new = chain([("Conv2D", 8), ("BatchNormalization", 0), ("ReLU", 0), ("Dense", 4), ("ELU", 0)])
    said = differences(old, new)
    assert sorted(said) == [
        "added BatchNormalization batch_normalization after conv2_d",
        "added ELU elu after dense",
        "removed Flatten flatten after re_lu",
    ]


def test_a_block_that_is_added_is_one():
    new = NESTED.replace(
        "-> block\n",
        "more Block <- block\n        deep Dense <- ^\n        -> deep\n    -> more\n",
    )
    assert differences(model(NESTED), model(new)) == ["added Block more after block"]


def test_a_layer_without_a_source_is_told_without_a_place():
    new = NET.replace("x InputLayer\n", "x InputLayer\n    y InputLayer\n", 1)
    assert differences(model(NET), model(new)) == ["added InputLayer y"]


def test_names_that_keras_numbers_anew_are_not_told():
    old = chain([("Dense", 8), ("ReLU", 0), ("Dense", 4), ("ReLU", 0)])
    new = chain([("Dense", 9), ("Dropout", 0), ("Dense", 8), ("ReLU", 0), ("Dense", 4)])
    said = differences(old, new)
    assert not told(said, "name")
    assert not told(said, "shares")


def test_an_inserted_layer_that_numbers_others_anew_is_told_alone():
    old = chain([("Dense", 8), ("Dense", 4)])
    new = chain([("Dense", 8), ("Dense", 16), ("Dense", 4)])
    assert differences(old, new) == ["added Dense dense_1 after dense"]
    assert differences(new, old) == ["removed Dense dense_1 after dense"]


def test_a_first_layer_that_numbers_all_others_anew_is_told_alone():
    rest = [("Conv2D", 8), ("ReLU", 0), ("Conv2D", 16), ("ReLU", 0), ("Dense", 4)]
    new = chain([("Conv2D", 4), ("ReLU", 0), *rest])
    assert differences(chain(rest), new) == [
        "added Conv2D conv2_d after x",
        "added ReLU re_lu after conv2_d",
    ]


def test_the_name_of_a_wrapped_layer_that_is_numbered_anew_is_not_told():
    old, new = (
        configured(model(NET), "dense", size=size, layer=serialized("LSTM", name=name, units=4))
        for size, name in (("8", "lstm"), ("9", "lstm_1"))
    )
    assert differences(old, new) == ["dense: size 8 → 9"]


def test_numbers_alone_are_no_sharing():
    old = chain([("Dense", 8), ("Dense", 4)])
    new = model("x InputLayer\ndense_2 Dense/8 <- x\ndense_3 Dense/4 <- dense_2\n-> dense_3")
    said = differences(old, new)
    assert said
    assert not told(said, "shares")


# Blocks


def test_changes_inside_blocks_are_told_with_their_path():
    new = configured(model(NESTED), "block/inner/conv", size="16")
    assert differences(model(NESTED), new) == ["block/inner/conv: size 8 → 16"]


def test_layers_added_inside_blocks_are_told_with_their_path():
    new = NESTED.replace("relu ReLU <- conv\n", "bn Norm <- conv\n            relu ReLU <- bn\n")
    assert differences(model(NESTED), model(new)) == [
        "added Norm block/inner/bn after block/inner/conv"
    ]
    assert differences(model(new), model(NESTED)) == [
        "removed Norm block/inner/bn after block/inner/conv"
    ]


def test_an_inside_that_is_not_known_any_more_is_told():
    new = changed(model(NESTED), "block/inner", body=None)
    assert told(differences(model(NESTED), new), "block/inner: ", "inside")
    assert told(differences(new, model(NESTED)), "block/inner: ", "inside")


def test_a_tensor_that_goes_elsewhere_in_a_block_is_told_with_its_path():
    new = NESTED.replace("add Add <- ^, inner", "add Add <- inner, inner")
    said = differences(model(NESTED), model(new))
    assert said == [
        "no tensor goes from the block's input to block/add any more",
        "a tensor goes from block/inner to block/add",
    ]


def test_swapped_inputs_of_a_block_are_told():
    old = """
        a InputLayer
        b InputLayer
        block Block <- a, b
            sub Sub <- ^, ^1
            -> sub
        -> block
    """
    said = differences(model(old), model(old.replace("^, ^1", "^1, ^")))
    assert told(said, "block/sub")
    check_ways(said)


# Tensors


JOINED = """
    x InputLayer
    a Dense <- x
    b Dense <- x
    sub Subtract <- a, b
    -> {}
"""


def test_an_edge_that_goes_elsewhere_is_told():
    old = JOINED.format("sub")
    new = old.replace("<- a, b", "<- a, x")
    assert differences(model(old), model(new)) == [
        "no tensor goes from b to sub any more",
        "a tensor goes from x to sub",
    ]


def test_an_output_more_is_told():
    said = differences(model(JOINED.format("sub")), model(JOINED.format("sub, a")))
    assert said == ["a tensor goes from a to the outputs"]


def test_swapped_outputs_are_told():
    said = differences(model(JOINED.format("sub, a")), model(JOINED.format("a, sub")))
    assert told(said, "output")
    check_ways(said)


def test_swapped_sources_are_told():
    old = JOINED.format("sub")
    said = differences(model(old), model(old.replace("<- a, b", "<- b, a")))
    assert told(said, "sub")
    check_ways(said)


def test_another_output_of_the_same_source_is_told():
    old = "x InputLayer\nsplit Split <- x\nd Dense <- split\ne Dense <- split:1\n-> d, e"
    new = "x InputLayer\nsplit Split <- x\nd Dense <- split:1\ne Dense <- split:1\n-> d, e"
    said = differences(model(old), model(new))
    assert told(said, "split")
    check_ways(said)


def test_an_edge_that_becomes_recurrent_is_told():
    def looped(*, recurrent: bool) -> ModelGraph:
        old = model(JOINED.format("sub"))
        *edges, last = old.graph.edges
        return of_graph(replace(old.graph, edges=(*edges, replace(last, recurrent=recurrent))))

    said = differences(looped(recurrent=False), looped(recurrent=True))
    assert told(said, "b", "sub")
    check_ways(said)


def test_another_argument_is_told_with_its_call():
    def given_as(argument: str) -> ModelGraph:
        old = model(JOINED.format("sub"))
        edges = (*old.graph.edges[:-1], replace(old.graph.edges[-1], argument=argument))
        return of_graph(replace(old.graph, edges=edges))

    assert told(differences(given_as("key"), given_as("value")), "sub", "key", "value")


def test_swapped_inputs_of_the_model_are_told():
    old = model("a InputLayer\nb InputLayer\nsub Sub <- a, b\n-> sub")
    new = of_graph(replace(old.graph, inputs=("b", "a")))
    assert told(differences(old, new), "input")


def test_swapped_inputs_are_told_across_versions_of_keras():
    old = model("a InputLayer\nb InputLayer\nsub Sub <- a, b\n-> sub")
    new = of_graph(replace(old.graph, inputs=("b", "a")))
    assert differences(of_keras(old, "3.9"), of_keras(new, "3.10"))


def test_a_changed_input_shape_is_told_once():
    wide = Tensor((None, 16), "float32")
    old = configured(model(NET), "x", batch_shape=[None, 8])
    new = configured(changed(old, "x", outputs=(wide,)), "x", batch_shape=[None, 16])
    new = changed(new, "dense", inputs=(wide,), parameters=Parameters(136, 136, 136))
    assert differences(old, new) == ["x: batch_shape (None, 8) → (None, 16)"]


def test_shapes_are_told_where_they_are_all_that_changed():
    new = changed(model(NET), "dense", outputs=(Tensor((None, 16), "float16"),))
    assert differences(model(NET), new) == ["dense: outputs float32 (None, 8) → float16 (None, 16)"]


def test_tensors_where_there_were_none_are_told():
    new = changed(model(NET), "x", inputs=(TENSOR,))
    for before, after in ((model(NET), new), (new, model(NET))):
        [said] = differences(before, after)
        assert re.fullmatch(r"x: inputs \S.* → \S.*", said)


# Weights


def test_sizes_of_a_custom_layer_are_told():
    old = changed(model(NET), "dense", parameters=Parameters(10, 10, 10))
    new = changed(model(NET), "dense", parameters=Parameters(20, 20, 20))
    assert differences(old, new) == ["dense: parameters 10 → 20"]


def test_weights_that_are_trained_no_more_are_told_with_the_call():
    old = changed(model(NET), "dense", parameters=Parameters(10, 10, 10))
    new = changed(model(NET), "dense", parameters=Parameters(10, 4, 10))
    [said] = differences(old, new)
    assert said.startswith("dense: ")
    assert "10 → 4" in said


def test_weights_of_the_model_alone_are_told():
    old = replace(model(NET), parameters=Parameters(10, 10, 2))
    new = replace(model(NET), parameters=Parameters(12, 12, 4))
    assert differences(old, new) == ["parameters 10 → 12"]


def shared(old: ModelGraph) -> ModelGraph:
    """`NET` where one layer is called twice."""
    text = NET.replace("dense_1", "dense#2")
    new = changed(model(text), "dense#2", name="dense", layer="dense", shared=True)
    config = old.graph["dense_1"].config
    return changed(changed(new, "dense", shared=True), "dense#2", config=config)


def test_sharing_of_weights_is_told():
    said = differences(model(NET), shared(model(NET)))
    assert told(said, "dense", "shares its weights with dense")


def test_sharing_no_more_is_told():
    said = differences(shared(model(NET)), model(NET))
    assert told(said, "dense", "shares its weights", "no more with dense")


def test_tied_weights_are_told_though_names_stay():
    new = changed(model(NET), "dense_1", layer="dense")
    assert told(differences(model(NET), new), "dense_1: ", "shares its weights with dense")


def test_sharing_is_told_beside_other_changes():
    new = configured(changed(model(NET), "dense_1", layer="dense"), "softmax", axis=1)
    assert told(differences(model(NET), new), "dense_1: ", "shares its weights with dense")


# Models


def test_names_and_classes_of_models_are_told():
    old = model(NET)
    assert told(differences(old, replace(old, name="other")), "name", "net → other")
    assert told(differences(old, replace(old, qualname="Net")), "class", "Model → Net")
    assert told(differences(old, replace(old, module="demo")), "module", "keras → demo")
    new = replace(old, model_type="Sequential")
    assert told(differences(old, new), "type", "Functional → Sequential")
    assert told(differences(old, replace(old, opaque="why")), "None → why")


def test_what_made_a_model_is_no_difference():
    old = of_keras(model(NET), "3.9")
    assert differences(old, replace(old, made_with={"keras": "3.9", "backend": "torch"})) == []
    assert differences(old, of_keras(old, "3.15.1")) == []
    assert differences(old, model(NET)) == []


# Versions of Keras


def test_keys_that_one_version_of_keras_has_are_no_difference():
    plain = serialized("HeNormal", seed=1)
    old = configured(model(NET), "dense", kernel_initializer=plain)
    more = serialized("HeNormal", seed=1, mode="fan")
    new = configured(old, "dense", kernel_initializer=more, lora_rank=None, use_bias=True)
    assert differences(of_keras(old, "3.4"), of_keras(new, "3.9")) == []
    assert differences(of_keras(new, "3.4"), of_keras(old, "3.9")) == []
    assert len(differences(of_keras(old, "3.9"), of_keras(new, "3.9"))) == 3


def test_values_that_differ_are_told_across_versions_of_keras():
    old = configured(model(NET), "dense", kernel_initializer=serialized("HeNormal", seed=1))
    new = configured(
        old, "dense", kernel_initializer=serialized("HeNormal", seed=2, mode="fan"), rank=1
    )
    new = configured(new, "dense_1", size="5")
    assert differences(of_keras(old, "3.4"), of_keras(new, "3.9")) == [
        "dense: kernel_initializer.seed 1 → 2",
        "dense_1: size 4 → 5",
    ]


def test_constants_and_layers_are_told_across_versions_of_keras():
    old = changed(model(NET), "softmax", constants=(("axis", "1"),))
    new = changed(model(NET), "softmax", constants=(("axis", "2"),))
    assert differences(of_keras(old, "3.4"), of_keras(new, "3.9")) == ["softmax: axis 1 → 2"]
    new = NET.replace("-> softmax", "scale Scale <- softmax\n    -> scale")
    said = differences(of_keras(model(NET), "3.4"), of_keras(model(new), "3.9"))
    assert said == ["added Scale scale after softmax"]


# Any graphs

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(2, 99) | st.sampled_from(["same", "valid", "relu"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["seed", "mode", "name"]), inner, max_size=2)
        | st.builds(
            lambda name, config: {"class_name": name, "config": config},
            st.sampled_from(["HeNormal", "Zeros"]),
            st.dictionaries(st.sampled_from(["seed", "mode", "name"]), inner, max_size=2),
        )
    ),
    max_leaves=4,
)
TENSORS = st.lists(
    st.sampled_from([TENSOR, Tensor((), "int32"), Tensor((None, 4, 4), "float16")]), max_size=2
)
SIZES = st.builds(Parameters, *[st.integers(0, 3)] * 3)
CALL_FIELDS = {
    "name": st.sampled_from(["dense_7", "other"]),
    "module": st.just("demo.layers"),
    "qualname": st.sampled_from(["Dense", "Outer.Dense", "Other"]),
    "kind": st.sampled_from(["dense", "custom"]),
    "inputs": TENSORS.map(tuple),
    "outputs": TENSORS.map(tuple),
    "layer": st.sampled_from(["dense", "block/dense"]),
    "is_operation": st.booleans(),
    "shared": st.booleans(),
    "parameters": SIZES,
    "trainable": st.sampled_from([None, True, False]),
    "activation": st.sampled_from([None, "relu"]),
    "constants": st.lists(
        st.tuples(st.sampled_from(["axis", "name", "dtype"]), st.sampled_from(["1", "2"])),
        max_size=2,
    ).map(tuple),
    "inside": st.integers(0, 3),
    "opaque": st.sampled_from([None, "no call"]),
    "body": st.sampled_from([None, model(NESTED).graph["block"].body]),
}
MODEL_FIELDS = {
    "name": st.just("other"),
    "module": st.just("demo"),
    "qualname": st.just("Net"),
    "model_type": st.sampled_from(["Sequential", "Model"]),
    "parameters": SIZES,
    "layers": st.integers(0, 3),
    "opaque": st.just("no call"),
}


def renamed(graph: CallGraph, old: str, new: str) -> CallGraph:
    """The graph where a call has another name, wherever it is named."""

    def port(one: Port) -> Port:
        return replace(one, call=new) if one.call == old else one

    return CallGraph(
        tuple(
            replace(call, id=new, name=new, layer=new) if call.id == old else call
            for call in graph.calls
        ),
        tuple(
            replace(edge, source=port(edge.source), target=port(edge.target))
            for edge in graph.edges
        ),
        tuple(new if one == old else one for one in graph.inputs),
        tuple(map(port, graph.outputs)),
    )


def inserted(graph: CallGraph, at: int, call: Call) -> CallGraph:
    """The graph where a call comes between this edge's ends."""
    edge = graph.edges[at]
    where = graph.places[edge.target.call]
    calls = (*graph.calls[:where], call, *graph.calls[where:])
    edges = [*graph.edges]
    edges[at : at + 1] = [replace(edge, target=Port(call.id)), Edge(Port(call.id), edge.target)]
    return CallGraph(calls, tuple(edges), graph.inputs, graph.outputs)


def without(graph: CallGraph, id_: str) -> CallGraph:
    return CallGraph(
        tuple(call for call in graph.calls if call.id != id_),
        tuple(edge for edge in graph.edges if id_ not in (edge.source.call, edge.target.call)),
        tuple(one for one in graph.inputs if one != id_),
        tuple(port for port in graph.outputs if port.call != id_),
    )


def mutated_call(draw, call: Call) -> Call:
    field = draw(st.sampled_from([*CALL_FIELDS, "config", "config", "config"]))
    if field != "config":
        return replace(call, **{field: draw(CALL_FIELDS[field])})
    key = draw(st.sampled_from(["size", "units", "module", "activation", "kernel_initializer"]))
    if draw(st.booleans()):
        return replace(call, config=call.config | {key: draw(VALUES)})
    return replace(call, config={name: one for name, one in call.config.items() if name != key})


def mutated_edges(draw, graph: CallGraph) -> CallGraph:
    at = draw(st.integers(0, len(graph.edges) - 1))
    edge = graph.edges[at]
    sources = [one.source for one in graph.edges] + list(graph.outputs)
    new = draw(
        st.sampled_from(
            [
                (),
                (replace(edge, source=draw(st.sampled_from(sources))),),
                (replace(edge, argument="query"),),
                (replace(edge, recurrent=not edge.recurrent),),
            ]
        )
    )
    return replace(graph, edges=(*graph.edges[:at], *new, *graph.edges[at + 1 :]))


def mutated_graph(draw, graph: CallGraph) -> CallGraph:
    calls = graph.calls
    at = draw(st.integers(0, len(calls) - 1))
    way = draw(st.integers(0, 9))
    if way == 0:
        return renamed(graph, calls[at].id, draw(st.sampled_from(["new", "dense_77", "dense#9"])))
    if way == 1 and graph.edges:
        return inserted(graph, draw(st.integers(0, len(graph.edges) - 1)), leaf("n", "New", "1", 1))
    if way == 2 and len(calls) > 1:
        return without(graph, calls[at].id)
    if way == 3 and graph.edges:
        return mutated_edges(draw, graph)
    if way == 4:
        return replace(graph, outputs=tuple(draw(st.permutations(graph.outputs))))
    if way == 5:
        return replace(graph, outputs=(*graph.outputs, Port(calls[at].id)))
    if way == 6:
        return replace(graph, inputs=tuple(draw(st.permutations(graph.inputs))))
    if calls[at].body is not None and draw(st.booleans()):
        new = replace(calls[at], body=mutated_graph(draw, calls[at].body))
    else:
        new = mutated_call(draw, calls[at])
    return replace(graph, calls=(*calls[:at], new, *calls[at + 1 :]))


@st.composite
def mutations(draw) -> tuple[ModelGraph, ModelGraph]:
    """Two models that differ in something, and in no more than three things."""
    old = new = draw(random_models())
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        if draw(st.integers(0, 9)) == 0:
            field = draw(st.sampled_from([*MODEL_FIELDS]))
            new = replace(new, **{field: draw(MODEL_FIELDS[field])})
        else:
            new = replace(new, graph=mutated_graph(draw, new.graph))
    assume(old != new)
    return old, new


@RANDOM
@given(random_models())
def test_no_graph_differs_from_itself(graph):
    assert differences(graph, graph) == []
    assert differences(graph, ModelGraph.from_json(graph.to_json())) == []


@RANDOM
@given(mutations())
def test_whatever_differs_is_told(pair):
    for old, new in (pair, pair[::-1]):
        said = differences(old, new)
        assert said
        assert all(said)
        assert not told(said, "nothing → nothing")
        assert len(set(said)) == len(said)


@RANDOM
@given(mutations())
def test_nothing_is_said_of_nothing(pair):
    for one in differences(*pair):
        assert one == one.strip()
        assert "  " not in one
        assert not re.search(r"→\s*$|[^\S ]→|: *→|: *$", one)


@RANDOM
@given(mutations())
def test_no_message_says_the_opposite_of_another(pair):
    check_ways(differences(*pair))


@RANDOM
@given(mutations())
def test_both_values_of_a_change_are_told_apart(pair):
    for one in differences(*pair):
        before, arrow, after = one.partition(" → ")
        assert not arrow or not before.endswith(f" {after}")


@RANDOM
@given(mutations())
def test_other_versions_of_keras_never_lead_to_more(pair):
    old, new = pair
    said = differences(of_keras(old, "3.4"), of_keras(new, "3.9"))
    assert set(said) <= {*differences(old, new), *_sizes(old, new)}


def _sizes(old: ModelGraph, new: ModelGraph) -> list[str]:
    """What is said of the same models where only their configurations are the same."""

    def bare(graph: CallGraph) -> CallGraph:
        calls = (
            replace(call, config={}, body=None if call.body is None else bare(call.body))
            for call in graph.calls
        )
        return replace(graph, calls=tuple(calls))

    return differences(*(replace(one, graph=bare(one.graph)) for one in (old, new)))


# Large graphs

LAYERS = {
    "same": [("Dense", 8)] * 200,
    "sizes": [("Dense", 8 * (at % 7 + 1)) for at in range(200)],
    "stages": [("Conv2D", 64 * (at // 60 + 1)) if at % 3 else ("ReLU", 0) for at in range(200)],
}


@pytest.mark.parametrize("layers", LAYERS.values(), ids=LAYERS.keys())
@settings(max_examples=20, deadline=None, derandomize=True)
@given(at=st.integers(0, 199))
def test_one_changed_value_in_a_chain_is_one_message(layers, at):
    new = [*layers]
    new[at] = (layers[at][0], 999)
    [said] = differences(chain(layers), chain(new))
    assert said.endswith(f"size {layers[at][1]} → 999")


@pytest.mark.parametrize("layers", LAYERS.values(), ids=LAYERS.keys())
@pytest.mark.parametrize("more", [("Dense", 999), ("ReLU", 0), ("Dropout", 1)])
@settings(max_examples=20, deadline=None, derandomize=True)
@given(at=st.integers(0, 200))
def test_one_inserted_call_in_a_chain_is_few_messages(layers, more, at):
    old, new = chain(layers), chain([*layers[:at], more, *layers[at:]])
    for said, word in ((differences(old, new), "added"), (differences(new, old), "removed")):
        assert len(said) <= 3
        assert len([one for one in said if one.startswith(f"{word} {more[0]} ")]) == 1


@pytest.mark.parametrize("number", [1, 3, 50])
@pytest.mark.parametrize("classes", [1, 3])
def test_large_graphs_take_no_time(number, classes):
    kinds = ["Conv2D", "BatchNormalization", "ReLU"][:classes]
    layers = [(kinds[at % classes], at // 100) for at in range(2000)]
    new = [*layers]
    for at in range(number):
        new.insert(1000 + at * 17, ("Conv2D", 999))
    old_graph, new_graph = chain(layers), chain(new)
    started = time.process_time()
    assert differences(old_graph, new_graph)
    assert time.process_time() - started < 5


def test_large_graphs_of_distinct_names_take_no_time():
    lines = ["x InputLayer"]
    before = "x"
    for at in range(2000):
        lines.append(f"layer{at}x Dense/{at} <- {before}")
        before = f"layer{at}x"
    old = model("\n".join([*lines, f"-> {before}"]))
    graph = inserted(old.graph, 1000, leaf("more", "Dropout", None, 1))
    started = time.process_time()
    [said] = differences(old, of_graph(graph))
    assert time.process_time() - started < 5
    assert said == "added Dropout more after layer999x"
