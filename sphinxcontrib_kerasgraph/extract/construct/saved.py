"""A saved model's architecture: its configuration alone, without weights, and without its code."""

from __future__ import annotations

import importlib
import importlib.util
import json
import lzma
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import keras

from sphinxcontrib_kerasgraph.extract.errors import described, own_traceback
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.sources import is_own

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The largest configuration that is read, in bytes; that of a model of 10,000 layers has 10 MB.
LARGEST = 64 * 2**20

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
    if _is_of_keras2(config):
        raise _keras2_fault(path)
    custom = dict(_own_classes(config))
    try:
        with keras.saving.custom_object_scope(custom):
            model = keras.saving.deserialize_keras_object(config, safe_mode=True)
    except Exception as error:
        if "safe_mode" in str(error):
            message = f"{path} holds Python code, which isn't run when a file is read."
            raise Fault("build", message, _INSTEAD) from error
        if _saved_by(path, config).startswith("2."):  # of which some can be read
            raise _keras2_fault(path) from error
        message = f"The model in {path} can't be made: {described(error)}."
        advice = f"Its classes have to be Keras's or your own. {_INSTEAD}"
        raise Fault("build", message, advice, own_traceback(error)) from error
    if not isinstance(model, keras.Model):
        raise Fault("build", f"{path} holds no Keras model.", "Save a keras.Model.")
    return model


def _config(path: str) -> dict[str, Any]:
    try:
        config = json.loads(_text(path))
    except FileNotFoundError as error:
        raise Fault("import", f"There is no file {path}.", "Check the path.") from error
    except (ValueError, RecursionError, EOFError) as error:
        message = f"{path} holds no model configuration: {type(error).__name__}: {error}."
        raise Fault("build", message, "Save the model again.") from error
    except _UNREADABLE as error:
        message = f"{path} can't be read: {error}."
        raise Fault("build", message, "Save it with model.save('….keras').") from error
    if not isinstance(config, dict):
        raise Fault("build", f"{path} holds no model configuration.", "Save the model again.")
    for part in _dicts(config):
        part.pop("compile_config", None)  # names losses and metrics, which aren't drawn
    return config


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


def _keras2_fault(path: str) -> Fault:
    return Fault(
        "build",
        f"The model in {path} was saved by Keras 2, which has to read it.",
        "Write a function that returns tf_keras.models.load_model(…), or "
        "tf_keras.models.model_from_json(…), and name that in place of the file.",
    )


def _text(path: str, name: str = "config.json") -> bytes:
    """The configuration, read up to a bound, whatever the file says of its size.

    Or another file of the archive.
    """
    if path.endswith(".json"):
        with open(path, "rb") as file:
            text = file.read(LARGEST + 1)
    else:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            text = file.read(LARGEST + 1)
    if len(text) > LARGEST:
        message = f"The configuration in {path} is larger than {LARGEST // 2**20} MiB."
        raise Fault("build", message, _INSTEAD)
    return text


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

    Only these are imported: a file mustn't have any module run that happens to be installed.
    """
    for part in _dicts(config):
        module, name = part.get("module"), part.get("class_name")
        if not isinstance(module, str) or not isinstance(name, str) or _is_keras(module):
            continue
        if not _is_own(module):  # Keras 3.5 would import it
            message = f"A file may not name the class {name} of {module!r}, which isn't yours."
            raise Fault("build", message, _INSTEAD)
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
    return module == "builtins" or module.partition(".")[0] in {"keras", "keras_hub"}


def _is_own(module: str) -> bool:
    try:
        spec = importlib.util.find_spec(module.partition(".")[0])
    except (ImportError, ValueError):
        return False
    if spec is None:
        return False
    places = [spec.origin] if spec.has_location else [*(spec.submodule_search_locations or ())]
    return any(place is not None and is_own(place) for place in places)
