"""Functional models of layers that Keras names by itself, at the import and later."""

import keras
from keras import layers

from zoo.activations import dense_block, leaky

#: After the two of the module that is imported.
shared = layers.LeakyReLU()


def shared_at_import():
    """A layer of this module, and one of the same class made in the function."""
    inputs = keras.Input((4,), name="x")
    hidden = shared(layers.Dense(3)(inputs))
    hidden = layers.LeakyReLU()(layers.Dense(3)(hidden))
    return keras.Model(inputs, shared(hidden), name="shared_at_import")


def of_three_modules():
    """Layers of three modules, one of which the function imports; and its own, before and after."""
    inputs = keras.Input((4,), name="x")
    hidden = layers.LeakyReLU()(inputs)

    from zoo.late import late

    hidden = late(hidden)
    hidden = layers.LeakyReLU()(hidden)
    hidden = dense_block(leaky(shared(hidden)), 2)
    return keras.Model(inputs, hidden, name="of_three_modules")


def weights_needed():
    """A model that is built twice: without its weights, which fails; and with them."""
    inputs = keras.Input((4,), name="x")
    dense = layers.Dense(3)
    hidden = shared(dense(inputs))
    dense.set_weights(dense.get_weights())

    from zoo.late import late

    return keras.Model(inputs, layers.LeakyReLU()(late(hidden)), name="weights_needed")


def built_at_import():
    """A model of the module."""
    inputs = keras.Input((4,), name="x")
    return keras.Model(inputs, layers.LeakyReLU()(inputs), name="built_at_import")


#: The fourth of the class.
whole = built_at_import()


def around_a_whole_model():
    """A model of the module, and layers beside it."""
    inputs = keras.Input((4,), name="x")
    return keras.Model(inputs, layers.LeakyReLU()(whole(inputs)), name="around_a_whole_model")
