"""A model that has changed over time, for what differs between two."""

from __future__ import annotations

import keras
from keras import layers


def classifier(filters=32, blocks=3, dropout=0.0, activation="relu"):
    """A small network of convolutions, by what was tried with it."""
    image = x = keras.Input((64, 64, 3), name="image")
    for at in range(1, blocks + 1):
        x = layers.Conv2D(filters * at, 3, padding="same", use_bias=False, name=f"conv{at}")(x)
        x = layers.BatchNormalization(name=f"norm{at}")(x)
        x = layers.Activation(activation, name=f"act{at}")(x)
        x = layers.MaxPooling2D(name=f"pool{at}")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    x = layers.Dense(64, activation=activation, name="features")(x)
    if dropout:
        x = layers.Dropout(dropout, name="dropout")(x)
    return keras.Model(image, layers.Dense(10, name="scores")(x), name="classifier")
