"""Whatever a function can do to the process that builds its model: see `tests/ext/test_attacks.py`.

Those that hang, and those that are drawn, return or end in `small`.
"""

from __future__ import annotations

import asyncio
import atexit
import ctypes
import gc
import json
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
import warnings
from unittest import mock

import keras
import numpy as np
from keras import layers


def small(*more):
    """A model in which nothing is wrong, with other layers, if there are."""
    return keras.Sequential([keras.Input(shape=(3,)), layers.Dense(2), *more])


class Plain(layers.Layer):
    """A layer that changes nothing."""

    def call(self, inputs):
        """Change nothing."""
        return inputs


def configured(value):
    """A model of a layer that has it in its configuration."""

    class Configured(Plain):
        def get_config(self):
            return super().get_config() | {"value": value}

    return small(Configured())


def forever():
    """Never return."""
    while True:
        time.sleep(1000)


# Hang.


def sleeps():
    time.sleep(1000)


def loops():
    while True:
        pass


def loops_in_c():
    return sum(range(10**15))


def backtracks():
    return re.match(r"(a+)+$", "a" * 60 + "b")


def waits_for_itself():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def waits_for_nobody():
    read, _ = os.pipe()
    os.read(read, 1)


def catches_everything():
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except OSError:
            continue
    while True:
        try:
            time.sleep(1000)
        except BaseException:  # noqa: BLE001 - this is the attack
            continue


def awaits():
    asyncio.run(asyncio.sleep(1000))


def waits_for_a_child():
    if not os.fork():
        forever()
    os.wait()


def stops():
    os.kill(os.getpid(), signal.SIGSTOP)


def stops_its_group():
    os.killpg(0, signal.SIGSTOP)


def hangs_in_call():
    class Hanging(Plain):
        def call(self, inputs):
            forever()

    return small(Hanging())


def hangs_in_get_config():
    class Hanging(Plain):
        def get_config(self):
            forever()

    return small(Hanging())


def hangs_in_str():
    class Hanging:
        def __str__(self):  # noqa: PLE0307 - it never does
            forever()

        __repr__ = __str__

    return configured(Hanging())


def hangs_in_del():
    class Hanging:
        def __del__(self):
            forever()

    Hanging()


def hangs_at_the_end():
    class Hanging:
        def __del__(self):
            forever()

    keras.hanging = Hanging()
    return small()


# End.


def exits_with_number():
    sys.exit(3)


def exits_with_text():
    sys.exit("enough of it")


def exits_with_nothing():
    sys.exit()


def exits_as_in_a_shell():
    exit(4)  # noqa: PLR1722


class Leaving(SystemExit):
    """One of the author's own."""


def exits_in_its_own_way():
    raise Leaving("this way")


def interrupts():
    raise KeyboardInterrupt


def closes_a_generator():
    raise GeneratorExit


class Beyond(BaseException):
    """Caught by few."""


def raises_beyond():
    raise Beyond("out of reach")


def leaves(code=0):
    print("goodbye", flush=True)
    os._exit(code)


def quits_in_a_thread():
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    return small()


def dies_in_a_thread():
    threading.Thread(target=os._exit, args=(5,)).start()
    forever()


def aborts():
    os.abort()


def sends(name):
    """A signal to itself."""
    os.kill(os.getpid(), getattr(signal, name))
    time.sleep(0.1)
    return small()


def kills_its_parent():
    """And leaves a daemon, which nobody is above any more."""
    if not os.fork():
        os.setsid()
        forever()
    os.kill(os.getppid(), signal.SIGKILL)
    forever()


def stops_its_parent():
    os.kill(os.getppid(), signal.SIGTERM)
    forever()


def kills_its_group():
    os.killpg(0, signal.SIGKILL)


def reads_null():
    ctypes.string_at(0)


def writes_null():
    ctypes.memset(0, 1, 10)


def limits_its_time():
    resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
    loops()


# Memory, and recursion.


def eats_memory():
    return [bytearray(2**20) for _ in range(4096)]


def eats_memory_at_once():
    return np.ones(2**34)


def recurses():
    return recurses()


def recurses_for_ever():
    sys.setrecursionlimit(2**30)
    value = []
    for _ in range(10**6):
        value = [value]
    return small(value == [value])


class Deeper:
    """Its attributes have attributes."""

    def __getattr__(self, name):
        return getattr(self, name + "_")


def recurses_in_c():
    sys.setrecursionlimit(2**30)
    return Deeper().attribute


# Processes.


def forks_and_leaves():
    if os.fork():
        os._exit(0)
    return small()


def forks_and_both_return():
    os.fork()
    return small()


def forks_many():
    for _ in range(30):
        if not os.fork():
            forever()
    return small()


def forks_a_daemon():
    if not os.fork():
        os.setsid()
        if not os.fork():
            forever()
        os._exit(0)
    os.wait()
    return small()


def forks_deep():
    for _ in range(5):
        if os.fork():
            break
        os.setsid()
    else:
        forever()
    return small()


def leaves_a_stranger():
    if not os.fork():
        os.setsid()
        forever()
    os._exit(3)


def becomes_another():
    os.execv("/bin/sh", ["sh", "-c", "echo I am another; exit 7"])


def starts_a_shell():
    os.system("sleep 1000 &")
    return small()


def renames_itself():
    ctypes.CDLL(None).prctl(15, b") R 1 1", 0, 0, 0)
    if not os.fork():
        forever()
    return small()


def wants_no_parent():
    ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
    ctypes.CDLL(None).prctl(36, 0, 0, 0, 0)
    if not os.fork():
        os.setsid()
        forever()
    return small()


# Descriptors, and what is printed.


def _files():
    return range(256)


def closes_everything():
    os.closerange(0, 256)
    return small()


def writes_everywhere():
    for number in _files():
        try:
            os.write(number, b"{rubbish\n")
        except OSError:
            continue
    return small()


def reads_everything():
    for number in _files():
        try:
            os.set_blocking(number, False)
            os.read(number, 2**20)
        except OSError:
            continue
    return small()


def replaces_everything():
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in _files():
        os.dup2(nothing, number)
    return small()


def empties_everything():
    for number in _files():
        try:
            os.ftruncate(number, 0)
        except OSError:
            continue
    return small()


def opens_everything():
    try:
        while True:
            os.open(os.devnull, os.O_RDONLY)
    except OSError:
        return small()


def may_open_nothing():
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    return small()


def may_write_nothing():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    return small()


def prints_without_end():
    for _ in range(60):
        os.write(1, b"x" * 2**20)
    return small()


def prints_rubbish():
    os.write(1, b"\x00\x1b]0;title\x07\x1b[31m\xff\xfe red \xe2\x80\xae\n")
    os._exit(6)


def closes_the_streams():
    sys.stdout.close()
    sys.stderr.close()
    sys.stdin.close()
    return small()


def replaces_the_streams():
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None
    return small()


def streams_raise():
    class Raising:
        def __getattr__(self, name):
            raise RuntimeError(name)

    sys.stdout = sys.stderr = Raising()
    return small()


def answers_for_others():
    """Put something else where the answers for others are to be."""
    for folder in _answers():
        for number in range(200):
            for ending in ("part", "answer", "printed"):
                try:
                    with open(os.path.join(folder, f"{number}.{ending}"), "x") as file:
                        file.write("{}")
                except OSError:
                    continue
    return small()


def _answers():
    folder = tempfile.gettempdir()
    return [os.path.join(folder, one) for one in os.listdir(folder) if "kerasgraph" in one]


def asks_for_input():
    return input("Which model? ")


# What is left.


def leaves_threads():
    for daemon in (False, True):
        threading.Thread(target=forever, daemon=daemon).start()
    return small()


def leaves_a_busy_thread():
    threading.Thread(target=loops).start()
    return small()


def leaves_handlers():
    atexit.register(forever)
    atexit.register(raises_nonsense)
    atexit.register(print, "x" * 10**6)
    return small()


def leaves_an_alarm():
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    forever()


def ignores_signals():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    return small()


def audits():
    def heard(event, arguments):
        raise RuntimeError(event)

    sys.addaudithook(heard)
    return small()


def traces():
    def trace(*_):
        raise RuntimeError("traced")

    sys.settrace(trace)
    return small()


def profiles():
    def profile(*_):
        raise RuntimeError("profiled")

    sys.setprofile(profile)
    return small()


def collects():
    gc.set_threshold(1)
    gc.callbacks.append(lambda *_: 1 / 0)
    sys.unraisablehook = lambda *_: os._exit(8)
    gc.collect()


def excepts():
    sys.excepthook = threading.excepthook = lambda *_: os._exit(8)
    return small()


def empties_modules():
    sys.modules.clear()
    return small()


def empties_builtins():
    import builtins

    model = small()
    vars(builtins).clear()
    return model


def breaks_what_writes():
    os.write = os.open = os.replace = os.close = os._exit = os.getpid = lambda *_: 1 / 0
    json.dumps = json.loads = lambda *_: 1 / 0
    time.monotonic = time.time = lambda *_: 1 / 0
    return small()


def removes_its_folder():
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    os.rmdir(folder)
    return small()


def lets_nobody_read():
    os.umask(0o777)
    return small()


# What the model tells of itself.


def configured_too_deep():
    sys.setrecursionlimit(100_000)
    value = []
    for _ in range(1500):
        value = [value]
    return configured(value)


def configured_in_a_circle():
    value = []
    value.append(value)
    return configured(value)


def configured_hugely():
    return configured("x" * 10_000_000)


def configured_with_no_numbers():
    return configured([float("nan"), float("inf"), -float("inf"), 10**5000])


def configured_with_rubbish():
    return configured({None: b"\xff", 3: "\udcff\x00", (): {1, 2}, "f": small, 1.5: ...})


def configured_with_a_liar():
    class Liar:
        def __getattr__(self, name):
            return lambda *_, **__: self

    return configured(Liar())


def _telling(told):
    class Telling(Plain):
        def get_config(self):
            return told()

    return small(Telling())


def config_raises():
    return _telling(raises_nonsense)


def config_is_none():
    return _telling(lambda: None)


def config_is_a_list():
    return _telling(lambda: [1, 2])


class Name(str):
    """A text that says other things than it is."""

    __slots__ = ()

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 7

    def __str__(self):
        return "<b>other</b>"

    def __len__(self):
        return 10**9

    def __format__(self, spec):
        raise RuntimeError(spec)

    def __iter__(self):
        return iter(())


def named_by_a_liar():
    return keras.Sequential([keras.Input((3,)), layers.Dense(2, name=Name("dense"))])


def has_a_raising_property():
    class Raising(Plain):
        @property
        def lazy(self):
            raise RuntimeError("not now")

        trainable_weights = lazy

    return small(Raising())


class Odd(type):
    """A class of classes that can't be told."""

    def __repr__(cls):
        raise RuntimeError("no repr")

    __str__ = __repr__


def has_a_class_without_repr():
    class Strange(Plain, metaclass=Odd):
        pass

    return small(Strange())


def has_everything():
    class Everything(Plain):
        def __getattr__(self, name):
            return 42

    return small(Everything())


# What is raised.


def raises_nonsense():
    raise ValueError("nonsense")


class Silent(Exception):
    """Its text can't be had."""

    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __str__


def raises_without_words():
    raise Silent


def raises_at_length():
    raise ValueError("very long " * 1_000_000)


def raises_a_group():
    raise ExceptionGroup("several", [ValueError("one"), BaseExceptionGroup("x", [OSError("two")])])


def raises_none():
    raise None  # noqa: B016 - as people write it


def raises_in_a_circle():
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    raise one


def raises_many_causes():
    error = ValueError("first")
    for number in range(5000):
        later = ValueError(f"after {number}")
        later.__cause__ = error
        error = later
    raise error


def raises_rubbish():
    raise ValueError("file \udcff.txt \x00 \x1b[31mred\x1b[0m \u202e <script>alert(1)</script>")


def raises_a_strange_name():
    raise type("Bad\nName\x1b<b>", (Exception,), {})("strange")


def raises_a_syntax_error():
    raise SyntaxError("odd", ("nowhere.py", 10**9, -5, "\x00" * 100))


def raises_what_is_none():
    raise type("Two", (OSError, ValueError), {"args": property(lambda _: 1 / 0)})("two")


def raises_a_stop():
    raise StopIteration("stop")


def raises_memory():
    raise MemoryError


def warns():
    warnings.simplefilter("error")
    warnings.warn("this is old", DeprecationWarning, stacklevel=1)


# What is returned.


def returns_a_generator():
    yield small()


async def returns_a_coroutine():
    return small()


def returns_a_class():
    return keras.Sequential


def returns_a_mock():
    return mock.MagicMock(spec=keras.Model)


def returns_anything():
    return mock.MagicMock()


class Proxy:
    """Says that it is a model."""

    @property
    def __class__(self):
        return keras.Model


def returns_a_proxy():
    return Proxy()


def returns_one_of_another_class():
    model = small()
    model.__class__ = type("Other", (keras.Model,), {"layers": property(lambda _: 1 / 0)})
    return model


def returns_a_deleted():
    model = small()
    vars(model).clear()
    return model


def removes_the_answers():
    for folder in _answers():
        shutil.rmtree(folder)
    return small()


def layer_raises_without_words():
    class Raising(Plain):
        def call(self, inputs):
            raise Silent

    return small(Raising())
