"""What the boxes of an overview say: the options are honoured there as in a full view."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import changed
from make_graphs import leaf, model
from make_scenes import PARTS, RESIDUAL, boxes_of, by_path, frames_of, said_by, scene, texts_of
from sphinxcontrib_kerasgraph.graph import (
    Amount,
    Call,
    CallGraph,
    CallKind,
    Change,
    Group,
    GroupKind,
    Marks,
    ModelGraph,
    Parameters,
    Port,
    Tensor,
)
from sphinxcontrib_kerasgraph.label import compact
from sphinxcontrib_kerasgraph.label.spot import Spot
from sphinxcontrib_kerasgraph.label.text import plain_text
from sphinxcontrib_kerasgraph.label.tree import Form, Role
from sphinxcontrib_kerasgraph.options import LabelOptions

OVERVIEW = {"view": "overview", "fold": "exact"}


def said(label) -> str:
    return plain_text(label)


def dense(units: int, **facts) -> Call:
    """A Dense layer with weights, an activation and a shape."""
    tensor = Tensor((None, units), "float32")
    call = replace(
        leaf(f"dense_{units}", "Dense", None, 1),
        inputs=(tensor,),
        outputs=(tensor,),
        config={"units": units},
        parameters=Parameters(units * 100, units * 100, units * 100),
        trainable=True,
        activation="relu",
        marks=Marks(flops=Amount(units * 1000)),
    )
    return replace(call, **facts)


def stack(*calls: Call, **options) -> str:
    """What the box of calls that are drawn as one says."""
    return said(compact.stack_label(calls, LabelOptions(**options)))


ONE = [
    ({}, "Dense  8  relu  8.00 k FLOPs"),
    ({"show_shapes": True}, "Dense  8  relu  8  8.00 k FLOPs"),
    ({"show_layer_activations": True}, "Dense  8  relu  8.00 k FLOPs"),
    ({"show_dtype": True}, "Dense  8  relu  float32  8.00 k FLOPs"),
    ({"show_params": True}, "Dense  8  relu  800 params  8.00 k FLOPs"),
    ({"show_trainable": True}, "Dense  8  relu  8.00 k FLOPs  trainable: yes"),
]


@pytest.mark.parametrize(("options", "row"), ONE)
def test_a_row_that_stands_for_one_call_tells_what_options_ask_for(options, row):
    assert stack(dense(8), **options) == row.replace("8.00 k", "8 k")


SEVERAL = [
    ({}, "Dense  8, 16, 32  relu  8 k, 16 k, 32 k FLOPs each"),
    ({"show_shapes": True}, "Dense  8, 16, 32  relu  8 … 32  8 k, 16 k, 32 k FLOPs each"),
    (
        {"show_params": True},
        "Dense  8, 16, 32  relu  800; 1,600; 3,200 params each  8 k, 16 k, 32 k FLOPs each",
    ),
    # What isn't a number isn't that of each.
    ({"show_dtype": True}, "Dense  8, 16, 32  relu  float32  8 k, 16 k, 32 k FLOPs each"),
    ({"show_layer_activations": True}, "Dense  8, 16, 32  relu  8 k, 16 k, 32 k FLOPs each"),
    (
        {"show_trainable": True},
        "Dense  8, 16, 32  relu  8 k, 16 k, 32 k FLOPs each  trainable: yes",
    ),
]


@pytest.mark.parametrize(("options", "row"), SEVERAL)
def test_a_row_that_stands_for_several_tells_what_each_has(options, row):
    assert stack(dense(8), dense(16), dense(32), **options) == row


def test_the_same_number_of_several_is_of_each_all_the_same():
    assert "800 params each" in stack(dense(8), dense(8), show_params=True)


def test_what_several_do_not_share_is_told_in_order():
    told = stack(dense(8), dense(8, trainable=False, activation="tanh"),
                 show_trainable=True, show_layer_activations=True)  # fmt: skip
    assert "relu, tanh" in told
    assert "trainable: yes, no" in told


def test_the_policy_of_a_layer_is_told_beside_the_dtype():
    call = dense(8, config={"units": 8, "dtype": {"config": {"name": "mixed_float16"}}})
    assert "float32, mixed_float16" in stack(call, show_dtype=True)


def test_all_options_together_are_in_the_order_of_a_full_label():
    options = {f"show_{one}": True for one in
               ("shapes", "dtype", "layer_activations", "params", "trainable")}  # fmt: skip
    assert stack(dense(8), **options) == (
        "Dense  8  relu  8  float32  800 params  8 k FLOPs  trainable: yes"
    )


# In whole overviews


def net(text: str) -> ModelGraph:
    """The model where each Dense layer and each convolution has weights and an activation."""
    made = model(text)
    for path, call in made.graph.walk():
        if call.kind in {CallKind.DENSE, CallKind.CONVOLUTION}:
            size = int(call.config["size"] or 8)
            name = "units" if call.kind is CallKind.DENSE else "filters"
            made = changed(
                made,
                path,
                config={name: size},
                parameters=Parameters(size * 10, size * 10, size * 10),
                trainable=True,
                activation="relu",
            )
    return made


CHAIN = net("""
    x InputLayer
    c Conv2D/64 <- x
    b BatchNormalization <- c
    r ReLU <- b
    d Dense/8 <- r
    -> d
    """)


@pytest.mark.parametrize(
    ("option", "rows"),
    [
        ("show_params", ["Conv2D 64 relu 640 params", "Dense 8 relu 80 params"]),
        (
            "show_dtype",
            ["Conv2D 64 relu float32", "Dense 8 relu float32", "BatchNormalization float32"],
        ),
        ("show_trainable", ["Conv2D 64 relu trainable: yes", "Dense 8 relu trainable: yes"]),
        ("show_layer_activations", ["Conv2D 64 relu", "Dense 8 relu"]),
        ("show_flops", ["Dense 8 relu 144 FLOPs"]),
        ("show_shapes", ["Conv2D 64 relu 8", "Dense 8 relu 8", "BatchNormalization ReLU 8"]),
    ],
)
def test_every_option_shows_in_an_overview(option, rows):
    [before] = [text for path, text in said_by(scene(CHAIN, **OVERVIEW)).items() if path != "x"]
    assert before == "Conv2D 64 relu BatchNormalization ReLU Dense 8 relu"
    [after] = [
        text
        for path, text in said_by(scene(CHAIN, **OVERVIEW, **{option: True})).items()
        if path != "x"
    ]
    for row in rows:
        assert row in after


def test_the_input_tells_its_dtype():
    assert said_by(scene(CHAIN, **OVERVIEW))["x"] == "x 8"
    assert said_by(scene(CHAIN, **OVERVIEW, show_dtype=True))["x"] == "x 8 float32"


FOLDED = "x InputLayer\n" + "\n".join(
    f"d{n} Dense/{n * 8} <- {last}\na{n} Add <- d{n}, {last}"
    for n, last in enumerate(("x", "a1", "a2", "a3"), 1)
)


def test_a_repetition_tells_what_differs_in_order():
    made = scene(net(f"{FOLDED}\n-> a4"), view="overview", fold="loose", show_params=True)
    assert said_by(made)["d1"] == "Dense 8, 16, 24, 32 relu 80, 160, 240, 320 params each"


def test_a_repetition_of_the_same_says_each_too():
    text = f"{FOLDED}\n-> a4".replace("/16", "/8").replace("/24", "/8").replace("/32", "/8")
    made = scene(net(text), **OVERVIEW, show_params=True, show_flops=True)
    assert said_by(made)["d1"] == "Dense 8 relu 80 params each 144 FLOPs each"


def test_names_are_told_unless_they_are_not_to_be():
    text = "x InputLayer\n" + "\n".join(
        f"block{n}_c Dense <- {last}\nblock{n}_a Add <- block{n}_c, {last}"
        for n, last in enumerate(("x", "block1_a", "block2_a"), 1)
    )
    graph = model(f"{text}\n-> block3_a")

    def told(**options) -> str:
        made = scene(graph, **OVERVIEW, **options)
        return " ".join(plain_text(one.label) for one in (*texts_of(made), *boxes_of(made)))

    assert "block1 … block3" in told()
    assert "block" not in told(show_layer_names=False)
    assert "×3" in told(show_layer_names=False)
    assert "InputLayer" in told(show_layer_names=False)


def test_a_row_of_one_layer_several_times_says_how_often():
    chain = "".join(f"d{n} Dense <- {'x' if n == 1 else f'd{n - 1}'}\n" for n in range(1, 6))
    made = scene(f"x InputLayer\n{chain}y Softmax <- d5\n-> y", **OVERVIEW)
    [box] = [text for path, text in said_by(made).items() if path != "x"]
    assert box == "Dense ×5 Softmax"
    [stack] = [box for box in boxes_of(made) if box.label.form is Form.STACK]
    assert [row.first for row in stack.label.rows] == [0, 5]
    assert [len(paths) for paths in stack.stands_for] == [6]


# Rows


def chained(*calls: Call) -> Call:
    """The calls as a stack."""
    graph = CallGraph(calls, (), (), (Port(calls[-1].id),))
    return replace(
        leaf("s", ""), kind=CallKind.GROUP, body=graph, outputs=calls[-1].outputs,
        group=Group(GroupKind.STACK, (graph,)),
    )  # fmt: skip


def test_a_stack_has_a_row_for_each_layer_with_the_stripe_of_its_kind():
    label = compact.stack_label([chained(dense(8), leaf("p", "MaxPooling2D"))], LabelOptions())
    assert label.form is Form.STACK
    assert [row.stripe for row in label.rows] == [CallKind.DENSE, CallKind.POOLING]


def test_an_activation_stands_beside_its_normalization():
    bn, relu = leaf("b", "BatchNormalization"), leaf("r", "ReLU")
    assert stack(chained(dense(8), bn, relu)).splitlines()[1:] == ["BatchNormalization  ReLU"]
    # Unless there is something to be told of either.
    trained = replace(bn, parameters=Parameters(8, 8, 8))
    assert stack(chained(dense(8), trained, relu), show_params=True).splitlines()[1:] == [
        "BatchNormalization  ReLU  8 params"
    ]
    typed = replace(relu, outputs=(Tensor((8,), "float16"),))
    assert stack(chained(dense(8), bn, typed), show_dtype=True).splitlines()[1:] == [
        "BatchNormalization  float32",
        "ReLU  float16",
    ]


def test_followers_are_told_from_what_they_follow():
    label = compact.stack_label([chained(dense(8), leaf("r", "Dropout"))], LabelOptions())
    assert [row.cells[0].lines[0][0].role for row in label.rows] == [Role.CLASS, Role.FOLLOWER]


def test_shared_layers_say_so():
    assert stack(dense(8, shared=True, marks=Marks())) == "Dense shared  8  relu"


def test_the_marks_of_a_stack_are_those_of_all_its_layers():
    added = Marks(change=Change.ADDED)
    label = compact.stack_label(
        [chained(dense(8, marks=added), leaf("p", "MaxPooling2D"))], LabelOptions()
    )
    assert label.marks.change is Change.CHANGED
    alone = compact.stack_label([dense(8, marks=added)], LabelOptions())
    assert alone.marks.change is Change.ADDED


# Signs


def sign(of_class: str, *after: Call, ends: bool = False, **options) -> str:
    joined = leaf("j", of_class, None, 2)
    call = chained(joined, *after) if after else joined
    label = compact.stack_label([call], LabelOptions(**options), Spot(joins=True, ends=ends))
    assert label.form is Form.SIGN
    assert len(label.rows) == 1
    return said(label)


@pytest.mark.parametrize(
    ("of_class", "text"),
    [("Add", "+"), ("Multiply", "×"), ("Subtract", "−"), ("Concatenate", "Concatenate")],
)
def test_a_join_is_a_sign(of_class, text):
    assert sign(of_class) == text
    assert sign(of_class, leaf("r", "ReLU")) == f"{text}  ReLU"
    assert sign(of_class, ends=True) == f"{text}  8"


@pytest.mark.parametrize("change", [Change.ADDED, Change.REMOVED, Change.CHANGED])
def test_beside_the_sign_of_a_change_a_join_is_told_by_its_class(change):
    joined = replace(leaf("j", "Add", None, 2), marks=Marks(change))
    label = compact.stack_label([joined], LabelOptions(), Spot(joins=True))
    assert [one.lines[0][0].value for one in label.rows[0].cells][1:] == ["Add"]


def test_a_row_that_is_highlighted_and_changed_begins_with_the_sign_of_the_change():
    marks = Marks(Change.ADDED, highlighted=True)
    label = compact.stack_label(
        [chained(dense(8, marks=marks), leaf("p", "MaxPooling2D"))], LabelOptions()
    )
    assert [text.value for text in label.rows[0].cells[0].lines[0]][:3] == ["+", "►", "Dense"]


def test_a_sign_tells_what_options_ask_for():
    assert sign("Add", show_dtype=True) == "+  float32"
    assert sign("Add", leaf("r", "ReLU"), show_dtype=True) == "+  float32  ReLU  float32"
    # The shape is told where a repetition ends alone.
    assert sign("Add", show_shapes=True) == "+"


def test_a_join_and_a_layer_after_it_are_no_sign():
    call = chained(leaf("j", "Add", None, 2), dense(8))
    label = compact.stack_label([call], LabelOptions(), Spot(joins=True))
    assert label.form is Form.STACK


def test_what_joins_nothing_is_no_sign():
    label = compact.stack_label([leaf("j", "Add", None, 1)], LabelOptions())
    assert label.form is Form.STACK


# Sources, stubs and parts


def source(*calls: Call, times: str = "", terminal: bool = False, **options):
    return compact.source_label(calls, LabelOptions(**options), times, terminal=terminal)


def test_an_input_tells_its_name_and_shape():
    label = source(leaf("image", "InputLayer"), terminal=True)
    assert said(label) == "image 8"
    assert (label.form, label.terminal) == (Form.SOURCE, True)
    assert said(source(leaf("image", "InputLayer"), show_layer_names=False)) == "InputLayer 8"


def test_a_constant_tells_its_value():
    constant = replace(
        leaf("k", "Constant"),
        kind=CallKind.CONSTANT,
        is_operation=True,
        constants=(("value", "0.5"),),
    )
    assert said(source(constant)) == "Constant 0.5"
    assert said(source(replace(constant, name="mask"))) == "Constant mask 0.5"
    others = [replace(constant, constants=(("value", value),)) for value in ("0.5", "2")]
    assert said(source(*others, times="×2")) == "Constant 0.5, 2 ×2"


def test_a_weight_tells_its_name_and_shape():
    weight = replace(
        leaf("bias", "Weight"),
        kind=CallKind.WEIGHT,
        is_operation=True,
        outputs=(Tensor((3, 4), "float32"),),
    )
    assert said(source(weight)) == "Weight bias 3×4"
    assert said(source(weight, show_layer_names=False)) == "Weight 3×4"


def test_a_stub_tells_what_is_beyond():
    call = replace(leaf("conv1", "Conv2D"), kind=CallKind.STUB)
    label = compact.stub_label(call, LabelOptions())
    assert said(label) == "… conv1 8"
    assert label.form is Form.STUB
    long = compact.stub_label(replace(call, name="n" * 100), LabelOptions())
    assert len(said(long)) < 70


def test_a_part_that_is_drawn_apart_has_a_letter_and_its_inputs_are_told_apart():
    made = scene(PARTS, view="overview", fold="loose")
    boxes = [box for box in boxes_of(made) if box.label.form is Form.PART]
    assert len(boxes) == 10
    for box in boxes:
        inputs, letter = box.label.rows
        assert [one.input for one in inputs.cells] == [0, 1]
        assert plain_text(box.label) == "a\nA  8"
        assert "A" in box.tooltip
        assert letter.cells[0].lines[0][0].role is Role.TIMES
    [frame] = made.parts
    entries = [plain_text(entry.label) for entry in frame.entries]
    assert [one.split() for one in entries] == [["A", "8"], ["a", "8"]]
    assert [frame] == [one for one in frames_of(made) if one.name == frame.name]


# Frames of repetitions


def test_an_entry_tells_how_often_what_and_the_shape():
    [frame] = frames_of(scene(RESIDUAL, **OVERVIEW))
    [entry] = frame.entries
    assert entry.label.form is Form.PLAIN
    assert plain_text(entry.label).split() == ["×4", "8"]
    assert frame.exits == ()  # a sign at the end tells the shape


def test_tensors_of_two_repetitions_before_say_so():
    lines, last = ["x InputLayer", "a Dense <- x", "b Dense <- a"], ["a", "b"]
    for number in range(6):
        lines.append(f"s{number} Add <- {last[1]}, {last[0]}")
        last = [last[1], f"s{number}"]
    [frame] = frames_of(scene("\n".join([*lines, f"-> {last[1]}"]), **OVERVIEW))
    assert [plain_text(one.label) for one in frame.entries][1:] == ["2 before"]


def test_several_tensors_that_are_handed_on_are_numbered_where_they_enter_and_leave():
    lines = ["x InputLayer", "p0 Dense <- x", "q0 Conv2D <- x"]
    lines += [
        f"u{n} Dense <- p{n - 1}\nv{n} Tanh <- q{n - 1}\n"
        f"p{n} Add <- u{n}, v{n}\nq{n} Multiply <- v{n}, u{n}"
        for n in range(1, 5)
    ]
    text = "\n".join([*lines, "z Concatenate <- p4, q4\n-> z"])
    [frame] = frames_of(scene(text, **OVERVIEW))
    entries = [plain_text(one.label).split()[-2:] for one in frame.entries]
    exits = [plain_text(one.text.label).split() for one in frame.exits]
    assert sorted(entries) == sorted(exits) == [["1", "8"], ["2", "8"]]


def test_a_note_has_a_line_for_each():
    assert plain_text(compact.note_label(["a", "b"])) == "a\nb"


def test_labels_of_groups_refuse_what_is_none():
    with pytest.raises(ValueError, match="'dense_8' is no group"):
        compact.entry_label([dense(8)], 0, LabelOptions())


def test_layers_of_a_box_are_those_of_all_repetitions_around_it():
    made = scene(net(f"{FOLDED}\n-> a4"), view="overview", fold="loose")
    assert by_path(made).keys() == {"x", "d1", "a1"}
