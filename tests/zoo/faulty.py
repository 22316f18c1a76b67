"""What can go wrong in an author's code."""

import os
import sys
import time

import keras
from keras import layers

NUMBER = 3


def raises():
    """Fail in the author's own code."""
    raise RuntimeError("no such thing")


def returns_nothing():
    """Forget to return the model."""


def exits():
    """Leave Python."""
    sys.exit(3)


def dies():
    """Take the worker process down."""
    os._exit(9)


def hangs():
    """Never end."""
    time.sleep(1000)


def noisy():
    """Print to all streams, then close one."""
    print("noise " * 10_000)
    os.write(1, b"{raw noise}\n")
    os.write(2, b"more of it\n")
    sys.stdout.close()
    return keras.Sequential([keras.Input(shape=(3,)), layers.Dense(2)], name="noisy")
