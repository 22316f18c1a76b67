"""What several models of an author read, and some change."""

from functools import lru_cache

from keras import layers

UNITS = 4
MADE = []
COUNT = 0


class Scaled(layers.Layer):
    """A layer whose class has a number."""

    factor = 2

    def call(self, inputs):
        """Multiply."""
        return inputs * self.factor


def collected(name, into=[]):  # noqa: B006 - as people write it
    """How often it was called; the list is that of all calls."""
    into.append(name)
    MADE.append(name)
    return len(into)


def counted():
    """One more at each call."""
    global COUNT  # noqa: PLW0603 - as people write it
    COUNT += 1
    return COUNT


@lru_cache
def width():
    """The units as they were when it was first asked."""
    return UNITS
