"""Models whose weights would fill the memory of this machine."""

import keras
from keras import layers


def wide_mlp():
    """Ten layers of 4 billion weights each: 160 GB."""
    return keras.Sequential(
        [keras.Input(shape=(65_536,)), *(layers.Dense(65_536) for _ in range(10))], name="wide_mlp"
    )
