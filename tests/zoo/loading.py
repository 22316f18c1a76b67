"""Models whose code loads weights that aren't there, or would download or train.

None of the files that are named here exists, but for what the code makes itself.
"""

import pickle

import keras
import numpy as np
from keras import layers, ops
from keras.utils import get_file

ORIGIN = "https://weights.invalid/"


def _classifier():
    return keras.Sequential(
        [
            keras.Input((4,), name="x"),
            layers.Dense(8, name="hidden"),
            layers.Dense(2, name="scores"),
        ],
        name="classifier",
    )


#: Loaded when the module is imported.
trained = _classifier()
trained.load_weights("checkpoints/trained.weights.h5")


def from_file():
    """Weights from a file beside the code."""
    model = _classifier()
    model.load_weights("best.weights.h5")
    return model


def by_name():
    """Weights that are downloaded, and loaded by the names of layers."""
    model = _classifier()
    path = get_file("legacy_weights.h5", ORIGIN + "legacy_weights.h5", cache_subdir="models")
    model.load_weights(path, by_name=True, skip_mismatch=True)
    return model


def from_archive():
    """Weights in an archive, loaded by the function of `keras.saving`."""
    model = _classifier()
    folder = keras.utils.get_file(origin=ORIGIN + "weights.tar.gz", untar=True, md5_hash="0" * 32)
    keras.saving.load_weights(model, f"{folder}/epoch_10.weights.h5")
    return model


def from_arrays():
    """Weights from pickled arrays, for a layer at a time."""
    values = pickle.loads(pickle.dumps([np.ones((4, 8)), np.zeros(8)]))
    model = _classifier()
    model.get_layer("hidden").set_weights(values)
    model.layers[-1].set_weights([np.zeros((8, 2)), np.zeros(2)])
    return model


def embedded():
    """A table of word vectors, given to the layer that is built for them."""
    words = keras.Input((None,), dtype="int32", name="words")
    table = layers.Embedding(10, 4, trainable=False, name="vectors")
    table.build((None, None))
    table.set_weights([np.eye(10, 4)])
    mean = layers.GlobalAveragePooling1D(name="mean")(table(words))
    return keras.Model(words, layers.Dense(1, name="score")(mean), name="sentiment")


def transfer():
    """A frozen base with the weights of ImageNet, and a new head."""
    base = keras.applications.MobileNetV2(
        include_top=False, input_shape=(96, 96, 3), pooling="avg", name="base"
    )
    base.trainable = False
    return keras.Sequential(
        [
            keras.Input((96, 96, 3), name="photo"),
            base,
            layers.Dropout(0.2, name="drop"),
            layers.Dense(5, name="head"),
        ]
    )


def fine_tuned():
    """An application with weights of one's own, trained a little, evaluated and saved."""
    model = keras.applications.MobileNetV3Small(
        weights="flowers/small.weights.h5", input_shape=(64, 64, 3), classes=5, name="flowers"
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    history = model.fit(np.zeros((2, 64, 64, 3)), np.zeros(2), epochs=3)
    best = history.history.get("val_loss", [0.0])
    model.train_on_batch(np.zeros((2, 64, 64, 3)), np.zeros(2))
    model.save(f"flowers-{min(best)}.keras")
    return model


class Captioner(keras.Model):
    """Loads its encoder's weights when it is made, and its own when it is built."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        pixels = keras.Input((3,), name="pixels")
        self.encoder = keras.Sequential([pixels, layers.Dense(6, name="project")], name="encoder")
        self.encoder.load_weights("encoder.weights.h5")
        self.words = layers.Dense(9, name="words")

    def build(self, _):
        self.words.build((None, 6))
        self.load_weights("captioner.weights.h5")
        self.built = True

    def call(self, image):
        return ops.softmax(self.words(self.encoder(image)))


def restored():
    """Weights of a checkpoint of TensorFlow."""
    import tensorflow as tf

    model = _classifier()
    checkpoint = tf.train.Checkpoint(model=model, step=tf.Variable(0))
    checkpoint.restore("training/ckpt-7").expect_partial()
    checkpoint.restore(tf.train.latest_checkpoint("training"))
    return model


def distilled():
    """A small model that takes over layers of a larger one, weights and all."""
    teacher = _classifier()
    teacher.load_weights("teacher.weights.h5")
    student = _classifier()
    student.set_weights(teacher.get_weights())
    return student
