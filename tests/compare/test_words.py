"""The words for what differs between two models: all of it, and no more."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from compared_words import check_ways, told, words_of
from edit_graphs import NESTED, NET, chain, changed, configured, of_keras, serialized
from make_graphs import TENSOR, model, of_graph
from sphinxcontrib_kerasgraph.graph import ModelGraph, Parameters, Tensor

# What calls are


def test_the_same_is_no_difference():
    for text in (NET, NESTED):
        assert words_of(model(text), model(text)) == []


def test_a_changed_value_is_told_with_both():
    old = configured(model("x InputLayer\nconv2_block1 Conv2D <- x\n-> conv2_block1"), "x")
    old = configured(old, "conv2_block1", filters=64)
    new = configured(old, "conv2_block1", filters=96)
    assert words_of(old, new) == ["conv2_block1: filters 64 → 96"]
    assert words_of(new, old) == ["conv2_block1: filters 96 → 64"]


def test_lists_are_told_as_tuples():
    old = configured(model(NET), "dense", strides=[2, 2], axis=[1])
    new = configured(old, "dense", strides=[1, 1], axis=[2])
    assert words_of(old, new) == [
        "dense: strides (2, 2) → (1, 1)",
        "dense: axis (1,) → (2,)",
    ]


def test_two_changes_come_in_the_order_of_the_calls():
    new = configured(configured(model(NET), "dense_1", size="5"), "dense", size="9")
    assert words_of(model(NET), new) == ["dense: size 8 → 9", "dense_1: size 4 → 5"]


def test_a_value_that_only_one_has_is_told():
    new = configured(model(NET), "dense", rank=4)
    assert words_of(model(NET), new) == ["dense: rank \N{EN DASH} → 4"]
    assert words_of(new, model(NET)) == ["dense: rank 4 → \N{EN DASH}"]


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("module", "keras.layers", "demo.layers"),
        ("kind", "dense", "custom"),
        ("is_operation", False, True),
        ("activation", "relu", "tanh"),
        ("trainable", True, False),
        ("opaque", "it has no call", "its call can't be traced"),
    ],
)
def test_a_changed_field_is_told_with_both(field, old, new):
    before, after = (changed(model(NET), "dense", **{field: value}) for value in (old, new))
    [said] = words_of(before, after)
    assert said.startswith("dense: ")
    assert said.endswith(f" {old} → {new}")


def test_an_activation_is_told_once():
    old = configured(changed(model(NET), "dense", activation="relu"), "dense", activation="relu")
    new = configured(changed(model(NET), "dense", activation="gelu"), "dense", activation="gelu")
    assert words_of(old, new) == ["dense: activation relu → gelu"]


def test_another_class_under_the_same_name_is_told_with_both():
    new = changed(model(NET), "softmax", qualname="LogSoftmax")
    said = words_of(model(NET), new)
    assert told(said, "Softmax")
    assert told(said, "LogSoftmax")
    assert len(said) <= 2


def test_another_outer_class_is_told():
    old = changed(model(NET), "softmax", qualname="Old.Softmax")
    new = changed(model(NET), "softmax", qualname="New.Softmax")
    assert words_of(old, new) == ["softmax: class Old.Softmax → New.Softmax"]


def test_another_class_of_initializer_is_told():
    old = configured(model(NET), "dense", kernel_initializer=serialized("GlorotUniform", seed=1))
    new = configured(model(NET), "dense", kernel_initializer=serialized("HeNormal", seed=1))
    assert words_of(old, new) == [
        "dense: kernel_initializer glorot_uniform(seed=1) → he_normal(seed=1)"
    ]


def test_an_initializer_that_is_left_out_is_told():
    old = configured(model(NET), "dense", kernel_initializer=serialized("HeNormal", seed=1))
    new = configured(old, "dense", kernel_initializer=None)
    assert words_of(old, new) == ["dense: kernel_initializer he_normal(seed=1) → None"]


def test_what_changes_in_an_initializer_is_told():
    old = configured(model(NET), "dense", kernel_initializer=serialized("HeNormal", seed=None))
    new = configured(model(NET), "dense", kernel_initializer=serialized("HeNormal", seed=1))
    assert words_of(old, new) == ["dense: kernel_initializer.seed None → 1"]


def test_what_changes_deep_in_a_wrapped_layer_is_told():
    def wrapped(scale: float) -> ModelGraph:
        inner = serialized("Dense", units=3, kernel_initializer=serialized("Scaled", scale=scale))
        return configured(model(NET), "dense", layer=inner)

    [said] = words_of(wrapped(1.0), wrapped(2.0))
    assert said == "dense: layer.kernel_initializer.scale 1 → 2"


def test_a_parameter_named_config_of_a_wrapped_layer_is_told():
    old, new = (
        configured(model(NET), "dense", layer=serialized("Mine", config={"hidden": hidden}))
        for hidden in (1, 2)
    )
    assert told(words_of(old, new), "dense: ", "hidden 1 → 2")


def test_what_changes_in_a_list_of_cells_is_told():
    old, new = (
        configured(model(NET), "dense", cells=[serialized("LSTMCell", units=units)])
        for units in (8, 16)
    )
    assert told(words_of(old, new), "dense: ", "8", "16")


def test_the_policy_of_dtypes_is_told():
    old, new = (
        configured(model(NET), "dense", dtype=serialized("DTypePolicy", name=name))
        for name in ("float32", "float16")
    )
    assert words_of(old, new) == ["dense: dtype float32 → float16"]


@pytest.mark.parametrize(
    ("old", "new"), [(None, "None"), (1, "1"), ([1], "(1,)"), (serialized("A"), "a"), ("", "a")]
)
def test_values_that_differ_are_shown_differently(old, new):
    before, after = (configured(model(NET), "dense", data_format=value) for value in (old, new))
    [said] = words_of(before, after)
    shown = said.removeprefix("dense: data_format").split(" → ")
    assert len(shown) == 2
    assert shown[0].strip() != shown[1].strip()
    assert all(text.strip() for text in shown)


def test_constants_of_operations_are_told():
    old, new = (
        changed(model(NET), "softmax", constants=(("axis", axis), ("keepdims", "True")))
        for axis in ("1", "2")
    )
    assert words_of(old, new) == ["softmax: axis 1 → 2"]


def test_a_constant_that_only_one_has_is_told():
    new = changed(model(NET), "softmax", constants=(("axis", "1"),))
    assert words_of(model(NET), new) == ["softmax: axis \N{EN DASH} → 1"]


def test_a_renamed_layer_is_told_with_both_names():
    new = model(NET.replace("softmax", "head"))
    [said] = words_of(model(NET), new)
    assert said.startswith("softmax: ")
    assert "head" in said


def test_what_changes_in_a_renamed_layer_is_told():
    new = model(NET.replace("dense_1", "logits").replace("/4", "/5"))
    said = words_of(model(NET), new)
    assert told(said, "dense_1", "logits")
    assert told(said, "size 4 → 5")
    assert len(said) == 2


# Calls that come and go


def test_an_added_layer_is_told_with_class_name_and_place():
    new = NET.replace(
        "softmax Softmax <- dense_1", "dropout Dropout <- dense_1\n    softmax Softmax <- dropout"
    )
    assert words_of(model(NET), model(new)) == ["added Dropout dropout after dense_1"]
    assert words_of(model(new), model(NET)) == ["removed Dropout dropout after dense_1"]


def test_a_layer_added_at_the_end_is_told_alone():
    new = NET.replace("-> softmax", "scale Scale <- softmax\n    -> scale")
    assert words_of(model(NET), model(new)) == ["added Scale scale after softmax"]
    assert words_of(model(new), model(NET)) == ["removed Scale scale after softmax"]


def test_a_removed_layer_in_a_row_is_told_alone():
    new = NET.replace("    dense Dense/8 <- x\n", "").replace("<- dense\n", "<- x\n")
    assert words_of(model(NET), model(new)) == ["removed Dense dense after x"]


def test_several_added_and_removed_are_told():
    old = chain([("Conv2D", 8), ("ReLU", 0), ("Flatten", 0), ("Dense", 4)])
    new = chain([("Conv2D", 8), ("BatchNormalization", 0), ("ReLU", 0), ("Dense", 4), ("ELU", 0)])
    said = words_of(old, new)
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
    assert words_of(model(NESTED), model(new)) == ["added Block more after block"]


def test_a_layer_without_a_source_is_told_without_a_place():
    new = NET.replace("x InputLayer\n", "x InputLayer\n    y InputLayer\n", 1)
    assert words_of(model(NET), model(new)) == ["added InputLayer y"]


def test_names_that_keras_numbers_anew_are_not_told():
    old = chain([("Dense", 8), ("ReLU", 0), ("Dense", 4), ("ReLU", 0)])
    new = chain([("Dense", 9), ("Dropout", 0), ("Dense", 8), ("ReLU", 0), ("Dense", 4)])
    said = words_of(old, new)
    assert not told(said, "name")
    assert not told(said, "shares")


def test_an_inserted_layer_that_numbers_others_anew_is_told_alone():
    old = chain([("Dense", 8), ("Dense", 4)])
    new = chain([("Dense", 8), ("Dense", 16), ("Dense", 4)])
    assert words_of(old, new) == ["added Dense dense_1 after dense"]
    assert words_of(new, old) == ["removed Dense dense_1 after dense"]


def test_a_first_layer_that_numbers_all_others_anew_is_told_alone():
    rest = [("Conv2D", 8), ("ReLU", 0), ("Conv2D", 16), ("ReLU", 0), ("Dense", 4)]
    new = chain([("Conv2D", 4), ("ReLU", 0), *rest])
    assert words_of(chain(rest), new) == [
        "added Conv2D conv2_d after x",
        "added ReLU re_lu after conv2_d",
    ]


def test_the_name_of_a_wrapped_layer_that_is_numbered_anew_is_not_told():
    old, new = (
        configured(model(NET), "dense", size=size, layer=serialized("LSTM", name=name, units=4))
        for size, name in (("8", "lstm"), ("9", "lstm_1"))
    )
    assert words_of(old, new) == ["dense: size 8 → 9"]


def test_numbers_alone_are_no_sharing():
    old = chain([("Dense", 8), ("Dense", 4)])
    new = model("x InputLayer\ndense_2 Dense/8 <- x\ndense_3 Dense/4 <- dense_2\n-> dense_3")
    said = words_of(old, new)
    assert said
    assert not told(said, "shares")


# Blocks


def test_changes_inside_blocks_are_told_with_their_path():
    new = configured(model(NESTED), "block/inner/conv", size="16")
    assert words_of(model(NESTED), new) == ["block/inner/conv: size 8 → 16"]


def test_layers_added_inside_blocks_are_told_with_their_path():
    new = NESTED.replace("relu ReLU <- conv\n", "bn Norm <- conv\n            relu ReLU <- bn\n")
    assert words_of(model(NESTED), model(new)) == [
        "added Norm block/inner/bn after block/inner/conv"
    ]
    assert words_of(model(new), model(NESTED)) == [
        "removed Norm block/inner/bn after block/inner/conv"
    ]


def test_an_inside_that_is_not_known_any_more_is_told():
    new = changed(model(NESTED), "block/inner", body=None)
    assert told(words_of(model(NESTED), new), "block/inner: ", "inside")
    assert told(words_of(new, model(NESTED)), "block/inner: ", "inside")


def test_a_tensor_that_goes_elsewhere_in_a_block_is_told_with_its_path():
    new = NESTED.replace("add Add <- ^, inner", "add Add <- inner, inner")
    said = words_of(model(NESTED), model(new))
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
    said = words_of(model(old), model(old.replace("^, ^1", "^1, ^")))
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
    assert words_of(model(old), model(new)) == [
        "no tensor goes from b to sub any more",
        "a tensor goes from x to sub",
    ]


def test_an_output_more_is_told():
    said = words_of(model(JOINED.format("sub")), model(JOINED.format("sub, a")))
    assert said == ["a is an output now"]


def test_swapped_outputs_are_told():
    said = words_of(model(JOINED.format("sub, a")), model(JOINED.format("a, sub")))
    assert told(said, "output")
    check_ways(said)


def test_swapped_sources_are_told():
    old = JOINED.format("sub")
    said = words_of(model(old), model(old.replace("<- a, b", "<- b, a")))
    assert told(said, "sub")
    check_ways(said)


def test_another_output_of_the_same_source_is_told():
    old = "x InputLayer\nsplit Split <- x\nd Dense <- split\ne Dense <- split:1\n-> d, e"
    new = "x InputLayer\nsplit Split <- x\nd Dense <- split:1\ne Dense <- split:1\n-> d, e"
    said = words_of(model(old), model(new))
    assert told(said, "split")
    check_ways(said)


def test_an_edge_that_becomes_recurrent_is_told():
    def looped(*, recurrent: bool) -> ModelGraph:
        old = model(JOINED.format("sub"))
        *edges, last = old.graph.edges
        return of_graph(replace(old.graph, edges=(*edges, replace(last, recurrent=recurrent))))

    said = words_of(looped(recurrent=False), looped(recurrent=True))
    assert told(said, "b", "sub")
    check_ways(said)


def test_another_argument_is_told_with_its_call():
    def given_as(argument: str) -> ModelGraph:
        old = model(JOINED.format("sub"))
        edges = (*old.graph.edges[:-1], replace(old.graph.edges[-1], argument=argument))
        return of_graph(replace(old.graph, edges=edges))

    assert told(words_of(given_as("key"), given_as("value")), "sub", "key", "value")


def test_swapped_inputs_of_the_model_are_told():
    old = model("a InputLayer\nb InputLayer\nsub Sub <- a, b\n-> sub")
    new = of_graph(replace(old.graph, inputs=("b", "a")))
    assert told(words_of(old, new), "input")


def test_swapped_inputs_are_told_across_versions_of_keras():
    old = model("a InputLayer\nb InputLayer\nsub Sub <- a, b\n-> sub")
    new = of_graph(replace(old.graph, inputs=("b", "a")))
    assert words_of(of_keras(old, "3.9"), of_keras(new, "3.10"))


def test_a_changed_input_shape_is_told_once():
    wide = Tensor((None, 16), "float32")
    old = configured(model(NET), "x", batch_shape=[None, 8])
    new = configured(changed(old, "x", outputs=(wide,)), "x", batch_shape=[None, 16])
    new = changed(new, "dense", inputs=(wide,), parameters=Parameters(136, 136, 136))
    assert words_of(old, new) == ["x: batch_shape (None, 8) → (None, 16)"]


def test_shapes_are_told_where_they_are_all_that_changed():
    new = changed(model(NET), "dense", outputs=(Tensor((None, 16), "float16"),))
    assert words_of(model(NET), new) == ["dense: outputs float32 (None, 8) → float16 (None, 16)"]


def test_tensors_where_there_were_none_are_told():
    new = changed(model(NET), "x", inputs=(TENSOR,))
    for before, after in ((model(NET), new), (new, model(NET))):
        [said] = words_of(before, after)
        assert re.fullmatch(r"x: inputs \S.* → \S.*", said)


# Weights


def test_sizes_of_a_custom_layer_are_told():
    old = changed(model(NET), "dense", parameters=Parameters(10, 10, 10))
    new = changed(model(NET), "dense", parameters=Parameters(20, 20, 20))
    assert words_of(old, new) == ["dense: parameters 10 → 20"]


def test_weights_that_are_trained_no_more_are_told_with_the_call():
    old = changed(model(NET), "dense", parameters=Parameters(10, 10, 10))
    new = changed(model(NET), "dense", parameters=Parameters(10, 4, 10))
    [said] = words_of(old, new)
    assert said.startswith("dense: ")
    assert "10 → 4" in said


def test_weights_of_the_model_alone_are_told():
    old = replace(model(NET), parameters=Parameters(10, 10, 2))
    new = replace(model(NET), parameters=Parameters(12, 12, 4))
    assert words_of(old, new) == ["parameters 10 → 12"]


def shared(old: ModelGraph) -> ModelGraph:
    """`NET` where one layer is called twice."""
    text = NET.replace("dense_1", "dense#2")
    new = changed(model(text), "dense#2", name="dense", layer="dense", shared=True)
    config = old.graph["dense_1"].config
    return changed(changed(new, "dense", shared=True), "dense#2", config=config)


def test_sharing_of_weights_is_told():
    said = words_of(model(NET), shared(model(NET)))
    assert told(said, "dense", "shares its weights with dense")


def test_sharing_no_more_is_told():
    said = words_of(shared(model(NET)), model(NET))
    assert told(said, "dense", "shares its weights", "no more with dense")


def test_tied_weights_are_told_though_names_stay():
    new = changed(model(NET), "dense_1", layer="dense")
    assert told(words_of(model(NET), new), "dense_1: ", "shares its weights with dense")


def test_sharing_is_told_beside_other_changes():
    new = configured(changed(model(NET), "dense_1", layer="dense"), "softmax", axis=1)
    assert told(words_of(model(NET), new), "dense_1: ", "shares its weights with dense")


# Models


def test_names_and_classes_of_models_are_told():
    old = model(NET)
    assert told(words_of(old, replace(old, name="other")), "name", "net → other")
    assert told(words_of(old, replace(old, qualname="Net")), "class", "Model → Net")
    assert told(words_of(old, replace(old, module="demo")), "module", "keras → demo")
    new = replace(old, model_type="Sequential")
    assert told(words_of(old, new), "type", "Functional → Sequential")
    assert told(words_of(old, replace(old, opaque="why")), "None → why")


def test_what_made_a_model_is_no_difference():
    old = of_keras(model(NET), "3.9")
    assert words_of(old, replace(old, made_with={"keras": "3.9", "backend": "torch"})) == []
    assert words_of(old, of_keras(old, "3.15.1")) == []
    assert words_of(old, model(NET)) == []


# Versions of Keras


def test_keys_that_one_version_of_keras_has_are_no_difference():
    plain = serialized("HeNormal", seed=1)
    old = configured(model(NET), "dense", kernel_initializer=plain)
    more = serialized("HeNormal", seed=1, mode="fan")
    new = configured(old, "dense", kernel_initializer=more, lora_rank=None, use_bias=True)
    assert words_of(of_keras(old, "3.4"), of_keras(new, "3.9")) == []
    assert words_of(of_keras(new, "3.4"), of_keras(old, "3.9")) == []
    assert len(words_of(of_keras(old, "3.9"), of_keras(new, "3.9"))) == 3


def test_values_that_differ_are_told_across_versions_of_keras():
    old = configured(model(NET), "dense", kernel_initializer=serialized("HeNormal", seed=1))
    new = configured(
        old, "dense", kernel_initializer=serialized("HeNormal", seed=2, mode="fan"), rank=1
    )
    new = configured(new, "dense_1", size="5")
    assert words_of(of_keras(old, "3.4"), of_keras(new, "3.9")) == [
        "dense: kernel_initializer.seed 1 → 2",
        "dense_1: size 4 → 5",
    ]


def test_constants_and_layers_are_told_across_versions_of_keras():
    old = changed(model(NET), "softmax", constants=(("axis", "1"),))
    new = changed(model(NET), "softmax", constants=(("axis", "2"),))
    assert words_of(of_keras(old, "3.4"), of_keras(new, "3.9")) == ["softmax: axis 1 → 2"]
    new = NET.replace("-> softmax", "scale Scale <- softmax\n    -> scale")
    said = words_of(of_keras(model(NET), "3.4"), of_keras(model(new), "3.9"))
    assert said == ["added Scale scale after softmax"]


def test_a_policy_that_all_layers_had_is_told_once():
    def of(name: str, of_last: str):
        made = configured(model(NET), "dense", dtype=serialized("DTypePolicy", name=name))
        return configured(made, "dense_1", dtype=serialized("DTypePolicy", name=of_last))

    before = of("float32", "float32")
    assert words_of(before, of("float16", "float16")) == ["the dtype policy float32 → float16"]
    # One that keeps it has told which.
    assert words_of(before, of("float16", "float32")) == ["dense: dtype float32 → float16"]


# Outputs


OUTPUTS = "x InputLayer\na Dense/4 <- x\nb Dense/5 <- a\nc Dense/6 <- b\nr LSTM/9 <- c\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("a, c", "c", ["a is no output any more"]),
        ("a, b, c", "c", ["a is no output any more", "b is no output any more"]),
        ("c", "b", ["c is no output any more", "b is an output now"]),
        ("a, c", "c, a", ["the outputs are c, a in this order now"]),
        (
            "a, b, c",
            "c, b",
            ["a is no output any more", "the outputs are c, b in this order now"],
        ),
        ("c, c", "c", ["the only output is c now"]),
    ],
)
def test_of_outputs_is_told_which_they_are(old, new, said):
    assert words_of(model(f"{OUTPUTS}-> {old}"), model(f"{OUTPUTS}-> {new}")) == said
