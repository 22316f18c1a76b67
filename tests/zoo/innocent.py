"""Models that change nothing, and tell all of the world in which they are built."""

import atexit
import decimal
import gc
import inspect
import json
import locale
import logging
import os
import re
import resource
import signal
import sys
import tempfile
import threading
import time
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from zoo import shared_world


def _umask():
    now = os.umask(0o22)
    os.umask(now)
    return now


#: What is looked at. As code, which means what it means when it runs.
LOOKS = {
    "variable": lambda: os.environ.get("MY_UNITS", "unset"),
    "backend": lambda: (os.environ.get("KERAS_BACKEND"), keras.backend.backend()),
    "variables": lambda: len(os.environ),
    "home": lambda: os.path.exists(os.path.expanduser("~")),
    "folder": lambda: os.path.basename(os.getcwd()),
    "path": lambda: len(sys.path),
    "finders": lambda: len(sys.meta_path),
    "hooks": lambda: len(sys.path_hooks),
    "umask": _umask,
    "locale": lambda: locale.setlocale(locale.LC_ALL),
    "zone": lambda: (time.tzname, time.localtime(0).tm_hour),
    "time": lambda: time.time() > 1e9,
    "recursion": sys.getrecursionlimit,
    "digits": sys.get_int_max_str_digits,
    "switching": sys.getswitchinterval,
    "collection": lambda: (gc.isenabled(), gc.get_threshold()),
    "threads": threading.active_count,
    "filters": lambda: len(warnings.filters),
    "logging": lambda: (logging.root.level, logging.root.manager.disable, logging.root.handlers),
    "signals": lambda: (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGUSR1)),
    "tracing": lambda: (sys.gettrace(), sys.getprofile()),
    "output": lambda: (type(sys.stdout), sys.stdout is sys.__stdout__),
    "at_exit": lambda: atexit._ncallbacks(),
    "precision": lambda: decimal.getcontext().prec,
    "printing": lambda: np.get_printoptions()["precision"],
    "errors": lambda: np.geterr()["divide"],
    "json": lambda: json.dumps({"a": 1}),
    "signature": lambda: inspect.signature(lambda a: a),
    "temporary": lambda: tempfile.tempdir,
    "length": lambda: len("abc"),
    "opened": lambda: open(os.devnull).read(),  # noqa: SIM115 - the built-in is what is looked at
    "imported": lambda: (__import__("colorsys").__name__, sys.modules["colorsys"].__name__),
    "files": lambda: resource.getrlimit(resource.RLIMIT_NOFILE)[0],
    "priority": lambda: os.getpriority(os.PRIO_PROCESS, 0),
    "floatx": keras.config.floatx,
    "dtype": lambda: keras.config.dtype_policy().name,
    "format": keras.config.image_data_format,
    "epsilon": keras.config.epsilon,
    "objects": lambda: len(keras.saving.get_custom_objects()),
    "filtering": keras.config.is_traceback_filtering_enabled,
    "eagerly": lambda: (tf.executing_eagerly(), tf.config.functions_run_eagerly()),
    "units": lambda: shared_world.UNITS,
    "width": shared_world.width,
    "factor": lambda: shared_world.Scaled.factor,
    "collected": lambda: (shared_world.collected("a"), len(shared_world.MADE)),
    "counted": shared_world.counted,
    "module": lambda: type(shared_world).__name__,
    "dense": lambda: (keras.layers.Dense.__name__, layers.Dense(3).units),
}


def looks(number=0):
    """A layer for each thing, named by how it looks. The number is for as many as are wanted."""
    model = keras.Sequential([keras.Input((4,))], name="world")
    for name, look in LOOKS.items():
        text = re.sub(r"[^\w.]+", "-", str(look()))
        model.add(layers.ReLU(name=f"{name}.{text}"[:60]))
    return model


class Squeezing(layers.Layer):
    """A layer that TensorFlow's own code is in."""

    def call(self, inputs):
        """Stack and take apart."""
        return tf.concat([inputs, inputs * 2], -1)


def everyday(number=0):
    """What people write: layers without names, shared ones, operations."""
    image = keras.Input((12, 12, 3))
    x = layers.Conv2D(8, 3, activation="relu")(image)
    x = layers.MaxPooling2D()(x)
    x = layers.Dropout(0.5)(layers.BatchNormalization()(x))
    x = layers.Dense(shared_world.UNITS)(layers.Flatten()(x))
    dense = layers.Dense(shared_world.width())
    x = layers.Add()([dense(x), dense(x)])
    x = Squeezing()(shared_world.Scaled()(keras.ops.tanh(x)))
    return keras.Model(image, layers.Dense(2)(x))
