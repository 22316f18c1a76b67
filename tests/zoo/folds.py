"""Models whose blocks are alike but for something: what an overview must not draw as one."""

import keras
from keras import layers, ops

# A decoder in the shape of Gemma: every second block looks back over a window alone, every sixth
# has a norm more.


class WindowAttention(layers.Layer):
    """Causal attention, over a window of the last steps if there is one."""

    def __init__(self, width, window=None, soft_cap=None, **kwargs):
        super().__init__(**kwargs)
        self.window = window
        self.soft_cap = soft_cap
        self.query = layers.Dense(width, use_bias=False, name="query")
        self.key = layers.Dense(width, use_bias=False, name="key")
        self.value = layers.Dense(width, use_bias=False, name="value")

    def call(self, x):
        """Attend to what came before."""
        scores = ops.einsum("bqd,bkd->bqk", self.query(x), self.key(x))
        if self.soft_cap is not None:
            scores = ops.tanh(scores / self.soft_cap) * self.soft_cap
        places = ops.arange(ops.shape(x)[1])
        back = places[:, None] - places[None, :]
        seen = back >= 0
        if self.window is not None:
            seen = ops.logical_and(seen, back < self.window)
        scores = ops.where(seen, scores, -1e9)
        return ops.einsum("bqk,bkd->bqd", ops.softmax(scores), self.value(x))


class GemmaBlock(layers.Layer):
    """Attention and a gated layer, each added to what enters."""

    def __init__(self, width, window=None, soft_cap=None, extra_norm=False, **kwargs):
        super().__init__(**kwargs)
        self.norm = layers.LayerNormalization(name="norm")
        self.attention = WindowAttention(width, window, soft_cap, name="attention")
        self.after = layers.LayerNormalization(name="after") if extra_norm else None
        self.gate = layers.Dense(2 * width, activation="gelu", name="gate")
        self.up = layers.Dense(2 * width, name="up")
        self.down = layers.Dense(width, name="down")

    def call(self, x):
        """The one after the other."""
        y = self.attention(self.norm(x))
        if self.after is not None:
            y = self.after(y)
        x = x + y
        return x + self.down(self.gate(x) * self.up(x))


class Gemma(keras.Model):
    """26 blocks, given what each is made with."""

    def __init__(self, arguments, width=8):
        super().__init__(name="gemma")
        self.embedding = layers.Embedding(100, width, name="embedding")
        self.blocks = [
            GemmaBlock(width, name=f"block_{number}", **given)
            for number, given in enumerate(arguments)
        ]
        self.norm = layers.LayerNormalization(name="final_norm")

    def call(self, tokens):
        """All blocks in a row."""
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


def alike():
    """All 26 blocks are the same."""
    return Gemma([{"window": 16}] * 26)


def windows():
    """The window of every second block is wider: a number differs, which is in the config."""
    return Gemma([{"window": 16 if number % 2 else 64} for number in range(26)])


def extra_norms():
    """Every sixth block calls a layer more; all others are the same."""
    return Gemma([{"window": 16, "extra_norm": number % 6 == 5} for number in range(26)])


def gemma():
    """Both, as real ones: every second block sees all, and every sixth has a norm more."""
    return Gemma(
        [
            {"window": None if number % 2 else 16, "extra_norm": number % 6 == 5}
            for number in range(26)
        ]
    )


def untold():
    """Of every second block a number differs deep inside, of which no configuration tells."""
    model = Gemma([{"soft_cap": 50.0}] * 26)
    for number, block in enumerate(model.blocks):
        block.attention.soft_cap = 30.0 if number % 2 else 50.0
    return model


# A transformer for images of which one block has another activation.


class Encoder(layers.Layer):
    """One block of a transformer for images."""

    def __init__(self, width, activation, **kwargs):
        super().__init__(**kwargs)
        self.norm = layers.LayerNormalization(name="norm")
        self.attention = layers.MultiHeadAttention(2, width // 2, name="attention")
        self.wide = layers.Dense(2 * width, activation=activation, name="wide")
        self.narrow = layers.Dense(width, name="narrow")

    def call(self, x):
        """Attend, then two layers."""
        y = self.norm(x)
        x = x + self.attention(y, y)
        return x + self.narrow(self.wide(x))


def vit(odd=7, *, blocks=12, width=8):
    """A Functional model of such blocks: number ``odd`` applies relu, all others gelu."""
    inputs = keras.Input((16, 16, 3), name="image")
    x = layers.Conv2D(width, 4, 4, name="patches")(inputs)
    x = layers.Reshape((16, width), name="steps")(x)
    for number in range(blocks):
        y = layers.LayerNormalization(name=f"block{number}_norm1")(x)
        y = layers.MultiHeadAttention(2, width // 2, name=f"block{number}_attention")(y, y)
        x = layers.Add(name=f"block{number}_add1")([x, y])
        y = layers.LayerNormalization(name=f"block{number}_norm2")(x)
        activation = "relu" if number == odd else "gelu"
        y = layers.Dense(2 * width, activation=activation, name=f"block{number}_wide")(y)
        y = layers.Dense(width, name=f"block{number}_narrow")(y)
        x = layers.Add(name=f"block{number}_add2")([x, y])
    x = layers.GlobalAveragePooling1D(name="pool")(x)
    return keras.Model(inputs, layers.Dense(10, name="head")(x), name="vit")


class BlockViT(keras.Model):
    """The same of blocks that are layers, which are drawn closed."""

    def __init__(self, odd=7, blocks=12, width=8):
        super().__init__(name="block_vit")
        self.steps = layers.Dense(width, name="steps")
        self.blocks = [
            Encoder(width, "relu" if number == odd else "gelu", name=f"block_{number}")
            for number in range(blocks)
        ]

    def call(self, x):
        """All blocks in a row."""
        x = self.steps(x)
        for block in self.blocks:
            x = block(x)
        return x


# A detector: what is seen at several scales goes through a head for boxes and one for classes,
# which are of the same structure.


def scales(image, levels, width=8):
    """Feature maps of the image, each half as large as the one before, all of one width."""
    x, found = image, []
    for level in range(levels):
        x = layers.Conv2D(
            width * 2 ** min(level, 2), 3, 2, "same", activation="relu", name=f"scale{level}"
        )(x)
        found.append(layers.Conv2D(width, 1, name=f"lateral{level}")(x))
    for level in reversed(range(levels - 1)):
        grown = layers.UpSampling2D(name=f"grown{level}")(found[level + 1])
        found[level] = layers.Add(name=f"merged{level}")([found[level], grown])
    return found


def head(name, filters, width=8):
    """The layers of one head, which all scales have in common."""
    convolutions = [
        layers.Conv2D(width, 3, padding="same", activation="relu", name=f"{name}_conv{number}")
        for number in range(4)
    ]
    return [*convolutions, layers.Conv2D(filters, 3, padding="same", name=f"{name}_out")]


def cell(x, name, width):
    """A head whose branches join, for one scale alone."""
    x = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"{name}_mix")(x)
    near = layers.DepthwiseConv2D(3, padding="same", name=f"{name}_near")(x)
    far = layers.DepthwiseConv2D(7, padding="same", name=f"{name}_far")(x)
    both = layers.Concatenate(name=f"{name}_both")([near, far])
    gate = layers.Conv2D(2 * width, 1, activation="sigmoid", name=f"{name}_gate")(both)
    return layers.Multiply(name=f"{name}_gated")([both, gate])


def detector(levels=7, anchors=9, classes=20):
    """RetinaNet in small: the heads share their weights over the scales."""
    image = keras.Input((256, 256, 3), name="image")
    maps = scales(image, levels)
    outputs = []
    for name, units in (("box", 4), ("class", classes)):
        shared = head(f"{name}_head", anchors * units)
        found = []
        for level, x in enumerate(maps):
            y = x
            for layer in shared:
                y = layer(y)
            found.append(layers.Reshape((-1, units), name=f"{name}_rows{level}")(y))
        outputs.append(layers.Concatenate(axis=1, name=f"{name}es")(found))
    return keras.Model(image, outputs, name="detector")


def decoupled(levels=8, widths=(8, 16)):
    """Heads of each scale for itself, as those of YOLO: nothing is shared."""
    image = keras.Input((256, 256, 3), name="image")
    outputs = []
    for level, x in enumerate(scales(image, levels)):
        for name, width, filters in zip(("box", "class"), widths, (64, 80), strict=True):
            y = cell(x, f"{name}_head{level}", width)
            y = layers.Conv2D(filters, 1, name=f"{name}_out{level}")(y)
            outputs.append(layers.Reshape((-1, filters), name=f"{name}_rows{level}")(y))
    return keras.Model(image, outputs, name="decoupled")


def even_heads():
    """Both heads of a scale are the same but for their names, and for what is made of them."""
    return decoupled(widths=(8, 8))


class Head(layers.Layer):
    """A head as a layer of its own."""

    def __init__(self, filters, width=8, **kwargs):
        super().__init__(**kwargs)
        self.convolutions = head(self.name, filters, width)

    def call(self, x):
        """One after the other."""
        for layer in self.convolutions:
            x = layer(x)
        return x


class BlockDetector(keras.Model):
    """Heads that are layers: boxes and classes of each scale, put beside one another."""

    def __init__(self, levels=3, anchors=9, classes=20, width=8):
        super().__init__(name="block_detector")
        self.scales = [
            layers.Conv2D(width, 3, 2, "same", name=f"scale{level}") for level in range(levels)
        ]
        self.boxes = Head(4 * anchors, name="box_head")
        self.classes = Head(classes * anchors, name="class_head")

    def call(self, x):
        """Both heads at each scale."""
        found = []
        for scale in self.scales:
            x = scale(x)
            found.append((self.boxes(x), self.classes(x)))
        return found


# Towers that are truly alike.


def towers(units=(8, 8), floors=8):
    """Two towers of the same layers under different names, compared at the end."""

    def tower(x, name, width):
        x = layers.Dense(width, name=f"{name}_enter")(x)
        for number in range(floors):
            y = layers.Dense(width, activation="relu", name=f"{name}_wide{number}")(x)
            z = layers.LayerNormalization(name=f"{name}_norm{number}")(x)
            w = layers.Multiply(name=f"{name}_gate{number}")([y, z])
            w = layers.Dropout(0.1, name=f"{name}_drop{number}")(w)
            # The joins don't repeat, lest the floors be folded.
            join = (layers.Maximum, layers.Add, layers.Average)[number * number // 3 % 3]
            x = join(name=f"{name}_join{number}")([x, w])
        return x

    query, item = keras.Input((16,), name="query"), keras.Input((16,), name="item")
    left, right = tower(query, "query_tower", units[0]), tower(item, "item_tower", units[1])
    return keras.Model([query, item], layers.Dot(1, name="score")([left, right]), name="towers")


#: Keras-only models that are called on tokens or numbers.
SUBCLASSED = {
    "alike": (alike, (None,), "int32"),
    "windows": (windows, (None,), "int32"),
    "extra_norms": (extra_norms, (None,), "int32"),
    "gemma": (gemma, (None,), "int32"),
    "untold": (untold, (None,), "int32"),
    "block_vit": (BlockViT, (16, 8), None),
    "block_detector": (BlockDetector, (32, 32, 3), None),
}
FUNCTIONAL = {
    function.__name__: (function, None, None)
    for function in (vit, detector, decoupled, even_heads, towers)
}
