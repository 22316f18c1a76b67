"""Hears which files libraries read without Python: TensorFlow, and HDF5.

What is in C there is called by functions of modules, which are replaced. What no function tells,
such as the files that a running dataset finds for itself, isn't heard.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sphinxcontrib_kerasgraph.worker.dependencies import Dependencies

_FILE_IO = "tensorflow.python.lib.io._pywrap_file_io"
_OPS = "tensorflow.python.ops"

#: By module: functions that read, and at which place they are given names of files.
_READING: Mapping[str, Mapping[str, int]] = {
    _FILE_IO: {"BufferedInputStream": 0, "CopyFile": 0},
    "tensorflow.python.lib.io._pywrap_record_io": {"RandomRecordReader": 0, "RecordIterator": 0},
    "tensorflow.python.training.py_checkpoint_reader": {"NewCheckpointReader": 0},
    f"{_OPS}.gen_io_ops": {"read_file": 0, "restore_v2": 0},
    f"{_OPS}.gen_lookup_ops": {"initialize_table_from_text_file_v2": 1},
    # All datasets of files; the reading itself only knows tensors.
    "tensorflow.python.data.ops.readers": {"_create_or_validate_filenames_dataset": 0},
    f"{_OPS}.gen_experimental_dataset_ops": {"csv_dataset": 0, "csv_dataset_v2": 0},
    "h5py.h5f": {"open": 0},
}
#: Functions that list a folder, or the files of a pattern.
_LISTING: Mapping[str, Mapping[str, int]] = {
    _FILE_IO: {"GetChildren": 0, "GetMatchingFiles": 0},
    f"{_OPS}.gen_io_ops": {"matching_files": 0},
}
#: Functions that ask whether a file is there.
_LOOKING: Mapping[str, Mapping[str, int]] = {
    _FILE_IO: {"FileExists": 0, "IsDirectory": 0, "Stat": 0}
}

_PATTERN = re.compile(r"[*?\[{]")


class ForeignFiles:
    """Replaces these functions, each as soon as its module is imported."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies = dependencies
        self._waiting = [
            (module, name, place, note)
            for functions, note in (
                (_READING, self._note_read),
                (_LISTING, self._note_listed),
                (_LOOKING, dependencies.add_looked_for),
            )
            for module, names in functions.items()
            for name, place in names.items()
        ]
        self._modules = {module for module, *_ in self._waiting}

    def look(self) -> None:
        """Replace those that are there now."""
        for module in self._modules & sys.modules.keys():
            here = [one for one in self._waiting if one[0] == module]
            held = vars(sys.modules[module])
            if all(name in held for _, name, *_ in here):  # it isn't just being imported
                self._modules.remove(module)
                for _, name, place, note in here:
                    setattr(sys.modules[module], name, _heard(held[name], place, note))

    def _note_read(self, path: str, frame: Any) -> None:
        self._dependencies.add_read(path, frame)
        if not os.path.exists(path):  # a checkpoint is named by what its files begin with
            self._dependencies.add_read(f"{path}.index", frame)

    def _note_listed(self, path: str, frame: Any) -> None:
        if _PATTERN.search(path):
            path = os.path.dirname(_PATTERN.split(path)[0])
        self._dependencies.add_read(path, frame)


def _heard(
    function: Callable[..., Any], place: int, note: Callable[[str, Any], None]
) -> Callable[..., Any]:
    @wraps(function)
    def heard(*args: Any, **named: Any) -> Any:
        # The author's code mustn't fail by our listening.
        with suppress(Exception):
            given = args[place] if len(args) > place else list(named.values())[place - len(args)]
            for name in _names(given):
                # Neither an address nor what HDF5 calls a file that is none.
                if "://" not in name and not name.startswith("<"):
                    note(name, sys._getframe(1))
        return function(*args, **named)

    return heard


def _names(given: Any) -> Iterator[str]:
    """The names in what a function is given: text, bytes, an array or tensor of them, or a list."""
    if isinstance(given, str | bytes | os.PathLike):
        yield os.fsdecode(given)
    elif isinstance(given, list | tuple):
        for one in given:
            yield from _names(one)
    elif hasattr(given, "numpy"):
        yield from _names(given.numpy())
    else:
        yield from _names(given.tolist())
