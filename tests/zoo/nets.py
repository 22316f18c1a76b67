"""Models as people write them: most are classes with a `call` of their own."""

import keras
from keras import layers, ops

# Residual networks, U-Nets and other things with images.


class ResidualBlock(layers.Layer):
    """Two convolutions and a shortcut, which is projected where the shape changes."""

    def __init__(self, filters, *, strides=1, project=False, **kwargs):
        super().__init__(**kwargs)
        self.conv1 = layers.Conv2D(filters, 3, strides, padding="same", name="conv1")
        self.norm1 = layers.BatchNormalization(name="norm1")
        self.relu = layers.ReLU(name="relu")
        self.conv2 = layers.Conv2D(filters, 3, padding="same", name="conv2")
        self.norm2 = layers.BatchNormalization(name="norm2")
        self.project = layers.Conv2D(filters, 1, strides, name="project") if project else None

    def call(self, x, training=None):
        """Add what the convolutions make to the shortcut."""
        y = self.relu(self.norm1(self.conv1(x), training=training))
        y = self.norm2(self.conv2(y), training=training)
        shortcut = x if self.project is None else self.project(x)
        return self.relu(shortcut + y)


class ResidualNet(keras.Model):
    """A small ResNet, whose blocks are in a list."""

    def __init__(self, classes=10, **kwargs):
        super().__init__(**kwargs)
        self.stem = layers.Conv2D(4, 3, padding="same", name="stem")
        self.stages = [
            ResidualBlock(4, name="same"),
            ResidualBlock(8, strides=2, project=True, name="wider"),
        ]
        self.pool = layers.GlobalAveragePooling2D(name="pool")
        self.head = layers.Dense(classes, activation="softmax", name="head")

    def call(self, images, training=None):
        """From images to classes."""
        x = self.stem(images)
        for stage in self.stages:
            x = stage(x, training=training)
        return self.head(self.pool(x))


class UNet(keras.Model):
    """Convolutions down and up, with skips between levels of the same size."""

    def __init__(self, widths=(2, 4), **kwargs):
        super().__init__(**kwargs)
        self.encoder = [
            layers.Conv2D(width, 3, padding="same", name=f"down_{width}") for width in widths
        ]
        self.pool = layers.MaxPooling2D(name="pool")
        self.bottom = layers.Conv2D(8, 3, padding="same", name="bottom")
        self.decoder = [
            (
                layers.Conv2DTranspose(width, 2, strides=2, name=f"grow_{width}"),
                layers.Conv2D(width, 3, padding="same", name=f"up_{width}"),
            )
            for width in reversed(widths)
        ]
        self.concat = layers.Concatenate(name="concat")
        self.mask = layers.Conv2D(1, 1, activation="sigmoid", name="mask_out")

    def call(self, inputs):
        """Down, and up again with the skips."""
        x, skips = inputs, []
        for conv in self.encoder:
            x = conv(x)
            skips.append(x)
            x = self.pool(x)
        x = self.bottom(x)
        for grow, conv in self.decoder:
            x = conv(self.concat([grow(x), skips.pop()]))
        return self.mask(x)


class SqueezeExcite(layers.Layer):
    """Weighs the channels by what is in all of the image."""

    def __init__(self, ratio=2, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, input_shape):
        """Make layers that fit the number of channels."""
        channels = input_shape[-1]
        self.squeeze = layers.GlobalAveragePooling2D(keepdims=True, name="squeeze")
        self.reduce = layers.Dense(channels // self.ratio, activation="relu", name="reduce")
        self.expand = layers.Dense(channels, activation="sigmoid", name="expand")

    def call(self, x):
        """Multiply by the weights of the channels."""
        return x * self.expand(self.reduce(self.squeeze(x)))


class SqueezeExciteNet(keras.Model):
    """A convolution, its channels weighed."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.SeparableConv2D(4, 3, activation="swish", name="conv")
        self.excite = SqueezeExcite(name="excite")

    def call(self, x):
        """Convolve and weigh."""
        return self.excite(self.conv(x))


# Generative models.


class Sampling(layers.Layer):
    """Draws from a normal distribution by the reparametrization trick."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(7)

    def call(self, inputs):
        """Mean plus noise."""
        mean, log_variance = inputs
        noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        return mean + ops.exp(0.5 * log_variance) * noise


class VariationalAutoencoder(keras.Model):
    """Encoder, sampling and decoder; the divergence is a loss of the model's own."""

    def __init__(self, size=6, code=2, **kwargs):
        super().__init__(**kwargs)
        self.encoder = layers.Dense(4, activation="relu", name="encoder")
        self.mean = layers.Dense(code, name="mean")
        self.log_variance = layers.Dense(code, name="log_variance")
        self.sampling = Sampling(name="sampling")
        self.decoder = keras.Sequential(
            [layers.Dense(4, activation="relu", name="wide"), layers.Dense(size, name="pixels")],
            name="decoder",
        )

    def call(self, inputs):
        """Encode, sample and decode."""
        hidden = self.encoder(inputs)
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        code = self.sampling((mean, log_variance))
        divergence = -0.5 * ops.mean(1 + log_variance - ops.square(mean) - ops.exp(log_variance))
        self.add_loss(divergence)
        return self.decoder(code)


class InlineAutoencoder(keras.Model):
    """The same in one class, without layers for what has no weights."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(7)
        self.encoder = layers.Dense(4, name="encoder")
        self.decoder = layers.Dense(6, name="decoder")

    def call(self, inputs):
        """Encode, sample and decode."""
        mean, deviation = ops.split(self.encoder(inputs), 2, axis=-1)
        noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
        return self.decoder(mean + deviation * noise)


class Generator(keras.Model):
    """From noise to an image."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.project = layers.Dense(4 * 4 * 2, name="project")
        self.reshape = layers.Reshape((4, 4, 2), name="reshape")
        self.grow = layers.Conv2DTranspose(1, 3, 2, padding="same", name="grow")

    def call(self, noise):
        """Project and grow."""
        return ops.tanh(self.grow(self.reshape(self.project(noise))))


class Discriminator(keras.Model):
    """From an image to how true it looks."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(2, 3, name="conv")
        self.flatten = layers.Flatten(name="flatten")
        self.score = layers.Dense(1, name="score")

    def call(self, images):
        """Convolve and judge."""
        return self.score(self.flatten(ops.leaky_relu(self.conv(images), negative_slope=0.1)))


class Adversaries(keras.Model):
    """A GAN: judges generated images and true ones."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.generator = Generator(name="generator")
        self.discriminator = Discriminator(name="discriminator")

    def call(self, noise, images):
        """Judge both."""
        fake = self.generator(noise)
        return self.discriminator(fake), self.discriminator(images)


# Layers and models called several times, and chosen in `call`.


class Siamese(keras.Model):
    """How far two inputs are from each other, after the same encoder."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = keras.Sequential(
            [layers.Dense(8, activation="relu", name="hidden"), layers.Dense(4, name="code")],
            name="encoder",
        )
        self.score = layers.Dense(1, activation="sigmoid", name="score")

    def call(self, left, right):
        """Encode both and compare."""
        distance = ops.abs(self.encoder(left) - self.encoder(right))
        return self.score(distance)


class MixtureOfExperts(keras.Model):
    """Experts in a list, weighed by a gate."""

    def __init__(self, experts=3, **kwargs):
        super().__init__(**kwargs)
        self.gate = layers.Dense(experts, activation="softmax", name="gate")
        self.experts = [layers.Dense(4, name=f"expert_{at}") for at in range(experts)]

    def call(self, x):
        """The sum of the experts' opinions."""
        weights = ops.expand_dims(self.gate(x), axis=-1)
        opinions = ops.stack([expert(x) for expert in self.experts], axis=1)
        return ops.sum(weights * opinions, axis=1)


class SlicedExperts(keras.Model):
    """The same with Python's `sum` and a slice for each expert."""

    def __init__(self, experts=2, **kwargs):
        super().__init__(**kwargs)
        self.gate = layers.Dense(experts, name="gate")
        self.experts = [layers.Dense(4, name=f"expert_{at}") for at in range(experts)]

    def call(self, x):
        """The sum of the experts' opinions."""
        weights = ops.softmax(self.gate(x))
        return sum(weights[:, at : at + 1] * one(x) for at, one in enumerate(self.experts))


class ByKey(keras.Model):
    """A branch for each kind of input, in a dict."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.branches = {
            "text": layers.Dense(4, name="text_branch"),
            "audio": layers.Dense(4, name="audio_branch"),
            "video": layers.Dense(4, name="video_branch"),
        }
        self.merge = layers.Average(name="merge")

    def call(self, inputs):
        """Each input through its branch; a branch without input isn't called."""
        return self.merge([branch(inputs[k]) for k, branch in self.branches.items() if k in inputs])


class Repeated(keras.Model):
    """One layer three times."""

    def __init__(self, steps=3, **kwargs):
        super().__init__(**kwargs)
        self.steps = steps
        self.step = layers.Dense(4, activation="tanh", name="step")

    def call(self, x):
        """Again and again."""
        for _ in range(self.steps):
            x = x + self.step(x)
        return x


class NoisyInTraining(keras.Model):
    """Dropout in training only, by an `if`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.dropout = layers.Dropout(0.5, name="dropout")
        self.head = layers.Dense(2, name="head")

    def call(self, x, training=False):
        """Drop out, or don't."""
        x = self.dense(x)
        if training:
            x = self.dropout(x, training=training)
        return self.head(x)


class Ignored(keras.Model):
    """A layer whose output is ignored, and an operation whose output is."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.probe = layers.Dense(3, name="probe")
        self.unused = layers.Dense(2, name="unused")

    def call(self, x):
        """Look aside."""
        y = self.dense(x)
        self.probe(y)
        _ = ops.mean(y * 2)
        return y


# Inputs and outputs of all forms.


class Captioner(keras.Model):
    """An image, and a text if there is one."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.see = layers.Dense(4, name="see")
        self.read = layers.Dense(4, name="read")

    def call(self, image, text=None):
        """Add the text, if there is one."""
        seen = self.see(image)
        return seen if text is None else self.read(text) + seen


class Ranker(keras.Model):
    """A dict of inputs and a dict of outputs."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.user = layers.Embedding(10, 4, name="user_vector")
        self.item = layers.Dense(4, name="item_vector")

    def call(self, inputs):
        """The score, and what it is made of."""
        user, item = self.user(inputs["user"]), self.item(inputs["item"])
        return {"score": ops.sum(user * item, axis=-1), "item": item, "user": user}


class NestedLists(keras.Model):
    """A list in a list."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, name="first")
        self.second = layers.Dense(4, name="second")

    def call(self, inputs):
        """The inner two are put together first."""
        head, (left, right) = inputs
        inner = ops.concatenate([right, left], axis=-1)
        return self.first(head) - self.second(inner)


class Outputs(keras.Model):
    """Three outputs, one of them an input."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.body = layers.Dense(4, name="body")
        self.head = layers.Dense(1, name="head")

    def call(self, x):
        """The body's output, the head's and the input."""
        y = self.body(x)
        return y, self.head(y), x


# Models and layers inside others.


def functional_encoder():
    """A Functional model, to be nested."""
    inputs = keras.Input(shape=(6,), name="encoder_in")
    hidden = layers.Dense(4, name="hidden")(inputs)
    return keras.Model(inputs, layers.LayerNormalization(name="norm")(hidden), name="encoder")


class Head(keras.Model):
    """A subclassed model, to be nested."""

    def __init__(self, units=2, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units, name="dense")

    def call(self, x):
        """Softmax of one layer."""
        return ops.softmax(self.dense(x))


class AllKinds(keras.Model):
    """A Functional, a Sequential and a subclassed model, one after another."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = functional_encoder()
        self.middle = keras.Sequential(name="middle")
        self.middle.add(layers.Dense(3, name="wide"))
        self.middle.add(layers.ReLU(name="act"))
        self.head = Head(name="head")

    def call(self, x):
        """One after another."""
        return self.head(self.middle(self.encoder(x)))


class FeedForward(layers.Layer):
    """Two dense layers, one after another."""

    def __init__(self, width, units, **kwargs):
        super().__init__(**kwargs)
        self.wide = layers.Dense(width, activation="relu", name="wide")
        self.narrow = layers.Dense(units, name="narrow")

    def build(self, input_shape):
        """Build the two."""
        self.wide.build(input_shape)
        self.narrow.build((*input_shape[:-1], self.wide.units))

    def call(self, x):
        """Widen and narrow."""
        return self.narrow(self.wide(x))


class Encoder(layers.Layer):
    """A composite layer with a composite layer, and norms around it."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.norm = layers.LayerNormalization(name="norm")
        self.feed = FeedForward(2 * units, units, name="feed")

    def call(self, x):
        """Add to the input."""
        return x + self.feed(self.norm(x))


class Tower(layers.Layer):
    """A composite layer of composite layers."""

    def __init__(self, units, floors=2, **kwargs):
        super().__init__(**kwargs)
        self.floors = [Encoder(units, name=f"floor_{at}") for at in range(floors)]

    def call(self, x):
        """Up."""
        for floor in self.floors:
            x = floor(x)
        return x


class Deep(keras.Model):
    """Composite layers three deep."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.tower = Tower(4, name="tower")

    def call(self, x):
        """Doubled, and up the tower."""
        return self.tower(x * 2)


def functional_with_classes():
    """A Functional model with a subclassed model and a composite layer, which is called twice."""
    inputs = keras.Input(shape=(4,), name="x")
    feed = FeedForward(8, 4, name="feed")
    hidden = feed(feed(inputs))
    return keras.Model(inputs, Head(3, name="head")(hidden), name="functional_with_classes")


class Residual(layers.Wrapper):
    """Adds the input of the wrapped layer to its output."""

    def call(self, x):
        """Add."""
        return x + self.layer(x)


class Wrapped(keras.Model):
    """A leaf and a composite layer, each wrapped, and the second in two wrappers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.simple = Residual(layers.Dense(4, name="dense"), name="around_dense")
        feed = FeedForward(8, 4, name="feed")
        self.twice = Residual(Residual(feed, name="inner"), name="outer")

    def call(self, x):
        """One after the other."""
        return self.twice(self.simple(x))


# Weights.


class OwnWeights(keras.Model):
    """Weights of the model's own, beside those of a layer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(3, name="dense")

    def build(self, input_shape):
        """Make the weights."""
        self.scale = self.add_weight(shape=(3,), initializer="ones", name="scale")
        self.shift = self.add_weight(shape=(3,), initializer="zeros", name="shift")
        self.step = self.add_weight(shape=(), trainable=False, name="step")
        self.dense.build(input_shape)

    def call(self, x):
        """Scale and shift; the weight is on the left of one operator, right of the other."""
        return self.scale * self.dense(x) + self.shift


class PositionedTokens(layers.Layer):
    """A layer with a weight and a layer of its own."""

    def __init__(self, vocabulary, units, **kwargs):
        super().__init__(**kwargs)
        self.tokens = layers.Embedding(vocabulary, units, name="tokens_table")

    def build(self, input_shape):
        """Make the table of positions."""
        units = self.tokens.output_dim
        self.positions = self.add_weight(shape=(input_shape[-1], units), name="positions")
        self.tokens.build(input_shape)

    def call(self, tokens):
        """Embed and add the positions."""
        return self.tokens(tokens) + self.positions


class TiedLanguageModel(keras.Model):
    """A language model whose output layer has the weights of its embedding."""

    def __init__(self, vocabulary=11, units=4, **kwargs):
        super().__init__(**kwargs)
        self.embed = PositionedTokens(vocabulary, units, name="embed")
        self.rnn = layers.GRU(units, return_sequences=True, name="rnn")

    def call(self, tokens):
        """The logits of the next token."""
        hidden = self.rnn(self.embed(tokens))
        return ops.matmul(hidden, ops.transpose(self.embed.tokens.embeddings))


class Temperature(keras.Model):
    """A number that is learned."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(3, name="dense")

    def build(self, input_shape):
        """Make the number, at random."""
        self.temperature = self.add_weight(shape=(), initializer="uniform", name="temperature")
        self.dense.build(input_shape)

    def call(self, x):
        """Softmax of what is divided by it."""
        return ops.softmax(self.dense(x) / self.temperature)


class ByHand(keras.Model):
    """No layers at all."""

    def build(self, input_shape):
        """Make the weights."""
        self.kernel = self.add_weight(shape=(input_shape[-1], 2), name="kernel")
        self.bias = self.add_weight(shape=(2,), name="bias")

    def call(self, x):
        """A dense layer, by hand."""
        return ops.relu(ops.matmul(x, self.kernel) + self.bias)


class Cached(layers.Layer):
    """Returns a cache, if there is one, as language models do."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units, name="dense")

    def call(self, x, cache=None):
        """What was made, and the cache."""
        y = self.dense(x)
        return (y, None) if cache is None else (y + cache, y)


class OptionalOutputs(keras.Model):
    """Layers of which one returns `None` beside its output."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = Cached(4, name="first")
        self.second = Cached(4, name="second")

    def call(self, x):
        """Without a cache, and with the other's output for one."""
        y, _ = self.first(x)
        z, _ = self.second(y, cache=y)
        return z


class MixedPrecision(keras.Model):
    """Half precision in the middle, set for each layer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(4, dtype="mixed_float16", name="first")
        self.second = layers.Dense(4, dtype="mixed_float16", name="second")
        self.head = layers.Dense(2, dtype="float32", name="head")

    def call(self, x):
        """Half, half and full precision."""
        return self.head(self.second(self.first(x)))


class Frozen(keras.Model):
    """A frozen backbone, and a head that is trained."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.backbone = FeedForward(8, 4, name="backbone")
        self.backbone.trainable = False
        self.head = layers.Dense(2, name="head")

    def call(self, x):
        """The backbone in inference mode, as Keras's guide has it."""
        return self.head(self.backbone(x, training=False))


#: What makes each subclassed model, the shape of its inputs, and their dtype.
SUBCLASSED = {
    "residual": (lambda: ResidualNet(name="residual_net"), (8, 8, 3), None),
    "unet": (lambda: UNet(name="unet"), (8, 8, 3), None),
    "squeeze_excite": (lambda: SqueezeExciteNet(name="squeeze_net"), (8, 8, 3), None),
    "vae": (lambda: VariationalAutoencoder(name="vae"), (6,), None),
    "inline_vae": (lambda: InlineAutoencoder(name="inline_vae"), (6,), None),
    "generator": (lambda: Generator(name="generator"), (5,), None),
    "discriminator": (lambda: Discriminator(name="discriminator"), (8, 8, 1), None),
    "gan": (lambda: Adversaries(name="gan"), [(5,), (8, 8, 1)], None),
    "siamese": (lambda: Siamese(name="siamese"), [(6,), (6,)], None),
    "siamese_by_name": (lambda: Siamese(name="siamese"), {"right": (6,), "left": (6,)}, None),
    "experts": (lambda: MixtureOfExperts(name="experts"), (5,), None),
    "sliced_experts": (lambda: SlicedExperts(name="sliced_experts"), (5,), None),
    "by_key": (lambda: ByKey(name="by_key"), {"text": (3,), "audio": (5,)}, None),
    "repeated": (lambda: Repeated(name="repeated"), (4,), None),
    "training": (lambda: NoisyInTraining(name="training"), (3,), None),
    "ignored": (lambda: Ignored(name="ignored"), (3,), None),
    "captioner": (lambda: Captioner(name="captioner"), {"image": (8,), "text": (5,)}, None),
    "captioner_of_image": (lambda: Captioner(name="captioner"), (8,), None),
    "ranker": (
        lambda: Ranker(name="ranker"),
        {"user": (), "item": (3,)},
        {"user": "int32", "item": "float32"},
    ),
    "nested_lists": (lambda: NestedLists(name="nested_lists"), [(3,), [(4,), (5,)]], None),
    "outputs": (lambda: Outputs(name="outputs"), (3,), None),
    "all_kinds": (lambda: AllKinds(name="all_kinds"), (6,), None),
    "deep": (lambda: Deep(name="deep"), (4,), None),
    "wrapped": (lambda: Wrapped(name="wrapped"), (4,), None),
    "own_weights": (lambda: OwnWeights(name="own_weights"), (5,), None),
    "tied": (lambda: TiedLanguageModel(name="tied"), (7,), "int32"),
    "temperature": (lambda: Temperature(name="temperature"), (4,), None),
    "by_hand": (lambda: ByHand(name="by_hand"), (4,), None),
    "optional_outputs": (lambda: OptionalOutputs(name="optional_outputs"), (4,), None),
    "mixed_precision": (lambda: MixedPrecision(name="mixed_precision"), (3,), None),
    "frozen": (lambda: Frozen(name="frozen"), (4,), None),
}
