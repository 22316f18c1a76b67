"""Where `keras.utils.get_file` would leave a file that it downloads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Keras looks at this variable once, when it is imported.
_FOLDER = os.environ.get("KERAS_HOME") or os.path.join("~", ".keras")

#: How files of weights end.
_WEIGHTS = (
    ".h5", ".hdf5", ".keras", ".weights.json", ".ckpt", ".index", ".pb", ".pt", ".pth",
    ".safetensors",
)  # fmt: skip


@dataclass(frozen=True)
class CachedFile:
    """A file, or the folder of an archive, in the cache of `keras.utils.get_file`."""

    path: str

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> CachedFile:
        """The one that these arguments of `keras.utils.get_file` ask for, by their names.

        An archive is one of several places, as releases of Keras differ: the first that is there.
        """
        folder = os.path.join(
            os.path.expanduser(os.fspath(given.get("cache_dir") or _FOLDER)),
            given.get("cache_subdir", "datasets"),
        )
        named = os.fspath(given.get("fname") or "")
        name = named or os.path.basename(urlsplit(given.get("origin") or "").path)
        places = [os.path.join(folder, name)]
        if given.get("extract") or given.get("untar"):
            stem = os.path.join(folder, name.partition(".")[0])
            unpacked = [f"{stem}_extracted"] if named and "." in named else []
            places = [*unpacked, *places, stem]
        return cls(next(filter(os.path.exists, places), places[0]))

    @property
    def name(self) -> str:
        """The name of the file, without its folders."""
        return os.path.basename(self.path)

    @property
    def is_there(self) -> bool:
        """Whether it needs no download."""
        return os.path.exists(self.path)


def is_weights(path: str) -> bool:
    """Whether a file of that name holds weights."""
    return path.lower().endswith(_WEIGHTS)
