"""Saved models that aren't what they should be. Needs no Keras."""

from __future__ import annotations

import io
import json
import random
import stat
import struct
import zipfile
from typing import Any


def layer(class_name: str = "Dense", module: str = "keras.layers", **config: Any) -> dict[str, Any]:
    """The configuration of a layer, as Keras writes it."""
    return {
        "module": module,
        "class_name": class_name,
        "config": {"name": "layer"} | config,
        "registered_name": None,
    }


def sequential(*layers: Any, name: str = "saved") -> dict[str, Any]:
    """The configuration of a model."""
    start = layer("InputLayer", batch_shape=[None, 3], dtype="float32") | {}
    start["config"]["name"] = "start"
    config = {"name": name, "trainable": True, "layers": [start, *layers]}
    return layer("Sequential", "keras") | {"config": config}


GOOD = sequential(layer(units=2))


def packed(config: Any, name: str = "config.json", how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive with the configuration."""
    content = config if isinstance(config, bytes) else json.dumps(config).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.0"}))
        archive.writestr(name, content)
    return made.getvalue()


def _twice() -> bytes:
    made = io.BytesIO(packed(GOOD))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("config.jsox", json.dumps(sequential(layer(units=9))))
    return made.getvalue().replace(b"config.jsox", b"config.json")


def _encrypted() -> bytes:
    content = bytearray(packed(GOOD))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = content.index(b"config.json", 0)
        at = content.rindex(mark, 0, at) if mark == b"PK\3\4" else content.rindex(mark)
        content[at + place] |= 1
    return bytes(content)


def _link() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo("config.json")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return made.getvalue()


def _large_table() -> bytes:
    """An archive whose end says that its table of contents has 20 MB."""
    size = 20_000_000
    return bytes(size) + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, size, 0, 0)


def _deep(levels: int) -> dict[str, Any]:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return sequential(layer(units=2, kernel_initializer=value))


_TORCH = layer("TorchModuleWrapper", module="gASV")
_ABORT = layer("function", "os") | {"config": "abort"}
_CODE = "holds Python code, which isn't run"
_NO_CONFIG = "holds no model configuration"
_CANT = "can't be made"

#: What a ``.keras`` file holds, and words of what is told of it.
ARCHIVES = {
    "nothing": (b"", "can't be read: File is not a zip file"),
    "text": (b"no archive", "can't be read: File is not a zip file"),
    "random bytes": (random.Random(5).randbytes(3000), "can't be read: File is not a zip file"),
    "half of an archive": (packed(GOOD)[:200], "can't be read: File is not a zip file"),
    "an archive with a byte that was changed": (
        packed(GOOD, how=zipfile.ZIP_STORED).replace(b'"units"', b'"unitz"'),
        "can't be read: Bad CRC-32",
    ),
    "no configuration": (packed(GOOD, "other.json"), "no item named 'config.json'"),
    "a configuration whose path climbs": (packed(GOOD, "../../config.json"), "no item named"),
    "a configuration with an absolute path": (packed(GOOD, "/config.json"), "no item named"),
    "two configurations": (_twice(), "it has two files config.json"),
    "a link in place of its configuration": (_link(), _NO_CONFIG),
    "an encrypted configuration": (_encrypted(), "encrypted"),
    "a configuration packed as Keras doesn't": (
        packed(GOOD, how=zipfile.ZIP_BZIP2),
        "packed in a way that Keras doesn't pack",
    ),
    "an archive whose table has 20 MB": (_large_table(), "table of contents is too large"),
    "a bomb: 64 MB of spaces": (packed(b" " * 64_000_000), "is larger than 16 MiB"),
    "a bomb: five million lists": (
        packed(b"[" + b"[]," * 5_000_000 + b"[]]"),
        _NO_CONFIG,
    ),
    "a list": (packed([GOOD]), _NO_CONFIG),
    "null": (packed(None), _NO_CONFIG),
    "an empty object": (packed({}), "holds no Keras model"),
    "no JSON": (packed(b"{"), _NO_CONFIG),
    "a configuration in UTF-32 that is cut": (packed(b"\0\0\xfe\xff\0"), _NO_CONFIG),
    "100,000 brackets": (packed(b"[" * 100_000), _NO_CONFIG),
    "layers that are null": (packed(sequential() | {"config": {"layers": None}}), _CANT),
    "a layer that is a number": (packed(sequential(3)), _CANT),
    "a class that is a number": (packed(sequential(layer(3))), _CANT),
    "a module that is a list": (packed(sequential(layer(module=["os"]))), _CANT),
    "a class that isn't there": (packed(sequential(layer("NoSuch"))), _CANT),
    "units that are a text": (packed(sequential(layer(units="many"))), _CANT),
    "negative units": (packed(sequential(layer(units=-3))), _CANT),
    "units that are NaN": (packed(sequential(layer(units=float("nan")))), _CANT),
    "a configuration that is 300 deep": (packed(_deep(300)), _CANT),
    "os.system": (packed(sequential(layer("system", "os"))), "which isn't yours"),
    "a function of os": (
        packed(sequential(layer(units=2, activation=_ABORT))),
        "which isn't yours",
    ),
    "a class of a library": (packed(sequential(layer("Popen", "subprocess"))), "which isn't yours"),
    "a module of the project that has no such class": (
        packed(sequential(layer("Evil", "mod_evil"))),
        "The module 'mod_evil' has no class Evil",
    ),
    "a module that isn't there": (packed(sequential(layer("A", "nosuch.a"))), "which isn't yours"),
    "a function of Keras that loads files": (
        packed(sequential(layer("get_file", "keras.utils"))),
        "of which no model is made",
    ),
    "a Lambda layer": (
        packed(sequential(layer("Lambda", function={"class_name": "__lambda__", "config": {}}))),
        _CODE,
    ),
    "a Lambda layer of Python's bytes": (
        packed(sequential(layer("Lambda", function=["4wAAAA==", None, None]))),
        _CANT,
    ),
    "a pickled module of torch": (packed(sequential(_TORCH)), _CODE),
    "a layer of a SavedModel": (packed(sequential(layer("TFSMLayer", filepath="x"))), _CODE),
    "a layer": (packed(layer(units=2)), "holds no Keras model"),
    "a model of Keras 2": (
        packed(sequential(layer("Dense", "tf_keras.layers", units=2))),
        "was saved by Keras 2",
    ),
}

#: And what is drawn all the same.
DRAWN = {
    "no weights": packed(GOOD),
    "files that climb and are absolute beside its configuration": b"",
    "a lone surrogate in its names": packed(sequential(layer(units=2), name="a\udcffb")),
    "the name of another file as a vocabulary": packed(
        sequential(layer("IntegerLookup", vocabulary="/etc/passwd", max_tokens=9))
    ),
}
_more = io.BytesIO(packed(GOOD))
with zipfile.ZipFile(_more, "a") as _archive:
    _archive.writestr("../../climbs.txt", "x")
    _archive.writestr("/tmp/kerasgraph-absolute.txt", "x")
DRAWN["files that climb and are absolute beside its configuration"] = _more.getvalue()
