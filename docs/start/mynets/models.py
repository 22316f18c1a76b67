"""The models of this library."""

import keras
from keras import layers


def build(classes: int = 10) -> keras.Model:
    """A small network for pictures, with one detour."""
    image = keras.Input((32, 32, 3), name="image")
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(image)
    y = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    x = layers.Add()([x, y])
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(classes, activation="softmax")(x))


class Net(keras.Model):
    """The same as a class. What its ``call`` takes has a shape that no code tells:

    .. keras-model::
       :input-shape: (32, 32, 3)
    """

    def __init__(self, classes: int = 10) -> None:
        """``classes`` is how many kinds of pictures there are."""
        super().__init__()
        self.first = layers.Conv2D(16, 3, padding="same", activation="relu")
        self.second = layers.Conv2D(16, 3, padding="same", activation="relu")
        self.pool = layers.GlobalAveragePooling2D()
        self.head = layers.Dense(classes, activation="softmax")

    def call(self, image):
        """The probability of each kind."""
        x = self.first(image)
        return self.head(self.pool(x + self.second(x)))
