"""What can go wrong in an author's code."""

import os
import signal
import sys
import threading
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
    print("last words", flush=True)
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


class Failing(layers.Layer):
    """A layer that fails when it is called."""

    def call(self, inputs):
        """Fail."""
        raise ValueError("the real reason is here")


def layer_raises():
    """Fail in a layer, which Keras wraps in a message of its own."""
    inputs = keras.Input(shape=(3,))
    return keras.Model(inputs, Failing()(inputs))


def raises_at_length():
    """Fail with a message of a megabyte."""
    raise ValueError("very long " * 100_000 + "\nand more")


def forks_and_dies():
    """Leave a child behind that holds all that is open."""
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    os.write(1, f"{child}\n".encode())
    os._exit(3)


def strange_module():
    """Leave something in `sys.modules` that raises when it is looked at."""

    class Strange:
        def __getattr__(self, name):
            raise RuntimeError(name)

    sys.modules["strange_lazy"] = Strange()
    return keras.Sequential([keras.Input(shape=(3,)), layers.Dense(2)])


def raises_unprintable():
    """Fail with a message that few outputs can hold."""
    raise ValueError("file \udcff.txt \x00")


def writes_everywhere():
    """Write rubbish to whatever is open."""
    for number in range(3, 256):
        try:
            os.write(number, b"rubbish\n")
        except OSError:
            continue
    return keras.Sequential([keras.Input(shape=(3,)), layers.Dense(2)])


def writes_later():
    """Let a thread write rubbish to whatever is open, when the next model is built."""

    def write():
        time.sleep(1)
        for number in range(3, 256):
            try:
                os.write(number, b"rubbish\n")
            except OSError:
                continue

    threading.Thread(target=write, daemon=True).start()
    return keras.Sequential([keras.Input(shape=(3,)), layers.Dense(2)])


def closes_everything():
    """Close whatever is open."""
    os.closerange(3, 256)
    return keras.Sequential([keras.Input(shape=(3,)), layers.Dense(2)])


class Nested(layers.Layer):
    """A layer with a deep configuration."""

    def call(self, inputs):
        """Change nothing."""
        return inputs

    def get_config(self):
        """A list in a list, and so on."""
        config = []
        for _ in range(1500):
            config = [config]
        return super().get_config() | {"deep": config}


def nested_too_deep():
    """Have a configuration deeper than Python reads, but for the limit that is set here."""
    sys.setrecursionlimit(100_000)
    inputs = keras.Input(shape=(3,))
    return keras.Model(inputs, Nested()(inputs))


def leaves_a_stranger():
    """Die, and leave a process behind that holds all that is open, in a session of its own."""
    child = os.fork()
    if child == 0:
        os.setsid()
        time.sleep(30)
        os._exit(0)
    os.write(1, f"{child}\n".encode())
    os._exit(3)


def small():
    """A model in which nothing is wrong."""
    return keras.Sequential([keras.Input(shape=(3,)), layers.Dense(2)])


def prints_without_end():
    """Print megabytes without a line's end."""
    for _ in range(60):
        os.write(1, b"x" * 2**20)
    return small()


def changes_what_writes():
    """Put others in the place of what writes files."""
    os.write = os.open = os.replace = os.close = lambda *_: 1 / 0
    return small()


def kills_its_children():
    """Kill whatever belongs to this process's session, but itself."""
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    os.kill(child, signal.SIGKILL)
    return small()


def kills_its_parent():
    """Kill the process that has started this one, and leave another in a session of its own."""
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def crashes():
    """Crash as native code does."""
    os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(60)


def aborts():
    """Give up as native code does."""
    os.abort()


def is_killed():
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def eats_memory():
    """Take a gigabyte."""
    return [bytearray(2**20) for _ in range(1024)]
