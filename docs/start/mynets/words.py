"""Models of words, whose shapes are in the ``conf.py`` of the documentation."""

import keras
from keras import layers


class Tagger(keras.Model):
    """Tags each word of a sentence."""

    def __init__(self, tags: int = 3) -> None:
        """``tags`` is how many there are."""
        super().__init__(name="tagger")
        self.embedding = layers.Embedding(10, 4, name="embedding")
        self.tags = layers.Dense(tags, name="tags")

    def call(self, words):
        """The tags of words, which are numbers."""
        return self.tags(self.embedding(words))
