"""Ways to change the world in which models are built, each of which some author has gone.

Each makes its model first, so that it is the others that are in danger.
"""

import atexit
import builtins
import collections
import copyreg
import dataclasses
import decimal
import functools
import gc
import importlib
import inspect
import json
import locale
import logging
import math
import os
import random
import re
import resource
import signal
import sys
import tempfile
import threading
import time
import types
import warnings

import keras
import numpy as np
import tensorflow as tf

from zoo import shared_world


def _nonsense(*_, **__):
    raise RuntimeError("changed")


def _set(what, name, value):
    return lambda: setattr(what, name, value)


def _dense():
    init = keras.layers.Dense.__init__

    def doubled(self, units, *args, **kwargs):
        init(self, 2 * units, *args, **kwargs)

    keras.layers.Dense.__init__ = doubled


def _model():
    keras.Model.__new__ = lambda cls, *_, **__: _nonsense()


def _call():
    keras.layers.Layer.__call__ = lambda self, inputs, *_, **__: inputs


def _removed_folder():
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    os.rmdir(folder)


def _removed_modules():
    for name in [one for one in sys.modules if one.startswith(("numpy", "json", "colorsys"))]:
        del sys.modules[name]


def _locale():
    locale.setlocale(locale.LC_ALL, "C.UTF-8")


def _zone():
    os.environ["TZ"] = "Asia/Kathmandu"
    time.tzset()


def _seeds():
    random.seed(7)
    np.random.seed(7)  # noqa: NPY002 - as people write it
    keras.utils.set_random_seed(7)


def _threads():
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()


def _warnings():
    warnings.simplefilter("error")


def _logging():
    logging.disable(logging.CRITICAL)
    logging.root.setLevel(1)
    logging.root.handlers.append(logging.StreamHandler())


def _signals():
    for one in (signal.SIGTERM, signal.SIGUSR1):
        signal.signal(one, signal.SIG_IGN)


def _audit():
    def heard(event, arguments):
        if event == "import" and "colorsys" in arguments:
            _nonsense()

    sys.addaudithook(heard)


def _grow():
    for _ in range(3):
        shared_world.collected("b")


def _count():
    shared_world.counted()


def _cache():
    units, shared_world.UNITS = shared_world.UNITS, 9
    shared_world.width.cache_clear()
    shared_world.width()
    shared_world.UNITS = units


def _objects():
    keras.saving.get_custom_objects()["Dense"] = keras.layers.ReLU


def _module_class():
    class Strange(types.ModuleType):
        UNITS = property(lambda _: 11)

    del shared_world.UNITS
    shared_world.__class__ = Strange


def _ours():
    from sphinxcontrib_kerasgraph import graph

    graph.ModelGraph.to_json = _nonsense


def _entered(scope):
    return lambda: scope().__enter__()


def _patched(name):
    return lambda: setattr(builtins, name, _nonsense)


def _length():
    length = len
    builtins.len = lambda one: length(one) + 1


def _environment():
    os.environ.clear()


def _limits():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


#: Each way by what it does, as the table in the documentation says it.
WAYS = {
    "doubles the units of ``Dense.__init__``": _dense,
    "replaces ``Layer.__call__``": _call,
    "replaces ``Model.__new__``": _model,
    "puts another class in the place of ``layers.Dense``": _set(
        keras.layers, "Dense", keras.layers.ReLU
    ),
    "sets an environment variable": lambda: os.environ.update(MY_UNITS="17"),
    "sets an environment variable by ``os.putenv``": lambda: os.putenv("MY_UNITS", "18"),
    "sets ``KERAS_BACKEND``": lambda: os.environ.update(KERAS_BACKEND="jax"),
    "removes all environment variables": _environment,
    "assigns to a module that others read": _set(shared_world, "UNITS", 7),
    "removes what a module has": lambda: vars(shared_world).pop("UNITS"),
    "changes the class of a module": _module_class,
    "changes an attribute of a shared layer class": _set(shared_world.Scaled, "factor", 5),
    "lets a mutable default argument grow": _grow,
    "counts in a module": _count,
    "leaves a result in an ``lru_cache``": _cache,
    "replaces ``builtins.open``": _patched("open"),
    "replaces ``builtins.print``": _patched("print"),
    "replaces ``builtins.__import__``": _patched("__import__"),
    "replaces ``builtins.isinstance``": _patched("isinstance"),
    "replaces ``builtins.len``": _length,
    "removes modules from ``sys.modules``": _removed_modules,
    "replaces a module in ``sys.modules``": lambda: sys.modules.update(
        {"zoo.shared_world": types.ModuleType("zoo.shared_world")}
    ),
    "empties ``sys.path``": lambda: sys.path.clear(),
    "puts a folder in front of ``sys.path``": lambda: sys.path.insert(0, "/nowhere"),
    "empties ``sys.meta_path``": lambda: sys.meta_path.clear(),
    "empties ``sys.path_hooks``": lambda: sys.path_hooks.clear(),
    "spoils ``sys.path_importer_cache``": lambda: sys.path_importer_cache.update(
        dict.fromkeys(sys.path)
    ),
    "replaces ``importlib.import_module``": _set(importlib, "import_module", _nonsense),
    "calls ``tf.compat.v1.disable_v2_behavior``": lambda: tf.compat.v1.disable_v2_behavior(),
    "runs all functions of TensorFlow eagerly": lambda: tf.config.run_functions_eagerly(True),
    "leaves a graph of TensorFlow open": _entered(lambda: tf.Graph().as_default()),
    "sets the dtype policy": lambda: keras.config.set_dtype_policy("mixed_float16"),
    "sets ``floatx``": lambda: keras.config.set_floatx("float64"),
    "sets the image data format": lambda: keras.config.set_image_data_format("channels_first"),
    "sets ``epsilon``": lambda: keras.config.set_epsilon(0.5),
    "allows unsafe deserialization": lambda: keras.config.enable_unsafe_deserialization(),
    "stops filtering tracebacks": lambda: keras.config.disable_traceback_filtering(),
    "sets all seeds": _seeds,
    "calls ``keras.backend.clear_session``": lambda: keras.backend.clear_session(),
    "takes names of layers": lambda: [keras.layers.Dense(1) for _ in range(5)],
    "registers objects by others' names": _objects,
    "leaves a name scope open": _entered(lambda: keras.name_scope("left_open")),
    "leaves a dtype scope open": _entered(lambda: keras.StatelessScope()),
    "leaves a device scope open": _entered(lambda: keras.device("cpu:0")),
    "leaves custom objects in scope": _entered(
        lambda: keras.saving.CustomObjectScope({"relu": keras.layers.Dense})
    ),
    "changes the working directory": lambda: os.chdir("/"),
    "removes the working directory": _removed_folder,
    "sets the umask": lambda: os.umask(0o777),
    "sets the locale": _locale,
    "sets the time zone": _zone,
    "raises the recursion limit": lambda: sys.setrecursionlimit(123_456),
    "lowers the recursion limit": lambda: sys.setrecursionlimit(150),
    "limits the digits of integers": lambda: sys.set_int_max_str_digits(1000),
    "sets how often threads are switched": lambda: sys.setswitchinterval(0.5),
    "stops the collection of garbage": lambda: (gc.disable(), gc.set_threshold(1)),
    "leaves a thread": _threads,
    "makes warnings errors": _warnings,
    "sets levels of logging": _logging,
    "sets handlers of signals": _signals,
    "sets a trace function": lambda: sys.settrace(_nonsense),
    "sets a profile function": lambda: sys.setprofile(lambda *_: None),
    "adds an audit hook": _audit,
    "replaces ``sys.stdout``": lambda: setattr(sys, "stdout", object()),
    "leaves an at-exit handler": lambda: atexit.register(_nonsense),
    "sets the precision of decimals": lambda: setattr(decimal.getcontext(), "prec", 2),
    "sets how NumPy prints": lambda: np.set_printoptions(precision=1, threshold=1),
    "sets which errors NumPy raises": lambda: np.seterr(all="raise"),
    "replaces ``json.dumps``": _set(json, "dumps", lambda *_, **__: "{}"),
    "replaces ``os.getcwd``": _set(os, "getcwd", lambda: "/nowhere"),
    "replaces ``os.path.join``": _set(os.path, "join", _nonsense),
    "replaces ``time.time``": _set(time, "time", lambda: 0),
    "replaces ``inspect.signature``": _set(inspect, "signature", _nonsense),
    "replaces ``math.prod``": _set(math, "prod", lambda _: 5),
    "replaces ``re.compile``": _set(re, "compile", _nonsense),
    "replaces ``functools.wraps``": _set(functools, "wraps", _nonsense),
    "replaces ``dataclasses.replace``": _set(dataclasses, "replace", _nonsense),
    "replaces ``collections.deque``": _set(collections, "deque", _nonsense),
    "changes how objects are copied": lambda: copyreg.pickle(
        shared_world.Scaled, lambda _: _nonsense()
    ),
    "sets the folder of temporary files": _set(tempfile, "tempdir", "/nowhere"),
    "limits open files": _limits,
    "lowers its priority": lambda: os.nice(5),
    "changes this extension": _ours,
}


def small():
    """A model in which nothing is wrong."""
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])


def change(number):
    """A small model; afterwards the world is another."""
    model = small()
    [*WAYS.values()][number]()
    return model
