"""A saved model's architecture: its configuration alone, without weights, and without its code."""

from __future__ import annotations

import importlib
import importlib.util
import json
import lzma
import os
import re
import zipfile
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph import files
from sphinxcontrib_kerasgraph.extract.errors import described, own_traceback
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.sources import is_own

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

#: The largest configuration that is read, in bytes; that of a model of 10,000 layers has 10 MB.
#: What Python makes of one may take thirty times as much memory.
LARGEST = 16 * 2**20
#: No more is read of an archive at a time: its table of contents has a hundred bytes for each file.
_MOST = 2**24

#: What Keras's own classes and functions are for, by the modules that they are told of, and that a
#: model is made of: not to load files, say.
_PARTS = {
    "activations", "constraints", "dtype_policies", "engine", "initializers", "layers", "legacy",
    "losses", "metrics", "models", "ops", "optimizers", "quantizers", "random", "regularizers",
}  # fmt: skip
#: Layers that run what a file holds, or lead to another file that does.
_RUNNING = {"FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"}
#: What a layer may have the name of a file in place of; what is in it isn't drawn.
_OF_FILES = {"vocabulary", "idf_weights"}

#: What an archive that is none, damaged, encrypted or packed in another way raises.
_UNREADABLE = (
    OSError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, KeyError, RuntimeError,
)  # fmt: skip

_INSTEAD = "Write a function that loads the model, and name that in place of the file."


def saved_model(path: str) -> keras.Model:
    """The model of a ``.keras`` file, or of a ``.json`` file that ``model.to_json()`` wrote.

    Weights aren't read; layers that were saved with Python code, such as a Lambda layer, are
    refused, as `keras.saving.load_model` does with ``safe_mode``. Classes of the author's own are
    imported from where they were saved from; not those of installed libraries. Raises `Fault`
    ``build``.
    """
    config = _config(path)
    name = os.path.basename(path)
    if _is_of_keras2(config):
        raise _keras2_fault(name)
    custom = dict(_own_classes(config))
    _leave_files_alone(config)
    try:
        with keras.saving.custom_object_scope(custom):
            model = keras.saving.deserialize_keras_object(config, safe_mode=True)
    except Exception as error:
        if "safe_mode" in str(error):
            raise _code_fault(name) from error
        if _saved_by(path, config).startswith("2."):  # of which some can be read
            raise _keras2_fault(name) from error
        message = f"The model in {name} can't be made: {described(error)}."
        advice = f"Its classes have to be Keras's or your own. {_INSTEAD}"
        raise Fault("build", message, advice, own_traceback(error)) from error
    if not isinstance(model, keras.Model):
        raise Fault("build", f"{name} holds no Keras model.", "Save a keras.Model.")
    return model


def _config(path: str) -> dict[str, Any]:
    name = os.path.basename(path)
    try:
        config = json.loads(_text(path))
    except FileNotFoundError as error:
        raise Fault("import", f"There is no file {name}.", "Check the path.") from error
    except (ValueError, RecursionError, EOFError, MemoryError) as error:
        message = f"{name} holds no model configuration: {type(error).__name__}: {error}."
        raise Fault("build", message, "Save the model again.") from error
    except _UNREADABLE as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        message = f"{name} can't be read: {reason}."
        raise Fault("build", message, "Save it with model.save('….keras').") from error
    if not isinstance(config, dict):
        raise Fault("build", f"{name} holds no model configuration.", "Save the model again.")
    for part in _dicts(config):
        part.pop("compile_config", None)  # names losses and metrics, which aren't drawn
        if part.get("class_name") in _RUNNING or part.get("class_name") == "__lambda__":
            raise _code_fault(name)
    return config


def _code_fault(name: str) -> Fault:
    message = f"{name} holds Python code, which isn't run when a file is read."
    return Fault("build", message, _INSTEAD)


def _leave_files_alone(config: dict[str, Any]) -> None:
    """Have no other file read that the configuration names."""
    for part in _dicts(config):
        for name in _OF_FILES & part.keys():
            if isinstance(part[name], str):
                part[name] = None


def _is_of_keras2(config: dict[str, Any]) -> bool:
    """Whether the configuration names a class of Keras 2 by a name that Keras 3 hasn't."""
    modules = (part.get("module") for part in _dicts(config))
    return any(isinstance(one, str) and one.partition(".")[0] == "tf_keras" for one in modules)


def _saved_by(path: str, config: dict[str, Any]) -> str:
    """The release of Keras that has written the file; empty if it doesn't say so."""
    try:
        stated = config if path.endswith(".json") else json.loads(_text(path, "metadata.json"))
        return str(stated.get("keras_version", ""))
    except (*_UNREADABLE, ValueError, AttributeError):
        return ""


def _keras2_fault(name: str) -> Fault:
    return Fault(
        "build",
        f"The model in {name} was saved by Keras 2, which has to read it.",
        "Write a function that returns tf_keras.models.load_model(…), or "
        "tf_keras.models.model_from_json(…), and name that in place of the file.",
    )


def _text(path: str, name: str = "config.json") -> bytes:
    """The configuration, read up to a bound, whatever the file says of its size.

    Or another file of the archive.
    """
    with files.opened(path) as file:
        text = file.read(LARGEST + 1) if path.endswith(".json") else _unpacked(file, name)
    if len(text) > LARGEST:
        message = f"The configuration in {os.path.basename(path)} is larger than "
        raise Fault("build", f"{message}{LARGEST // 2**20} MiB.", _INSTEAD)
    return text


def _unpacked(file: BinaryIO, name: str) -> bytes:
    """A file of an archive. Raises one of `_UNREADABLE`."""
    with zipfile.ZipFile(_Bounded(file)) as archive:
        found = [one for one in archive.infolist() if one.filename == name]
        if len(found) > 1:
            raise zipfile.BadZipFile(f"it has two files {name}")
        part = archive.getinfo(name)
        if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise zipfile.BadZipFile("it is packed in a way that Keras doesn't pack")
        with archive.open(part) as opened:
            return opened.read(LARGEST + 1)


class _Bounded:
    """A file of which no more is read at a time than a table of contents may have."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.close = file.seek, file.tell, file.close
        self.seekable = file.seekable

    def read(self, size: int = -1) -> bytes:
        """So many bytes. Raises `zipfile.BadZipFile`."""
        content = self._file.read(min(size, _MOST) if size >= 0 else _MOST)
        if len(content) == _MOST:
            raise zipfile.BadZipFile("its table of contents is too large")
        return content


def _dicts(config: Any) -> Iterator[dict[str, Any]]:
    stack = [config]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            yield value
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def _own_classes(config: dict[str, Any]) -> Iterator[tuple[str, type]]:
    """The classes that the configuration names and that lie in the author's own modules.

    Only these are imported, and only where their source has such a class or function: a file
    mustn't have any module run that happens to be there.
    """
    for part in _dicts(config):
        module, name = part.get("module"), part.get("class_name")
        if not isinstance(module, str) or not isinstance(name, str):
            continue
        if name == "function" and isinstance(part.get("config"), str):
            name = part["config"]
        if _is_keras(module):
            continue
        source = _own_source(module)
        if source is None:  # Keras 3.5 would import it
            message = f"A file may not name the class {name} of {module!r}, which isn't yours."
            raise Fault("build", message, _INSTEAD)
        if not re.search(rf"^\s*(class|def)\s+{re.escape(name)}\b", source, re.MULTILINE):
            message = f"The module {module!r} has no class {name}."
            raise Fault("build", message, "Save the model again, or name a function that makes it.")
        try:
            found = vars(importlib.import_module(module)).get(name)
        except BaseException as error:
            message = f"Importing {module!r}, which {name} was saved from, raised "
            raise Fault(
                "import", f"{message}{described(error)}.", "Mend it.", own_traceback(error)
            ) from error
        if isinstance(found, type) and issubclass(found, keras.Operation):
            yield part.get("registered_name") or name, found


def _is_keras(module: str) -> bool:
    """Whether it is of what Keras makes models of. Raises `Fault` if it is another one of Keras."""
    top, *rest = module.split(".")
    if module == "builtins" or top == "keras_hub":
        return True
    if top != "keras":
        return False
    part = rest[1] if rest[:1] in (["src"], ["api"]) and len(rest) > 1 else "".join(rest[:1])
    if part not in {"", *_PARTS}:
        message = f"A file may not name {module!r}, of which no model is made."
        raise Fault("build", message, _INSTEAD)
    return True


def _own_source(module: str) -> str | None:
    """The source of a module, if it is the author's own; nothing is imported, no package either."""
    top, *rest = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    places = spec.submodule_search_locations or ()
    if not rest:
        found = [spec.origin] if spec.origin else []
    else:
        inner = [os.path.join(place, *rest) for place in places]
        found = [f"{one}.py" for one in inner] + [os.path.join(one, "__init__.py") for one in inner]
    for path in found:
        if is_own(path):
            with suppress(OSError):
                return files.read(path).decode(errors="replace")
    return None
