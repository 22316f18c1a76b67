"""Twenty models as people write them every day, of full depth, by which pictures are measured."""

from __future__ import annotations

import keras
from keras import layers, ops

from zoo.nets import Sampling

# Images.


def _conv(x, filters: int, size: int = 3, strides: int = 1):
    """Convolution, norm and relu, as three layers."""
    x = layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.Activation("relu")(x)


def unet() -> keras.Model:
    """A U-Net of four levels with norms."""
    inputs = x = keras.Input((256, 256, 3))
    skips = []
    for filters in (64, 128, 256, 512):
        x = _conv(_conv(x, filters), filters)
        skips.append(x)
        x = layers.MaxPooling2D()(x)
    x = _conv(_conv(x, 1024), 1024)
    for filters in (512, 256, 128, 64):
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = layers.Concatenate()([x, skips.pop()])
        x = _conv(_conv(x, filters), filters)
    return keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(x), name="unet")


def cnn() -> keras.Model:
    """A first network for small images."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ],
        name="cnn",
    )


def chain() -> keras.Model:
    """46 layers in a row: VGG16's convolutions with norms."""
    model = keras.Sequential([keras.Input((224, 224, 3))], name="chain")
    for filters, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(times):
            model.add(layers.Conv2D(filters, 3, padding="same"))
            model.add(layers.BatchNormalization())
            model.add(layers.ReLU())
        model.add(layers.MaxPooling2D())
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(1000, activation="softmax"))
    return model


def fpn() -> keras.Model:
    """A detector: a residual backbone, a feature pyramid, and two heads shared by five levels."""
    inputs = keras.Input((512, 512, 3), name="image")
    x = layers.MaxPooling2D(3, 2, padding="same")(_conv(inputs, 64, 7, 2))
    features = []
    for stage, filters in enumerate((64, 128, 256, 512)):
        strides = 1 if stage == 0 else 2
        for block in range(2):
            y = _conv(x, filters, strides=strides if block == 0 else 1)
            y = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same")(y))
            if block == 0:
                x = layers.BatchNormalization()(layers.Conv2D(filters, 1, strides)(x))
            x = layers.Activation("relu")(layers.Add()([x, y]))
        features.append(x)
    c3, c4, c5 = features[1:]
    p5 = layers.Conv2D(256, 1, name="lateral5")(c5)
    p4 = layers.Conv2D(256, 1, name="lateral4")(c4)
    p4 = layers.Add()([p4, layers.UpSampling2D()(p5)])
    p3 = layers.Conv2D(256, 1, name="lateral3")(c3)
    p3 = layers.Add()([p3, layers.UpSampling2D()(p4)])
    pyramid = [
        layers.Conv2D(256, 3, padding="same", name=name)(level)
        for name, level in (("p3", p3), ("p4", p4), ("p5", p5))
    ]
    pyramid.append(layers.Conv2D(256, 3, 2, padding="same", name="p6")(c5))
    p7 = layers.Conv2D(256, 3, 2, padding="same", name="p7")
    pyramid.append(p7(layers.ReLU()(pyramid[-1])))
    outputs = []
    for name, units in (("classes", 80), ("boxes", 4)):
        head = keras.Sequential(
            [
                keras.Input((None, None, 256)),
                *(layers.Conv2D(256, 3, padding="same", activation="relu") for _ in range(4)),
                layers.Conv2D(9 * units, 3, padding="same"),
            ],
            name=f"{name}_head",
        )
        found = [layers.Reshape((-1, units))(head(level)) for level in pyramid]
        outputs.append(layers.Concatenate(axis=1, name=name)(found))
    return keras.Model(inputs, outputs, name="detector")


def hrnet() -> keras.Model:
    """High resolution all the way: up to three branches, which exchange what they found."""
    widths = (32, 64, 128)
    inputs = keras.Input((256, 256, 3))
    branches = [_conv(_conv(inputs, 64, strides=2), widths[0], strides=2)]
    for stage in range(1, len(widths)):
        branches.append(_conv(branches[-1], widths[stage], strides=2))
        branches = [
            _conv(_conv(x, width), width) for x, width in zip(branches, widths, strict=False)
        ]
        branches = [_exchanged(branches, at, widths[at]) for at in range(len(branches))]
    grown = [
        x if at == 0 else layers.UpSampling2D(2**at, interpolation="bilinear")(x)
        for at, x in enumerate(branches)
    ]
    x = _conv(layers.Concatenate()(grown), 224, 1)
    return keras.Model(inputs, layers.Conv2D(17, 1, name="heatmaps")(x), name="hrnet")


def _exchanged(branches, to: int, width: int):
    """The sum of all branches, brought to the resolution and the width of one."""
    found = []
    for at, x in enumerate(branches):
        if at < to:
            for _ in range(to - at):
                x = layers.Conv2D(width, 3, 2, padding="same")(x)  # noqa: PLW2901
        elif at > to:
            x = layers.UpSampling2D(2 ** (at - to))(layers.Conv2D(width, 1)(x))  # noqa: PLW2901
        found.append(x)
    return layers.Activation("relu")(layers.Add()(found))


def multi_task() -> keras.Model:
    """One look at a face, three answers."""
    inputs = x = keras.Input((96, 96, 3), name="face")
    for filters in (32, 64, 128):
        x = layers.MaxPooling2D()(_conv(x, filters))
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(128, activation="relu", name="shared")(x)
    outputs = []
    for name, units, activation in (
        ("age", 1, "linear"),
        ("gender", 1, "sigmoid"),
        ("emotion", 7, "softmax"),
    ):
        y = layers.Dense(64, activation="relu", name=f"{name}_hidden")(x)
        y = layers.Dropout(0.3, name=f"{name}_dropout")(y)
        outputs.append(layers.Dense(units, activation=activation, name=name)(y))
    return keras.Model(inputs, outputs, name="multi_task")


# Generative models.


def vae() -> keras.Model:
    """A convolutional variational autoencoder."""
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, 2, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(64, 3, 2, padding="same", activation="relu")(x)
    x = layers.Dense(16, activation="relu")(layers.Flatten()(x))
    mean = layers.Dense(2, name="z_mean")(x)
    log_variance = layers.Dense(2, name="z_log_var")(x)
    z = Sampling(name="sampling")([mean, log_variance])
    x = layers.Dense(7 * 7 * 64, activation="relu")(z)
    x = layers.Reshape((7, 7, 64))(x)
    x = layers.Conv2DTranspose(64, 3, 2, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(32, 3, 2, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(x)
    return keras.Model(inputs, x, name="vae")


class Autoencoder(keras.Model):
    """An encoder and a decoder, each a model in a row."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = keras.Sequential(
            [
                layers.Conv2D(16, 3, 2, padding="same", activation="relu"),
                layers.Conv2D(8, 3, 2, padding="same", activation="relu"),
            ],
            name="encoder",
        )
        self.decoder = keras.Sequential(
            [
                layers.Conv2DTranspose(8, 3, 2, padding="same", activation="relu"),
                layers.Conv2DTranspose(16, 3, 2, padding="same", activation="relu"),
                layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
            ],
            name="decoder",
        )

    def call(self, images):
        """There and back."""
        return self.decoder(self.encoder(images))


def diffusion() -> keras.Model:
    """A diffusion model's U-Net: residual blocks that all hear the time, attention below."""
    image = keras.Input((64, 64, 3), name="noisy_image")
    embedding = keras.Input((128,), name="time_embedding")
    time = layers.Dense(256)(layers.Dense(256, activation="silu")(embedding))
    widths = (64, 128, 256)
    x = layers.Conv2D(widths[0], 3, padding="same")(image)
    skips = [x]
    for level, width in enumerate(widths):
        for _ in range(2):
            x = _residual(x, time, width)
            x = _attended(x, width) if level else x
            skips.append(x)
        if level < len(widths) - 1:
            x = layers.Conv2D(width, 3, 2, padding="same")(x)
            skips.append(x)
    x = _attended(_residual(x, time, widths[-1]), widths[-1])
    x = _residual(x, time, widths[-1])
    for level, width in reversed(list(enumerate(widths))):
        for _ in range(3):
            x = layers.Concatenate()([x, skips.pop()])
            x = _residual(x, time, width)
            x = _attended(x, width) if level else x
        if level:
            x = layers.Conv2D(width, 3, padding="same")(layers.UpSampling2D()(x))
    x = layers.Activation("silu")(layers.GroupNormalization(8)(x))
    x = layers.Conv2D(3, 3, padding="same")(x)
    return keras.Model([image, embedding], x, name="diffusion_unet")


def _residual(x, time, width: int):
    """Two convolutions; between them the time is added to all places."""
    shortcut = x if x.shape[-1] == width else layers.Conv2D(width, 1)(x)
    x = layers.Activation("silu")(layers.GroupNormalization(8)(x))
    x = layers.Conv2D(width, 3, padding="same")(x)
    moment = layers.Dense(width)(layers.Activation("silu")(time))
    x = layers.Add()([x, layers.Reshape((1, 1, width))(moment)])
    x = layers.Activation("silu")(layers.GroupNormalization(8)(x))
    x = layers.Conv2D(width, 3, padding="same")(x)
    return layers.Add()([x, shortcut])


def _attended(x, width: int):
    """Each place looks at all others."""
    side = x.shape[1]
    y = layers.Reshape((side * side, width))(layers.GroupNormalization(8)(x))
    y = layers.MultiHeadAttention(4, width // 4)(y, y)
    return layers.Add()([x, layers.Reshape((side, side, width))(y)])


# Sequences.


def seq2seq() -> keras.Model:
    """Translation by two LSTMs, the second of which looks at all steps of the first."""
    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    x = layers.Embedding(8000, 256, name="source_embedding")(source)
    memory, hidden, carry = layers.LSTM(
        512, return_sequences=True, return_state=True, name="encoder"
    )(x)
    y = layers.Embedding(8000, 256, name="target_embedding")(target)
    y = layers.LSTM(512, return_sequences=True, name="decoder")(y, initial_state=[hidden, carry])
    context = layers.Attention(name="attention")([y, memory])
    y = layers.Concatenate(name="context_and_state")([y, context])
    y = layers.Dense(512, activation="tanh", name="combine")(y)
    y = layers.Dense(8000, activation="softmax", name="words")(y)
    return keras.Model([source, target], y, name="seq2seq")


def _fed_forward(x, width: int):
    """A small network with a path around it."""
    y = layers.Dropout(0.1)(layers.Dense(width)(layers.Dense(4 * width, activation="relu")(x)))
    return layers.LayerNormalization()(layers.Add()([x, y]))


def _looking(x, memory, width: int, **how):
    """Attention with a path around it."""
    y = layers.MultiHeadAttention(8, width // 8)(x, memory, **how)
    return layers.LayerNormalization()(layers.Add()([x, layers.Dropout(0.1)(y)]))


def transformer_encoder() -> keras.Model:
    """Six encoder layers that classify a text."""
    inputs = keras.Input((128,), dtype="int32", name="tokens")
    x = layers.Embedding(20000, 256, name="embedding")(inputs)
    for _ in range(6):
        x = _fed_forward(_looking(x, x, 256), 256)
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dropout(0.1)(x)
    return keras.Model(inputs, layers.Dense(2, activation="softmax")(x), name="encoder")


def encoder_decoder() -> keras.Model:
    """Four encoder layers; four decoder layers, which all look at what was encoded."""
    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    memory = layers.Embedding(20000, 256, name="source_embedding")(source)
    for _ in range(4):
        memory = _fed_forward(_looking(memory, memory, 256), 256)
    x = layers.Embedding(20000, 256, name="target_embedding")(target)
    for _ in range(4):
        x = _looking(x, x, 256, use_causal_mask=True)
        x = _fed_forward(_looking(x, memory, 256), 256)
    x = layers.Dense(20000, activation="softmax", name="words")(x)
    return keras.Model([source, target], x, name="encoder_decoder")


def lstm_stack() -> keras.Model:
    """Four LSTMs on top of each other, for a series."""
    inputs = x = keras.Input((60, 8), name="series")
    for more in (True, True, True, False):
        x = layers.Dropout(0.2)(layers.LSTM(128, return_sequences=more)(x))
    x = layers.Dense(32, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(1)(x), name="lstm_stack")


def wavenet() -> keras.Model:
    """Sixteen gated blocks of growing dilation, twice; all that they tell aside is summed."""
    inputs = keras.Input((None, 1))
    x = layers.Conv1D(32, 2, padding="causal")(inputs)
    skips = []
    for dilation in (1, 2, 4, 8, 16, 32, 64, 128) * 2:
        how = {"padding": "causal", "dilation_rate": dilation}
        value = layers.Conv1D(32, 2, activation="tanh", **how)(x)
        gate = layers.Conv1D(32, 2, activation="sigmoid", **how)(x)
        z = layers.Multiply()([value, gate])
        skips.append(layers.Conv1D(64, 1)(z))
        x = layers.Add()([x, layers.Conv1D(32, 1)(z)])
    # What the last block would hand on is no part of the model.
    y = layers.Activation("relu")(layers.Add()(skips))
    y = layers.Conv1D(64, 1, activation="relu")(y)
    return keras.Model(inputs, layers.Conv1D(256, 1, activation="softmax")(y), name="wavenet")


# Several inputs, and branches side by side.


def siamese() -> keras.Model:
    """Two images, one encoder: how like they are."""
    encoder = keras.Sequential(
        [
            keras.Input((105, 105, 1)),
            layers.Conv2D(64, 10, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(128, 7, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(256, activation="sigmoid"),
        ],
        name="encoder",
    )
    left, right = (keras.Input((105, 105, 1), name=name) for name in ("left", "right"))
    distance = ops.abs(encoder(left) - encoder(right))
    score = layers.Dense(1, activation="sigmoid", name="same")(distance)
    return keras.Model([left, right], score, name="siamese")


def two_towers() -> keras.Model:
    """Users and items, each in a tower, and how well they go together."""
    inputs, towers = [], []
    for name, features in (
        ("user", (("user_id", 50000, 64), ("country", 200, 8), ("device", 10, 4))),
        ("item", (("item_id", 20000, 64), ("category", 300, 16))),
    ):
        found = []
        for feature, number, width in features:
            inputs.append(keras.Input((1,), dtype="int32", name=feature))
            x = layers.Embedding(number, width, name=f"{feature}_embedding")(inputs[-1])
            found.append(layers.Flatten(name=f"{feature}_flat")(x))
        x = layers.Concatenate(name=f"{name}_features")(found)
        for number, units in enumerate((128, 64), 1):
            x = layers.Dense(units, activation="relu", name=f"{name}_dense{number}")(x)
        towers.append(layers.Dense(32, name=f"{name}_vector")(x))
    score = layers.Dot(axes=1, normalize=True, name="score")(towers)
    return keras.Model(inputs, score, name="two_towers")


#: Columns of a table: those that are numbers, and those that are one of so many.
NUMBERS = ("age", "income", "tenure", "balance", "score", "visits")
CHOICES = {"job": 12, "marital": 4, "education": 6, "contact": 3, "month": 12, "region": 50}


def _table(numbers, choices, name: str) -> keras.Model:
    """An input for each column of a table."""
    inputs, features = [], []
    for column in numbers:
        inputs.append(keras.Input((1,), name=column))
        features.append(layers.Normalization(name=f"{column}_norm")(inputs[-1]))
    for column, number in choices.items():
        inputs.append(keras.Input((1,), dtype="int32", name=column))
        x = layers.Embedding(number, (number + 1) // 2, name=f"{column}_embedding")(inputs[-1])
        features.append(layers.Flatten(name=f"{column}_flat")(x))
    x = layers.Concatenate()(features)
    for units in (128, 64):
        x = layers.Dropout(0.3)(layers.Dense(units, activation="relu")(x))
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x), name=name)


def table12() -> keras.Model:
    """Twelve columns: six numbers, six choices."""
    return _table(NUMBERS, CHOICES, "table12")


def table30() -> keras.Model:
    """Thirty columns: eighteen numbers, twelve choices."""
    numbers = [*NUMBERS, *(f"amount_{month}" for month in range(1, 13))]
    choices = CHOICES | {f"product_{number}": 2 + number for number in range(1, 7)}
    return _table(numbers, choices, "table30")


def experts() -> keras.Model:
    """Eight experts, weighed by a gate."""
    inputs = keras.Input((64,))
    weights = layers.Dense(8, activation="softmax", name="gate")(inputs)
    opinions = []
    for number in range(8):
        x = layers.Dense(128, activation="relu", name=f"expert_{number}_hidden")(inputs)
        opinions.append(layers.Dense(32, name=f"expert_{number}")(x))
    stacked = ops.stack(opinions, axis=1)
    mixed = ops.sum(stacked * ops.expand_dims(weights, -1), axis=1)
    head = layers.Dense(10, activation="softmax", name="head")(mixed)
    return keras.Model(inputs, head, name="experts")


#: By title: the directive's argument, and the options that it can't do without.
EVERYDAY: dict[str, tuple[str, dict[str, str]]] = {
    "U-Net": ("zoo.everyday.unet", {}),
    "VAE": ("zoo.everyday.vae", {}),
    "GAN": ("zoo.training.gan", {}),
    "Seq2seq with attention": ("zoo.everyday.seq2seq", {}),
    "Siamese": ("zoo.everyday.siamese", {}),
    "Two towers": ("zoo.everyday.two_towers", {}),
    "12 tabular inputs": ("zoo.everyday.table12", {}),
    "30 tabular inputs": ("zoo.everyday.table30", {}),
    "FPN detector": ("zoo.everyday.fpn", {}),
    "Transformer encoder": ("zoo.everyday.transformer_encoder", {}),
    "Encoder-decoder": ("zoo.everyday.encoder_decoder", {}),
    "Diffusion U-Net": ("zoo.everyday.diffusion", {}),
    "8 experts": ("zoo.everyday.experts", {}),
    "WaveNet": ("zoo.everyday.wavenet", {}),
    "HRNet": ("zoo.everyday.hrnet", {}),
    "CNN": ("zoo.everyday.cnn", {}),
    "46-layer chain": ("zoo.everyday.chain", {}),
    "LSTM stack": ("zoo.everyday.lstm_stack", {}),
    "Autoencoder": ("zoo.everyday.Autoencoder", {"input-shape": "(28, 28, 1)"}),
    "Multi-task": ("zoo.everyday.multi_task", {}),
}
