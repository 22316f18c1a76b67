"""Twenty pairs of models: what a person would state of what differs, and what is said of it.

`PAIRS` has them by name; `graphs` their graphs, made once in a process.
"""

# ruff: noqa: E501 - what is said stands here as it is

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import keras
from keras import layers

from sphinxcontrib_kerasgraph import model_to_graph
from sphinxcontrib_kerasgraph.diff import ModelDiff
from sphinxcontrib_kerasgraph.graph import ModelGraph

Build = Callable[[], keras.Model]


@dataclass(frozen=True)
class Pair:
    """Two models, and what differs."""

    title: str
    old: Build
    new: Build
    #: What a person would state, who knows both.
    person: str
    #: What is said, in order.
    said: tuple[str, ...]
    #: What the models are called with that have no inputs of their own.
    input_shape: tuple[int, ...] | None = None


@cache
def graphs(name: str) -> tuple[ModelGraph, ModelGraph]:
    """The graphs of both models of a pair, the old one first."""
    pair = PAIRS[name]
    return _graph(pair.old, pair.input_shape), _graph(pair.new, pair.input_shape)


def as_table() -> list[tuple[str, ...]]:
    """What a person would state of each pair, what is said, and how much is counted; a head first."""
    rows = [("Models", "A person would state", "What is said", "What is counted")]
    for name, pair in PAIRS.items():
        diff = ModelDiff.of(*graphs(name))
        said = "; ".join(one.text for one in diff.statements)
        rows.append((pair.title, pair.person, said, diff.counts.text))
    return rows


def _graph(build: Build, input_shape: tuple[int, ...] | None) -> ModelGraph:
    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        model = build()
        shape = input_shape if isinstance(model, Classifier) else None
        return ModelGraph(**vars(model_to_graph(model, shape)))


# Small ones.


def digits(
    *, dropout: bool = False, head: str = "digits", filters: int = 32, size: int = 28
) -> keras.Model:
    """A first network for small images."""
    inputs = x = keras.Input((size, size, 1), name="image")
    x = layers.Conv2D(filters, 3, activation="relu", name="edges")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(64, 3, activation="relu", name="shapes")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    for at in range(3):
        x = layers.Dense(64, activation="relu")(x)
        if dropout and at == 1:
            x = layers.Dropout(0.3)(x)
    x = layers.Dense(10, activation="softmax", name=head)(x)
    return keras.Model(inputs, x, name="digits")


def normed(*, norm_first: bool = True, activation: str = "relu") -> keras.Model:
    """Three convolutions with norms, in one of which the norm may come after the activation."""
    inputs = x = keras.Input((32, 32, 3), name="image")
    for at in range(1, 4):
        x = layers.Conv2D(16 * at, 3, padding="same", name=f"conv{at}")(x)
        norm = layers.BatchNormalization(name=f"norm{at}")
        nonlinear = (
            layers.ReLU(name=f"relu{at}")
            if activation == "relu" or at != 2
            else layers.Activation(activation, name=f"{activation}{at}")
        )
        pair = [norm, nonlinear] if norm_first or at != 2 else [nonlinear, norm]
        for layer in pair:
            x = layer(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(inputs, layers.Dense(10, name="head")(x), name="normed")


def skipping(*, from_stem: bool = False) -> keras.Model:
    """Four dense layers with a skip past two of them, which may begin a layer before."""
    inputs = keras.Input((16,), name="features")
    stem = layers.Dense(32, name="stem")(inputs)
    first = layers.Dense(32, activation="relu", name="first")(stem)
    second = layers.Dense(32, activation="relu", name="second")(first)
    third = layers.Dense(32, activation="relu", name="third")(second)
    x = layers.Add(name="join")([third, stem if from_stem else first])
    return keras.Model(inputs, layers.Dense(1, name="score")(x), name="skipping")


def towers(*, shared: bool = True) -> keras.Model:
    """Two inputs that one layer encodes, or a layer each."""
    left, right = keras.Input((16,), name="left"), keras.Input((16,), name="right")
    encode = layers.Dense(32, activation="relu", name="encode")
    other = encode if shared else layers.Dense(32, activation="relu", name="encode_right")
    x = layers.Concatenate(name="both")([encode(left), other(right)])
    return keras.Model([left, right], layers.Dense(1, name="same")(x), name="towers")


def residual(*, blocks: Sequence[int] = (2, 3, 2)) -> keras.Model:
    """Stages of blocks of convolutions around which the data also passes."""
    inputs = x = keras.Input((64, 64, 3), name="image")
    for stage, times in enumerate(blocks, 1):
        x = layers.Conv2D(16 * stage, 3, strides=2, padding="same", name=f"stage{stage}_down")(x)
        for block in range(1, times + 1):
            name = f"stage{stage}_block{block}"
            y = layers.Conv2D(16 * stage, 3, padding="same", name=f"{name}_conv")(x)
            y = layers.BatchNormalization(name=f"{name}_norm")(y)
            y = layers.ReLU(name=f"{name}_relu")(y)
            x = layers.Add(name=f"{name}_add")([x, y])
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(inputs, layers.Dense(10, name="head")(x), name="residual")


# Known ones.


def application(name: str, **how) -> keras.Model:
    """A network of ``keras.applications``."""
    return getattr(keras.applications, name)(weights=None, **how)


def bert(depth: int, width: int = 64) -> keras.Model:
    """An encoder of tokens, as in BERT."""
    tokens = keras.Input((128,), dtype="int32", name="tokens")
    x = layers.Embedding(1000, width, name="embedding")(tokens)
    x = layers.LayerNormalization(name="embedding_norm")(x)
    x = layers.Dropout(0.1, name="embedding_dropout")(x)
    for at in range(depth):
        name = f"layer_{at}"
        y = layers.MultiHeadAttention(4, width // 4, name=f"{name}_attention")(x, x)
        y = layers.Dropout(0.1, name=f"{name}_attention_dropout")(y)
        x = layers.Add(name=f"{name}_attention_add")([x, y])
        x = layers.LayerNormalization(name=f"{name}_attention_norm")(x)
        y = layers.Dense(4 * width, activation="gelu", name=f"{name}_wide")(x)
        y = layers.Dense(width, name=f"{name}_narrow")(y)
        y = layers.Dropout(0.1, name=f"{name}_dropout")(y)
        x = layers.Add(name=f"{name}_add")([x, y])
        x = layers.LayerNormalization(name=f"{name}_norm")(x)
    pooled = layers.Dense(width, activation="tanh", name="pooler")(x)
    return keras.Model(tokens, pooled, name=f"bert_{depth}")


def unet(levels: int, size: int = 64) -> keras.Model:
    """A U-Net whose levels are named by their depth, as Keras names layers else."""
    inputs = x = keras.Input((size, size, 3), name="image")
    skips = []
    for level in range(levels):
        x = _convolved(x, 16 * 2**level)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = _convolved(x, 16 * 2**levels)
    for level in reversed(range(levels)):
        x = layers.Conv2DTranspose(16 * 2**level, 2, strides=2)(x)
        x = layers.Concatenate()([x, skips.pop()])
        x = _convolved(x, 16 * 2**level)
    return keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid", name="mask")(x))


def _convolved(x, filters: int):
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return x


# The same in other words.


class Classifier(keras.Model):
    """A residual network as a class with a ``call`` of its own."""

    def __init__(self) -> None:
        super().__init__(name="classifier")
        self.stem = layers.Conv2D(16, 3, padding="same")
        self.convs = [layers.Conv2D(16, 3, padding="same", activation="relu") for _ in range(3)]
        self.sums = [layers.Add() for _ in range(3)]
        self.pool = layers.GlobalAveragePooling2D()
        self.head = layers.Dense(10, activation="softmax")

    def call(self, images):
        """From images to classes."""
        x = self.stem(images)
        for conv, add in zip(self.convs, self.sums, strict=True):
            x = add([x, conv(x)])
        return self.head(self.pool(x))


def functional_classifier() -> keras.Model:
    """What a `Classifier` does, as a functional model."""
    inputs = keras.Input((32, 32, 3), name="pixels")
    x = layers.Conv2D(16, 3, padding="same", name="first")(inputs)
    for at in range(1, 4):
        y = layers.Conv2D(16, 3, padding="same", activation="relu", name=f"block{at}_conv")(x)
        x = layers.Add(name=f"block{at}_add")([x, y])
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    x = layers.Dense(10, activation="softmax", name="classes")(x)
    return keras.Model(inputs, x, name="classifier")


def table() -> keras.Model:
    """Dense layers with norms, for rows of a table."""
    inputs = x = keras.Input((24,), name="row")
    for width in (64, 32):
        x = layers.Dense(width)(x)
        x = layers.LayerNormalization()(x)
        x = layers.Activation("silu")(x)
    return keras.Model(inputs, layers.Dense(1, name="price")(x), name="table")


def translator() -> keras.Model:
    """Recurrent layers, for sequences of tokens."""
    tokens = keras.Input((40,), dtype="int32", name="tokens")
    x = layers.Embedding(500, 32)(tokens)
    x = layers.Bidirectional(layers.LSTM(32, return_sequences=True))(x)
    x = layers.GRU(32, return_sequences=True)(x)
    x = layers.Softmax()(layers.EinsumDense("btd,dv->btv", (40, 500))(x))
    return keras.Model(tokens, x, name="translator")


def wrapped() -> keras.Model:
    """`digits` behind a scaling of its pixels."""
    return keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), digits()], name="deployed"
    )


def half() -> keras.Model:
    """`residual` in half precision."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        return residual()
    finally:
        keras.config.set_dtype_policy(before)


PAIRS: dict[str, Pair] = {
    "dropout": Pair(
        "An inserted Dropout",
        digits,
        partial(digits, dropout=True),
        "a Dropout after the second dense layer",
        ("Dropout dropout added after dense_1",),
    ),
    "renamed": Pair(
        "A renamed layer",
        digits,
        partial(digits, head="classes"),
        "the head is called classes, was digits",
        ("digits renamed to classes",),
    ),
    "filters": Pair(
        "Another number of filters",
        digits,
        partial(digits, filters=48),
        "48 filters instead of 32 in the first convolution",
        ("edges: filters 32 → 48",),
    ),
    "swapped": Pair(
        "Two layers in another order",
        normed,
        partial(normed, norm_first=False),
        "in the second block the norm comes after the activation",
        ("norm2 moved: after relu2",),
    ),
    "skip": Pair(
        "A moved skip",
        skipping,
        partial(skipping, from_stem=True),
        "the skip begins at stem, not at first",
        ("join takes what stem makes, took what first made",),
    ),
    "unshared": Pair(
        "A shared layer made two",
        towers,
        partial(towers, shared=False),
        "each tower has an encoder of its own",
        (
            "encode#2 renamed to encode_right",
            "encode_right shares its weights with encode no more",
        ),
    ),
    "block": Pair(
        "A block more in a stage",
        residual,
        partial(residual, blocks=(2, 4, 2)),
        "one block more in stage 2",
        ("stage2_block4 (4 calls, ×3 → ×4) added after stage2_block3_add",),
    ),
    "activation": Pair(
        "Another activation",
        normed,
        partial(normed, activation="gelu"),
        "gelu instead of ReLU in the second block",
        ("ReLU relu2 replaced by Activation gelu2 (gelu)",),
    ),
    "input": Pair(
        "Another input shape",
        digits,
        partial(digits, size=32),
        "images of 32×32 instead of 28×28",
        ("The input image is 32×32×1, was 28×28×1",),
    ),
    "resnet50_101": Pair(
        "ResNet50, ResNet101",
        partial(application, "ResNet50"),
        partial(application, "ResNet101"),
        "17 blocks more in conv4",
        ("conv4_block7 … conv4_block23 (17 × 10 calls, ×6 → ×23) added after conv4_block6_out",),
    ),
    "resnet50_v2": Pair(
        "ResNet50, ResNet50V2",
        partial(application, "ResNet50"),
        partial(application, "ResNet50V2"),
        "norm and activation stand before the convolutions of a block, not after them; strides at the end of a stage",
        (
            "2 calls (BatchNormalization → Activation) removed after conv1_conv",
            "20 BatchNormalization (conv2_block1_0_bn, conv2_block1_3_bn, conv2_block2_3_bn and 17 more) removed",
            "2 calls (BatchNormalization → Activation) added after pool1_pool",
            "16 ZeroPadding2D (conv2_block1_2_pad, conv2_block2_2_pad, conv2_block3_2_pad and 13 more) added",
            "16 BatchNormalization (conv2_block2_preact_bn, conv2_block3_preact_bn, conv3_block1_preact_bn and 13 more) added",
            "3 MaxPooling2D (max_pooling2d, max_pooling2d_1, max_pooling2d_2) added",
            "use_bias of 32 Conv2D changed: True → False",
            "padding of 16 Conv2D changed: same → valid",
            "strides of 9 Conv2D changed: (2, 2) → (1, 1) (×6), (1, 1) → (2, 2) (×3)",
            "32 renamed: conv2_block1_add → conv2_block1_out, conv2_block1_out → conv2_block2_preact_relu, conv2_block2_add → conv2_block2_out and 29 more",
            "9 inputs take another tensor: conv2_block2_out, conv3_block2_out, conv3_block3_out and 6 more",
        ),
    ),
    "mobilenet": Pair(
        "MobileNetV2, alpha 1.0 and 0.5",
        partial(application, "MobileNetV2", alpha=1.0),
        partial(application, "MobileNetV2", alpha=0.5),
        "about half the filters in all convolutions",
        ("filters of 34 Conv2D changed: 32 → 16 (×4), 96 → 48 (×4), 64 → 32 (×4) and 9 more",),
    ),
    "vgg": Pair(
        "VGG16, VGG19",
        partial(application, "VGG16"),
        partial(application, "VGG19"),
        "a convolution more in blocks 3, 4 and 5",
        ("3 Conv2D (block3_conv4, block4_conv4, block5_conv4) added",),
    ),
    "efficientnet": Pair(
        "EfficientNetB0, EfficientNetB1",
        partial(application, "EfficientNetB0"),
        partial(application, "EfficientNetB1"),
        "a block more in each of seven stages; larger images; dropout and padding follow",
        (
            "The input input_layer is 240×240×3, was 224×224×3",
            "block1b (12 calls, ×1 → ×2) added after block1a_project_bn",
            "block2c (15 calls, ×2 → ×3) added after block2b_add",
            "block3c (15 calls, ×2 → ×3) added after block3b_add",
            "block4d (15 calls, ×3 → ×4) added after block4c_add",
            "block5d (15 calls, ×3 → ×4) added after block5c_add",
            "block6e (15 calls, ×4 → ×5) added after block6d_add",
            "block7b (15 calls, ×1 → ×2) added after block7a_project_bn",
            "rate of 9 Dropout changed: 0.025 → 0.026087, 0.05 → 0.0521739, 0.075 → 0.0782609 and 6 more",
            "block6a_dwconv_pad: padding.0 (1, 2) → (2, 2)",
            "block6a_dwconv_pad: padding.1 (1, 2) → (2, 2)",
        ),
    ),
    "bert": Pair(
        "As BERT, of 12 and 24 layers",
        partial(bert, 12),
        partial(bert, 24),
        "12 layers more",
        ("layer_12 … layer_23 (12 × 9 calls, ×12 → ×24) added after layer_11_norm",),
    ),
    "twin": Pair(
        "A subclassed model, and its Functional twin",
        Classifier,
        functional_classifier,
        "the same but for names, as a functional model",
        (
            "Equal but for names",
            "The model is a Functional, was a Classifier",
            "10 renamed: images → pixels, conv2d → first, conv2d_1 → block1_conv and 7 more",
        ),
        (32, 32, 3),
    ),
    "unrelated": Pair(
        "Two unrelated models",
        table,
        translator,
        "nothing in common",
        ("Nothing in common",),
    ),
    "unet": Pair(
        "A U-Net with a level more",
        partial(unet, 3),
        partial(unet, 4),
        "a level more, down and up",
        (
            "7 calls (Conv2D → MaxPooling2D → Conv2D ×2 → Conv2DTranspose → Concatenate → Conv2D) added after conv2d_6",
        ),
    ),
    "wrapped": Pair(
        "A wrapped model",
        digits,
        wrapped,
        "the same model in a Sequential, behind a Rescaling",
        (
            "Wrapped in Functional digits",
            "The model is a Sequential, was a Functional",
            "Rescaling rescaling added after input_layer",
            "image renamed to input_layer",
        ),
    ),
    "half": Pair(
        "Another dtype policy",
        residual,
        half,
        "in mixed bfloat16",
        ("The dtype policy is mixed_bfloat16, was float32",),
    ),
}
