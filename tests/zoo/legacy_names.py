"""Models of Keras 2 that a module makes when it is imported, and those that it makes later."""

import tf_keras
from tf_keras import layers

whole = tf_keras.Sequential([layers.Input((3,)), layers.Dense(2)])


def later():
    x = tf_keras.Input((3,))
    return tf_keras.Model(x, layers.Dense(2)(x) * 2.0)
