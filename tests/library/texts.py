"""Models of texts, with docstrings in the style of numpydoc."""

import keras


class Attention(keras.layers.Layer):
    """A layer, and no model.

    Parameters
    ----------
    units : int
        How wide it is.
    """

    def __init__(self, units=2):
        super().__init__()
        self.dense = keras.layers.Dense(units)

    def call(self, words):
        """The layer's outputs."""
        return self.dense(words)


class Tagger(keras.Model):
    """Tags words. Its shape is in ``conf.py``.

    Parameters
    ----------
    tags : int
        How many tags there are.

    See Also
    --------
    Attention : a layer
    """

    def __init__(self, tags=3):
        super().__init__(name="tagger")
        self.embedding = keras.layers.Embedding(10, 4, name="embedding")
        self.tags = keras.layers.Dense(tags, name="tags")

    def call(self, words):
        """The tags of words.

        Parameters
        ----------
        words : Tensor
            Their numbers.
        """
        return self.tags(self.embedding(words))


class Translator(keras.Model):
    """Translates; nobody says of what shape, so that it isn't drawn."""

    def call(self, words):
        """The words, as they are."""
        return keras.ops.tanh(words)


#: A model that is there when the module is imported.
DEFAULT: keras.Model = keras.Sequential(
    [keras.Input((2,)), keras.layers.Dense(1, name="score")], name="default"
)
