"""Models of images, with docstrings in Google's style. The package has them under its own name."""

from __future__ import annotations

import abc

import keras


class Backbone(keras.Model, abc.ABC):
    """What classifiers have in common.

    Attributes:
        units: How many features it gives.
    """

    units = 3

    @abc.abstractmethod
    def features(self, images):
        """The features of images.

        Args:
            images: A batch of images.
        """

    def call(self, images):
        """The classes of images."""
        return self.head(self.features(images))


class Classifier(Backbone):
    """Tells images apart.

    Args:
        classes: How many classes there are.

    Example:
        >>> Classifier(classes=2)
    """

    #: The library says itself what a picture is to be drawn of, and imports nothing for it.
    __kerasgraph__ = {"input_shape": (8, 8, 1)}

    def __init__(self, classes: int = 2, **options):
        super().__init__(**options)
        self.convolution = keras.layers.Conv2D(self.units, 3, name="convolution")
        self.pool = keras.layers.GlobalAveragePooling2D(name="pool")
        self.head = keras.layers.Dense(classes, name="head")

    def features(self, images):
        """The features of images.

        Args:
            images: A batch of images.
        """
        return self.pool(self.convolution(images))

    @classmethod
    def tiny(cls) -> Classifier:
        """A classifier of two classes.

        Returns:
            The model.
        """
        return cls(2, name="tiny")

    @staticmethod
    def parameters(classes: int) -> dict[str, int]:
        """What a classifier is made with: no model.

        Args:
            classes: How many classes there are.
        """
        return {"classes": classes}


class Wide(Classifier):
    """A classifier of more features, with what it inherits."""

    units = 5
