"""Floating-point operations, against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edit_graphs import changed
from make_graphs import model
from sphinxcontrib_kerasgraph.graph import (
    Amount,
    Call,
    CallKind,
    Change,
    Edge,
    Marks,
    ModelGraph,
    Port,
    Tensor,
)
from sphinxcontrib_kerasgraph.options import DrawOptions
from sphinxcontrib_kerasgraph.view.flops import UNKNOWN, flops, model_flops, with_flops
from sphinxcontrib_kerasgraph.view.overview.fold import fold
from sphinxcontrib_kerasgraph.view.overview.fuse import fuse
from sphinxcontrib_kerasgraph.view.overview.unfold import unfold
from sphinxcontrib_kerasgraph.view.views import views


def call(of_class, kind, inputs, output, module="keras.layers", **config) -> Call:
    tensors = tuple(Tensor((None, *shape), "float32") for shape in inputs)
    made = (Tensor((None, *output), "float32"),)
    return Call("c", "c", module, of_class, kind, tensors, made, "c", config=config)


#: Query, key and value, with biases; scores, the scale, softmax and sums; output.
ATTENTION = 33 * 16 * (7 + 2 * 9) + 2 * 7 * 9 * (4 * 8 + 5) + 7 * 16 + 33 * 16 * 7
CONV = CallKind.CONVOLUTION
COUNTED = [
    # 2 × 784 × 128, and a bias and a relu for each unit.
    (call("Dense", CallKind.DENSE, [(784,)], (128,), activation="relu"), 2 * 784 * 128 + 256),
    (call("Dense", CallKind.DENSE, [(5, 8)], (5, 3), use_bias=False), 2 * 8 * 3 * 5),
    # 3×3 over 16 channels, for each of 10×10×32 outputs, and a bias.
    (
        call("Conv2D", CONV, [(10, 10, 16)], (10, 10, 32), kernel_size=[3, 3], filters=32),
        10 * 10 * 32 * (2 * 9 * 16 + 1),
    ),
    (
        call(
            "Conv2D", CONV, [(16, 10, 10)], (32, 10, 10),
            kernel_size=[3, 3], filters=32, groups=4, data_format="channels_first", use_bias=False,
        ),
        10 * 10 * 32 * 2 * 9 * 4,
    ),
    (
        call("DepthwiseConv2D", CONV, [(8, 8, 6)], (8, 8, 6), kernel_size=[3, 3], use_bias=False),
        8 * 8 * 6 * 2 * 9,
    ),
    (
        call(
            "SeparableConv2D", CONV, [(8, 8, 6)], (8, 8, 12),
            kernel_size=[3, 3], filters=12, use_bias=False,
        ),
        8 * 8 * 6 * 2 * 9 + 8 * 8 * 12 * 2 * 6,
    ),
    (
        call(
            "Conv2DTranspose", CONV, [(4, 4, 8)], (8, 8, 3),
            kernel_size=[2, 2], filters=3, use_bias=False,
        ),
        4 * 4 * 8 * 2 * 4 * 3,
    ),
    (call("MaxPooling2D", CallKind.POOLING, [(8, 8, 3)], (4, 4, 3), pool_size=[2, 2]), 48 * 4),
    (call("GlobalAveragePooling2D", CallKind.POOLING, [(8, 8, 3)], (3,)), 8 * 8 * 3),
    (call("BatchNormalization", CallKind.NORMALIZATION, [(8, 3)], (8, 3)), 2 * 24),
    (call("ReLU", CallKind.ACTIVATION, [(8, 3)], (8, 3)), 24),
    (call("Add", CallKind.MERGE, [(8,), (8,), (8,)], (8,)), 16),
    (call("Average", CallKind.MERGE, [(8,), (8,)], (8,)), 16),
    (call("Concatenate", CallKind.MERGE, [(8,), (8,)], (16,)), 0),
    (call("Dropout", CallKind.REGULARIZATION, [(8,)], (8,)), 0),
    (call("Embedding", CallKind.EMBEDDING, [(8,)], (8, 4)), 0),
    (call("LSTM", CallKind.RECURRENT, [(7, 5)], (6,), units=6), 7 * 6 * (4 * 2 * (5 + 6) + 17)),
    (call("GRUCell", CallKind.RECURRENT, [(5,)], (6,), units=6), 6 * (3 * 2 * (5 + 6) + 17)),
    (
        call("MultiHeadAttention", CallKind.ATTENTION, [(7, 16), (9, 16)], (7, 16),
             num_heads=2, key_dim=8),
        ATTENTION,
    ),
]  # fmt: skip


ATTENDING = CallKind.ATTENTION
MORE = [
    # Of what comes out, Keras says less than is known of what goes in.
    (
        call("EinsumDense", CallKind.DENSE, [(7, 5)], (None, 4, 3),
             equation="...c,cde->...de", bias_axes="de", activation="relu"),
        7 * 4 * 3 * (2 * 5 + 1 + 1),
    ),
    (
        call("Conv2D", CONV, [(8, 8, 6)], (8, 8, 6), kernel_size=[3, 3], activation="silu"),
        8 * 8 * 6 * (2 * 9 * 6 + 1 + 2),
    ),
    # Rows of an image of 3 × 5 that attend along their 5 places; two heads of 8.
    (
        call("MultiHeadAttention", ATTENDING, [(3, 5, 16), (3, 5, 16)], (3, 5, 16),
             num_heads=2, key_dim=8, attention_axes=[2], use_bias=False),
        3 * (4 * 2 * 5 * 16 * 16 + 2 * 5 * 5 * (4 * 8 + 5) + 5 * 16),
    ),
    # Four heads of 8 that ask, two that are asked.
    (
        call("GroupedQueryAttention", ATTENDING, [(7, 16), (9, 16)], (7, 16),
             head_dim=8, num_query_heads=4, num_key_value_heads=2, use_bias=False),
        2 * 16 * (2 * 7 * 32 + 2 * 9 * 16) + 4 * 7 * 9 * (4 * 8 + 5) + 7 * 32,
    ),
    # Two products, softmax.
    (call("Attention", ATTENDING, [(7, 16), (9, 16)], (7, 16)), 7 * 9 * (4 * 16 + 5)),
    # A sum, tanh, a scale and a sum for each feature.
    (
        call("AdditiveAttention", ATTENDING, [(7, 16), (9, 16)], (7, 16), use_scale=True),
        7 * 9 * (4 * 16 + 5 + 2 * 16),
    ),
    # Four steps; 36 places; windows of nine of 3 and of 4 channels; biases, gates.
    (
        call("ConvLSTM2D", CallKind.RECURRENT, [(4, 8, 8, 3)], (6, 6, 4),
             kernel_size=[3, 3], filters=4),
        4 * 36 * 4 * (4 * (2 * 9 * (3 + 4) + 1) + 8 + 5),
    ),
    # Mean and variance; the difference, by the deviation; a scale and an offset.
    (call("LayerNormalization", CallKind.NORMALIZATION, [(8, 3)], (8, 3)), 8 * 24),
    (call("LayerNormalization", CallKind.NORMALIZATION, [(8, 3)], (8, 3), scale=False), 7 * 24),
    (call("RMSNormalization", CallKind.NORMALIZATION, [(8, 3)], (8, 3)), 4 * 24),
    # Four weighted neighbours.
    (
        call("Resizing", CallKind.PREPROCESSING, [(4, 4, 3)], (8, 8, 3), interpolation="bilinear"),
        8 * 8 * 3 * 7,
    ),
    (call("UpSampling2D", CallKind.RESHAPE, [(4, 4, 3)], (8, 8, 3), interpolation="nearest"), 0),
    # 5 into windows of 2, 3 and 2 that overlap.
    (call("AdaptiveMaxPooling1D", CallKind.POOLING, [(5, 2)], (3, 2), output_size=[3]), 7 * 2),
    (call("Dot", CallKind.MERGE, [(7, 5), (9, 5)], (7, 9), axes=[2, 2]), 2 * 7 * 9 * 5),
    (call("RandomFlip", CallKind.PREPROCESSING, [(8, 8, 3)], (8, 8, 3)), 0),
]  # fmt: skip


def operation(of_class, inputs, output, module="keras.src.ops.numpy", **config) -> Call:
    made = call(of_class, CallKind.OPERATION, inputs, output, module, **config)
    return replace(made, is_operation=True)


OPERATIONS = [
    (operation("Einsum", [(7, 5), (9, 5)], (7, 9), subscripts="bij,bkj->bik"), 2 * 7 * 9 * 5),
    (operation("Einsum", [(7, 5), (7, 5)], (7, 5), subscripts="...,..."), 7 * 5),
    # First the two on the left: 7·5·9, then 7·9·4.
    (
        operation("Einsum", [(7, 5), (5, 9), (9, 4)], (7, 4), subscripts="bij,bjk,bkl->bil"),
        2 * 7 * 5 * 9 + 2 * 7 * 9 * 4,
    ),
    (operation("Matmul", [(2, 7, 5), (2, 5, 9)], (2, 7, 9)), 2 * 2 * 7 * 9 * 5),
    (operation("Mean", [(7, 5)], (7,)), 35),
    (operation("Softmax", [(7, 5)], (7, 5)), 5 * 35),
    (operation("Cumsum", [(7, 5)], (7, 5)), 35),
    (operation("Gelu", [(35,)], (35,), approximate=False), 5 * 35),
    (operation("Solve", [(3, 3), (3, 2)], (3, 2)), 18 + 2 * 3 * 6),
    (operation("FFT", [(8,), (8,)], (8,)), 5 * 8 * 3),
    (operation("MaxPool", [(8, 8, 3)], (4, 4, 3), pool_size=2), 48 * 4),
    (operation("Transpose", [(7, 5)], (5, 7)), 0),
    (operation("Norm", [(8,)], ()), 16),
    (operation("Norm", [(8,)], (), ord=2, axis=1), 16),
    (operation("Norm", [(8,)], (), ord="fro"), 16),
    # As TensorFlow calls them.
    (operation("reduce_sum", [(7, 5)], (7,), "tf"), 35),
    (operation("bias_add", [(7, 5)], (7, 5), "tf.nn"), 35),
    (operation("matmul", [(5, 7), (5, 9)], (7, 9), "tf"), 2 * 7 * 9 * 5),
    (operation("softmax", [(7, 5)], (7, 5), "tf.nn"), 5 * 35),
    (operation("concat", [(7, 5), (7, 5)], (14, 5), "tf"), 0),
    # As Keras 2 has them.
    (call("reduce_mean", CallKind.OTHER, [(7, 5)], (7,), "tf.math"), 35),
    (call("Dense", CallKind.DENSE, [(5, 8)], (5, 3), "tf_keras.layers"), 5 * 3 * (2 * 8 + 1)),
]


@pytest.mark.parametrize(("made", "number"), [*COUNTED, *MORE, *OPERATIONS])
def test_operations_of_a_layer(made, number):
    in_list = made.class_name in {"Attention", "AdditiveAttention"}
    names = ("inputs[0]", "inputs[1]") if in_list else ("query", "value")
    assert flops(made, dict(enumerate(names))) == Amount(number)


def test_which_input_of_attention_is_which_is_told_by_arguments():
    made, number = COUNTED[-1]
    masked = replace(made, inputs=(*made.inputs, Tensor((None, 7, 9), "bool")))
    names = {0: "query", 1: "value", 2: "attention_mask"}
    assert flops(masked, names) == Amount(number)
    assert flops(replace(made, config=made.config | {"attention_axes": [1]}), names) == Amount(
        number
    )
    keyed = replace(made, inputs=(*made.inputs, Tensor((None, 9, 4), "float32")))
    # A key of 4 instead of 16 features.
    less = 2 * 9 * (16 - 4) * 16
    assert flops(keyed, {0: "query", 1: "value", 2: "key"}) == Amount(number - less)
    assert flops(made) == Amount(number)


@pytest.mark.parametrize(
    "made",
    [
        call("Dense", CallKind.CUSTOM, [(784,)], (128,), module="mine.layers"),
        call("Conv2D", CONV, [(None, None, 3)], (None, None, 8), kernel_size=[3, 3], filters=8),
        call("Dense", CallKind.DENSE, [(None,)], (8,)),
        call("LocallyConnected", CallKind.CUSTOM, [(8,)], (8,)),
        call("MultiHeadAttention", CallKind.ATTENTION, [(7, 16), (9, 16)], (7, 16)),
        call("Activation", CallKind.ACTIVATION, [(8,)], (8,), activation="mine"),
        operation("SVD", [(3, 3)], (3, 3)),
        # Eigenvalues of a matrix.
        operation("Norm", [(8,)], (), ord=2),
        operation("Norm", [(4, 8)], (), ord=-2, axis=[1, 2]),
        operation("Reshape2", [(3, 3)], (3, 3)),
        operation("Einsum", [(7, 5)], (7,)),
    ],
)
def test_what_is_not_known_stays_unknown(made):
    assert flops(made) == UNKNOWN


def test_an_activation_that_is_none_of_keras_leaves_a_part_unknown():
    made = call("Dense", CallKind.DENSE, [(784,)], (128,), activation={"class_name": "Mine"})
    assert flops(made) == Amount(2 * 784 * 128 + 128, complete=False)


def test_a_convolution_as_an_operation_is_given_its_kernel():
    made = operation("Conv", [(10, 10, 16)], (10, 10, 32), "keras.src.ops.nn")
    kernel = Tensor((3, 3, 4, 32), "float32")  # of four groups
    given = replace(made, inputs=(*made.inputs, kernel))
    number = 10 * 10 * 32 * 2 * 9 * 4
    assert flops(given, {0: "inputs", 1: "kernel"}) == Amount(number)
    assert flops(made) == UNKNOWN


def test_rows_that_were_places_of_an_example_are_counted_for_each():
    made = net("x InputLayer\nr Reshape <- x\nd Dense <- r\nb Reshape <- d\ne Dense <- b\n-> e")
    places, rows = Tensor((None, 3, 8), "float32"), Tensor((None, 8), "float32")
    tensors = {"x": (places, places), "r": (places, rows), "d": (rows, rows), "b": (rows, places)}
    calls = tuple(
        replace(one, inputs=(taken,) * len(one.inputs), outputs=(given,))
        for one in made.graph.calls
        for taken, given in [tensors.get(one.id, (places, places))]
    )
    marked = with_flops(replace(made, graph=replace(made.graph, calls=calls))).graph
    assert marked["d"].marks.flops == marked["e"].marks.flops == Amount(3 * DENSE)


def net(text: str) -> ModelGraph:
    """A model whose Dense layers have the size 8 on both sides: 136 operations each."""
    made = model(text)

    def with_units(graph):
        return replace(
            graph,
            calls=tuple(
                replace(one.with_bodies(map(with_units, one.bodies)), config={"units": 8})
                for one in graph.calls
            ),
        )

    return replace(made, graph=with_units(made.graph))


DENSE = 8 * (2 * 8 + 1)
BLOCKS = """
    x InputLayer
    b Block <- x
        d Dense <- ^
        c Block <- d
            e Dense <- ^
            -> e
        a Add <- c, ^
        -> a
    o Block <- b
        d Dense <- ^
        s Strange <- d
        -> s
    -> o
"""


def test_a_block_has_those_of_all_that_is_inside():
    marked = with_flops(net(BLOCKS)).graph
    assert marked["b"].marks.flops == Amount(2 * DENSE + 8)
    assert marked["b"].body["c"].marks.flops == Amount(DENSE)
    assert marked["o"].marks.flops == Amount(DENSE, complete=False)


def test_a_model_has_those_of_all_its_calls():
    graph = net(BLOCKS)
    marks = [one.marks.flops for one in with_flops(graph).graph.calls]
    assert model_flops(graph) == Amount.sum(marks)
    assert not model_flops(graph).complete


def test_a_closed_block_shows_the_sum_and_what_is_unknown():
    from sphinxcontrib_kerasgraph.label.text import plain_text
    from sphinxcontrib_kerasgraph.scene.build import scene_of

    options = DrawOptions.of(show_flops=True)
    view, *_ = views(net(BLOCKS), options)
    scene = scene_of(view, options.label, options.layout)
    said = {box.name: plain_text(box.label) for box in scene.items}
    assert f"FLOPs  {2 * DENSE + 8}" in said["b"]
    assert f"FLOPs  {DENSE} + unknown" in said["o"]
    assert "FLOPs" not in said["x"]


def test_marks_inside_of_steps_are_of_all_of_them():
    text = """
        x InputLayer
        t TimeDistributed <- x
            b Block <- ^
                d Dense <- ^
                f Flatten <- d
                -> f
            -> b
        -> t
    """

    def marks(shape):
        made = changed(net(text), "t", inputs=(Tensor(shape, "float32"),))
        calls = dict(with_flops(made).graph.walk())
        assert model_flops(made) == calls["t"].marks.flops
        return [calls[path].marks.flops for path in ("t", "t/b", "t/b/d", "t/b/f")]

    assert marks((None, 10, 8)) == [Amount(10 * DENSE)] * 3 + [Amount(0)]
    assert marks((None, None, 8)) == [UNKNOWN] * 3 + [Amount(0)]
    assert marks((8,)) == [UNKNOWN] * 3 + [Amount(0)]


def test_a_loop_is_known_where_its_steps_are():
    text = "x InputLayer\nb Block <- x\n    d Dense <- ^\n    -> d\n-> b"
    marked = with_flops(net(text)).graph["b"]
    per_step = Tensor((None, 5, 8), "float32")
    assert flops(replace(marked, kind=CallKind.CONTROL)) == UNKNOWN
    steps = replace(marked, qualname="RNN", inputs=(per_step,))
    assert flops(steps) == Amount(5 * DENSE)
    # A class derived from it hands something on from step to step; another one of the name may not.
    assert flops(replace(steps, module="mine")) == Amount(DENSE)
    back = Edge(Port("d"), Port("d"), recurrent=True)
    body = replace(steps.body, edges=(*steps.body.edges, back))
    assert flops(replace(steps, module="mine", qualname="Mine", body=body)) == Amount(5 * DENSE)
    unknown = replace(steps, inputs=(Tensor((None, None, 8), "float32"),))
    assert flops(unknown) == UNKNOWN
    assert flops(replace(steps, inputs=())) == UNKNOWN


def test_marks_travel_through_every_view():
    chain = "".join(f"d{n} Dense <- {'x' if n == 1 else f'd{n - 1}'}\n" for n in range(1, 7))
    marked = with_flops(net(f"x InputLayer\n{chain}-> d6"))
    folded = fuse(fold(marked))
    assert unfold(folded) == marked
    [group] = [one for one in folded.graph.calls if one.group]
    assert group.marks.flops == Amount(6 * DENSE)


def test_calls_that_are_marked_differently_are_not_alike():
    chain = "".join(f"d{n} Dense <- {'x' if n == 1 else f'd{n - 1}'}\n" for n in range(1, 9))
    plain = net(f"x InputLayer\n{chain}-> d8")
    added = Marks(change=Change.ADDED)
    calls = tuple(replace(one, marks=added) if one.id == "d5" else one for one in plain.graph.calls)
    marked = replace(plain, graph=replace(plain.graph, calls=calls))
    assert unfold(fold(marked)) == marked
    for exact in (True, False):
        inside = [
            {one.marks.change for copy in group.bodies for one in copy.calls}
            for group in fold(marked, exact=exact).graph.calls
            if group.group
        ]
        assert all(len(changes) == 1 for changes in inside)


def test_edges_that_are_marked_differently_are_not_alike():
    lines = "".join(
        f"c{n} Conv2D <- {last}\nb{n} BatchNormalization <- c{n}\nr{n} ReLU <- b{n}\n"
        f"a{n} Add <- r{n}, {last}\n"
        for n, last in [(1, "x"), *((n, f"a{n - 1}") for n in range(2, 9))]
    )
    plain = model(f"x InputLayer\n{lines}-> a8")
    edges = tuple(
        replace(edge, marks=Marks(change=Change.REMOVED)) if edge.target == Port("b4") else edge
        for edge in plain.graph.edges
    )
    marked = replace(plain, graph=replace(plain.graph, edges=edges))
    folded = fold(marked)
    assert unfold(folded) == marked
    [before, after] = [one for one in folded.graph.calls if one.group]
    assert (before.group.repeats, after.group.repeats) == (3, 4)
