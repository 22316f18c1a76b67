"""Famous architectures that keras.applications lacks, as their papers have them."""

from __future__ import annotations

import keras
from keras import layers

from zoo.sequences import Transformer


def unet(size: int = 256) -> keras.Model:
    """The U-Net of Ronneberger, Fischer and Brox (2015), with padding."""

    def block(x, filters: int, name: str):
        for number in (1, 2):
            x = layers.Conv2D(
                filters, 3, padding="same", activation="relu", name=f"{name}_conv{number}"
            )(x)
        return x

    inputs = x = keras.Input((size, size, 1), name="image")
    skips = []
    for level, filters in enumerate((64, 128, 256, 512), 1):
        x = block(x, filters, f"down{level}")
        skips.append(x)
        x = layers.MaxPooling2D(name=f"down{level}_pool")(x)
    x = block(x, 1024, "bottom")
    for level, filters in zip((4, 3, 2, 1), (512, 256, 128, 64), strict=True):
        x = layers.Conv2DTranspose(filters, 2, strides=2, name=f"up{level}_grow")(x)
        x = layers.Concatenate(name=f"up{level}_concat")([skips.pop(), x])
        x = block(x, filters, f"up{level}")
    outputs = layers.Conv2D(2, 1, activation="softmax", name="segments")(x)
    return keras.Model(inputs, outputs, name="unet")


def transformer() -> keras.Model:
    """The base model of "Attention is all you need" (2017): six layers on each side."""
    return Transformer(vocabulary=37000, places=5000, width=512, heads=8, depth=6)
