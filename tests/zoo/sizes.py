"""Code that needs a size which isn't known: that of the batch, of an image, of the channels."""

import keras
from keras import layers, ops


class Windows(layers.Layer):
    """Takes four items of the batch for the windows of one image."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.mix = layers.Dense(3, name="mix")

    def call(self, x):
        """Mix channels in images, and make windows again."""
        batch, length, width = ops.shape(x)
        images = ops.reshape(x, (batch // 4, 4, length, width))
        return ops.reshape(self.mix(images), (batch, length, 3))


def windows():
    """A Functional model, whose batch isn't known; Keras makes it with TensorFlow only."""
    inputs = keras.Input((5, 6), name="x")
    x = layers.Dense(6, name="before")(inputs)
    return keras.Model(inputs, Windows(name="windows")(x), name="windows_model")


class WindowModel(keras.Model):
    """The same as a subclassed model."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.before = layers.Dense(6, name="before")
        self.windows = Windows(name="windows")

    def call(self, x):
        """One after the other."""
        return self.windows(self.before(x))


class WindowAttention(layers.Layer):
    """Attention in windows; of each image the first one is left out by a mask."""

    def __init__(self, windows, **kwargs):
        super().__init__(**kwargs)
        self.windows = windows
        self.qkv = layers.Dense(12, name="qkv")
        self.project = layers.Dense(4, name="project")

    def call(self, x):
        """The mask is for the windows of one image."""
        batch, length, _ = ops.shape(x)
        query, key, value = ops.split(self.qkv(x), 3, axis=-1)
        scores = ops.matmul(query, ops.transpose(key, (0, 2, 1)))
        scores = ops.reshape(scores, (batch // self.windows, self.windows, length, length))
        scores = ops.reshape(ops.softmax(scores), (batch, length, length))
        return self.project(ops.matmul(scores, value))


class ShiftedBlock(layers.Layer):
    """Parts an image into nine windows, attends in each, and puts them together."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.norm = layers.LayerNormalization(name="norm")
        self.attention = WindowAttention(9, name="attention")

    def call(self, x):
        """Windows are along the first axis, behind the items of the batch."""
        batch, height, width, channels = ops.shape(x)
        y = ops.reshape(self.norm(x), (batch, 3, height // 3, 3, width // 3, channels))
        y = ops.transpose(y, (0, 1, 3, 2, 4, 5))
        y = self.attention(ops.reshape(y, (-1, height * width // 9, channels)))
        y = ops.reshape(y, (-1, 3, 3, height // 3, width // 3, channels))
        y = ops.transpose(y, (0, 1, 3, 2, 4, 5))
        return x + ops.reshape(y, (batch, height, width, channels))


class ShiftedWindows(keras.Model):
    """Two such blocks, on an image of a known size and an unknown batch; and windows alone."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = ShiftedBlock(name="first")
        self.second = ShiftedBlock(name="second")
        self.flat = layers.Reshape((36, 4), name="flat")
        self.alone = WindowAttention(16, name="alone")

    def call(self, image):
        """Whose batch has to be a multiple of sixteen."""
        return self.alone(self.flat(self.second(self.first(image))))


class Spatial(layers.Layer):
    """A convolution on tokens: it is told the height and the width."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.DepthwiseConv2D(3, padding="same", name="conv")

    def call(self, tokens, height, width):
        """To an image and back."""
        batch, length, channels = ops.shape(tokens)
        image = ops.reshape(tokens, (batch, height, width, channels))
        return tokens + ops.reshape(self.conv(image), (batch, length, channels))


class Pyramid(keras.Model):
    """Hands on the size of an image that isn't known."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.patch = layers.Conv2D(4, 2, strides=2, name="patch")
        self.spatial = Spatial(name="spatial")
        self.norm = layers.LayerNormalization(name="norm")

    def call(self, image):
        """Patches, as tokens."""
        x = self.patch(image)
        _, height, width, channels = ops.shape(x)
        tokens = ops.reshape(x, (-1, height * width, channels))
        return self.norm(self.spatial(tokens, height=height, width=width))


class RawSpatial(layers.Layer):
    """The same in raw TensorFlow, where sizes are tensors."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.DepthwiseConv2D(3, padding="same", name="conv")
        self.norm = layers.BatchNormalization(name="norm")

    def call(self, tokens, height, width, channels):
        """To an image and back; its channels are a tensor, too."""
        import tensorflow as tf

        image = tf.reshape(tokens, (-1, height, width, channels))
        return tf.reshape(self.norm(self.conv(image)), tf.shape(tokens))


class RawPatches(layers.Layer):
    """Patches of an image, as tokens, with its size as tensors."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(4, 2, strides=2, name="conv")

    def call(self, image):
        """Tokens, height, width, channels."""
        import tensorflow as tf

        x = self.conv(image)
        size = tf.shape(x)
        tokens = tf.reshape(x, (-1, size[1] * size[2], size[3]))
        return tokens, size[1], size[2], size[3]


class RawPyramid(keras.Model):
    """Hands on sizes as tensors, through a block of layers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.patches = RawPatches(name="patches")
        self.stage = RawStage(name="stage")
        self.head = layers.Dense(2, name="head")

    def call(self, image):
        """Patches, as tokens."""
        tokens, height, width, channels = self.patches(image)
        return self.head(self.stage(tokens, height, width, channels))


class RawStage(layers.Layer):
    """Two blocks that are told the same sizes."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = RawSpatial(name="first")
        self.second = RawSpatial(name="second")

    def call(self, tokens, height, width, channels):
        """One after the other."""
        tokens = self.first(tokens, height, width, channels)
        return self.second(tokens, height, width, channels)


class Modulation(layers.Layer):
    """Parts the channels by sizes that are tensors."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.project = layers.Dense(12, name="project")
        self.context = Context(name="context")
        self.norm = layers.BatchNormalization(name="norm")

    def call(self, x):
        """What is modulated, and by what."""
        import tensorflow as tf

        channels = tf.shape(x)[-1]
        query, context = tf.split(self.project(x), [channels, 2 * channels], axis=-1)
        return query * self.norm(self.context(context))


class Context(layers.Layer):
    """Layers that have to know the number of channels."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.norm = layers.BatchNormalization(name="norm")
        self.project = layers.Dense(4, name="project")

    def call(self, x):
        """One after the other."""
        import tensorflow as tf

        return tf.nn.relu(self.project(self.norm(x)))


def modulation():
    """A Functional model of such a layer."""
    inputs = keras.Input((6, 6, 4), name="image")
    return keras.Model(inputs, Modulation(name="modulation")(inputs), name="modulation_model")


#: How often the code of the two layers below has run, by class.
runs = {}


class Steps(layers.Layer):
    """A loop of Python over a length."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.cell = layers.Dense(4, name="cell")

    def call(self, x):
        """Each step, from the one before."""
        runs["Steps"] = runs.get("Steps", 0) + 1
        state = x[:, 0]
        for step in range(x.shape[1]):
            state = self.cell(state + x[:, step])
        return state


class Looks(layers.Layer):
    """Looks at a value, which no symbolic tensor has."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, name="dense")
        self.other = layers.Dense(4, name="other")

    def call(self, x):
        """One of two layers."""
        runs["Looks"] = runs.get("Looks", 0) + 1
        return self.dense(x) if float(ops.max(x)) > 0 else self.other(x)

    def compute_output_shape(self, input_shape):
        """For Keras, which couldn't tell."""
        return (*input_shape[:-1], 4)


class Around(layers.Layer):
    """A block around a block, and a layer."""

    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.before = layers.Dense(4, name="before")
        self.inner = inner

    def call(self, x):
        """One after the other."""
        return self.inner(self.before(x))


def deep(inner, depth):
    """A block in so many others."""
    for number in range(depth):
        inner = Around(inner, name=f"around_{number}")
    return inner


class Deep(keras.Model):
    """A subclassed model of such a block, and a layer."""

    def __init__(self, kind=Steps, depth=3, **kwargs):
        super().__init__(**kwargs)
        self.blocks = deep(kind(name="inner"), depth)
        self.head = layers.Dense(2, name="head")

    def call(self, x):
        """One after the other."""
        return self.head(self.blocks(x))


def functional_loop():
    """A Functional model that begins with a length that isn't known."""
    inputs = keras.Input((None, 4), name="series")
    # Keras alone can't run the loop, but for a length that it is told.
    return keras.Model(inputs, Told(name="loop")(inputs), name="functional_loop")


class Told(Steps):
    """As `Steps`; Keras, which couldn't tell, is told the shape, and the layer is built."""

    def build(self, input_shape):
        """Build the layer inside."""
        self.cell.build((input_shape[0], 4))

    def compute_output_shape(self, input_shape):
        """The last state."""
        return (input_shape[0], 4)


SUBCLASSED = {
    "windows": (WindowModel, (5, 6), None),
    "shifted_windows": (ShiftedWindows, (6, 6, 4), None),
    "pyramid": (Pyramid, (None, None, 3), None),
}
if keras.config.backend() == "tensorflow":
    SUBCLASSED |= {
        "functional_windows": (windows, None, None),
        "raw_pyramid": (RawPyramid, (None, None, 3), None),
        "raw_pyramid_known": (RawPyramid, (8, 8, 3), None),
        "modulation": (modulation, (6, 6, 4), None),
    }
#: Of which one block is opaque.
LOOPS = {
    "steps": (Deep, (None, 4), None),
    "looks": (lambda: Deep(Looks), (None, 4), None),
    "functional_loop": (functional_loop, None, None),
}
