"""What a graph was made from, and what that was then: by it is known whether the graph holds."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import time
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph import files, schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The hash of a file that isn't there, and of one that was changed while it was read.
ABSENT = "absent"
_FOLDER = "folder"
_UNSETTLED = ""

#: Stands for all variables of the environment, but for those that every terminal has others of.
WHOLE_ENVIRONMENT = "*"
_OF_TERMINALS = frozenset({"_", "COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL", "TERM", "WINDOWID"})

#: What a release number tells enough of; their lists of files have thousands of lines.
_BY_RELEASE = frozenset({"jax", "keras", "numpy", "tensorflow", "tf_keras", "torch"})

_ROOT = Path(__file__).parent
_PACKAGE = _ROOT.name

#: Absolute imports of modules of this package, and the names that are imported from them.
_IMPORT = re.compile(rf"({_PACKAGE}[\w.]*)(?: import (\([^)]*\)|[^\n]*))?".encode())
_NAME = re.compile(rb"\w+")
_UNIMPORTED = b"\nif TYPE_CHECKING:\n"
_MARGIN = re.compile(rb"\n(?=\S)")


class Contents:
    """What files, libraries and variables are now, each looked at once."""

    def __init__(self, folder: str, environment: Mapping[str, str] | None = None) -> None:
        #: From where files are named.
        self.folder = folder
        self._environment = environment or {}
        #: When each file was looked at, in seconds as of `time.time`.
        self._looked: dict[str, float] = {}
        self.file = cache(self._file)
        self.package = cache(_package)
        self.module = cache(self._module)

    def _file(self, name: str) -> str:
        """The hash of a file named from the folder on; of a folder, that of the names in it.

        Of a name that ends in a slash, only whether there is a folder.
        """
        self._looked[name] = time.time()
        path = os.path.join(self.folder, name)
        try:
            if name.endswith("/"):
                return _FOLDER if os.path.isdir(path) else ABSENT
            if os.path.isdir(path):
                names = sorted(os.listdir(path))
                return _hash(repr([one for one in names if one[0] != "." and one != "__pycache__"]))
            with files.opened(path) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):  # that can't be the name of a file
            return ABSENT

    def file_of(self, path: str, since: float) -> str:
        """The hash of a file that was read ``since`` then; of none if it may be another by now."""
        name = self.name(path)
        content = self.file(name)
        changed = min(since, self._looked[name]) <= _modified(path) <= time.time()
        return _UNSETTLED if changed else content

    def _module(self, name: str) -> str:
        """Where Python finds a top-level module, which isn't imported."""
        try:
            spec = importlib.util.find_spec(name)
        except (ImportError, ValueError, AttributeError):
            spec = None
        if spec is None:
            return ABSENT
        places = [spec.origin] if spec.has_location else [*(spec.submodule_search_locations or ())]
        return os.pathsep.join(self.name(place) for place in places if place)

    def variable(self, name: str) -> str:
        """The hash of a variable of the worker's environment: it may be a secret."""
        if name == WHOLE_ENVIRONMENT:
            every = sorted(self._environment.items())
            return _hash(repr([pair for pair in every if pair[0] not in _OF_TERMINALS]))
        value = self._environment.get(name)
        return ABSENT if value is None else _hash(value)

    def name(self, path: str) -> str:
        """The path from the folder on, the same wherever a project is checked out."""
        slash = "/" if path.endswith(os.sep) else ""
        try:
            return Path(os.path.relpath(path, self.folder)).as_posix() + slash
        except ValueError:  # on another drive
            return path


@dataclass(frozen=True)
class Fingerprint:
    """Names of all that a graph was made from, each with what it held."""

    #: Files and folders, named from a folder on, and SHA-256.
    files: tuple[tuple[str, str], ...] = ()
    #: Distributions, and their version or the SHA-256 of pip's list of their files.
    packages: tuple[tuple[str, str], ...] = ()
    #: Top-level modules of the author's own, and where they are found.
    modules: tuple[tuple[str, str], ...] = ()
    #: Variables of the environment, and SHA-256.
    variables: tuple[tuple[str, str], ...] = ()

    @classmethod
    def taken(
        cls,
        made_from: Mapping[str, Sequence[str]],
        contents: Contents,
        since: float,
    ) -> Fingerprint:
        """The fingerprint of what was read ``since`` then, in seconds as of `time.time`.

        ``made_from`` has paths of ``files``, and names of ``packages``, ``modules`` and
        ``variables``. A file that was written after may not be what was read: it never counts as
        unchanged.
        """
        files = made_from.get("files", ())
        return cls(
            tuple((contents.name(path), contents.file_of(path, since)) for path in files),
            tuple((name, contents.package(name)) for name in made_from.get("packages", ())),
            tuple((name, contents.module(name)) for name in made_from.get("modules", ())),
            tuple((name, contents.variable(name)) for name in made_from.get("variables", ())),
        )

    def holds(self, contents: Contents) -> bool:
        """Whether all of it is still so."""
        looks = (
            (self.modules, contents.module),
            (self.variables, contents.variable),
            (self.files, contents.file),
            (self.packages, contents.package),
        )
        return all(look(name) == held for holding, look in looks for name, held in holding)

    def with_file(self, path: str, contents: Contents) -> Fingerprint:
        """This, and a file, which may be absent, as it is now."""
        name = contents.name(path)
        if name in dict(self.files):
            return self
        return replace(self, files=(*self.files, (name, contents.file(name))))

    def to_data(self) -> dict[str, Any]:
        """The fingerprint as JSON holds it."""
        return {one.name: dict(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def from_data(cls, data: Any) -> Fingerprint:
        """What `to_data` gave. Raises `ValueError` for anything else."""
        try:
            return _fingerprint(data)
        except ValueError as error:
            raise ValueError(f"not a Fingerprint: {error}") from error


def _held(data: Any) -> tuple[tuple[str, str], ...]:
    return tuple(schema.mapping(schema.text)(data).items())


_fingerprint = schema.record(
    Fingerprint, dict.fromkeys((one.name for one in fields(Fingerprint)), _held), is_whole=True
)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def _modified(path: str) -> float:
    """When a file was written, or moved there; of a folder or nothing, a time before all others."""
    try:
        stat = os.stat(path)
    except (OSError, ValueError):
        return -1
    return -1 if os.path.isdir(path) else max(stat.st_mtime, stat.st_ctime)


def _package(name: str) -> str:
    try:
        distribution = importlib.metadata.distribution(name)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return ABSENT
    version = distribution.version or ABSENT
    if name in _BY_RELEASE:
        return version
    try:
        files = distribution.read_text("RECORD")
    except ValueError:  # not in UTF-8
        return version
    return version if files is None else _hash(files)


def release(*names: str) -> str:
    """The version of the first of these distributions that is installed."""
    for name in names:
        try:
            return importlib.metadata.version(name) or ABSENT
        except importlib.metadata.PackageNotFoundError:
            continue
    return ABSENT


@cache
def code_digest(*modules: str, root: Path = _ROOT) -> str:
    """What these modules of this package hold, and all modules that they import, and so on.

    What they made is valid as long. Modules are named as from the package on: ``pictures``.
    """
    sources = code_of(*modules, root=root)
    digest = hashlib.sha256()
    for name in sorted(sources):
        digest.update(f"{name} {len(sources[name])}\n".encode())
        digest.update(sources[name])
    return digest.hexdigest()


def code_of(*modules: str, root: Path = _ROOT) -> dict[str, bytes]:
    """The sources of these modules and of all that they import, by their paths in the package.

    They are searched for import statements, not parsed, which would take 70 ms at the start of a
    build; so what looks like an import in a text counts as one. Imports for type checkers alone
    don't. The package itself is left out: its `setup` names everything. Raises `ValueError` if
    there is no such module.
    """
    there = _modules(root)
    found: dict[str, bytes] = {}
    ahead = {f"{_PACKAGE}.{module}" for module in modules}
    if not ahead <= there.keys():
        raise ValueError(f"not modules: {ahead - there.keys()}")
    looked_at = {"", _PACKAGE}
    while ahead:
        name = ahead.pop()
        looked_at.add(name)
        # A package is imported before what is in it.
        ahead |= {name.rpartition(".")[0]} - looked_at
        path = there.get(name)
        if path is None:  # a name in a module
            continue
        with open(os.path.join(root, path), "rb") as file:
            source = found[path] = file.read()
        new = set()
        for place, names in _IMPORT.findall(_imported(source)):
            new.add(place.decode())
            new |= {f"{place.decode()}.{one.decode()}" for one in _NAME.findall(names)}
        ahead |= new - looked_at
    return found


def _imported(source: bytes) -> bytes:
    """The source without what is imported for type checkers alone."""
    begin = source.find(_UNIMPORTED)
    end = _MARGIN.search(source, begin + len(_UNIMPORTED) - 1) if begin >= 0 else None
    return source if end is None else source[:begin] + source[end.start() :]


def _modules(root: Path) -> dict[str, str]:
    """The paths of the modules in the package, by their names."""
    found = {}
    ahead = [""]
    while ahead:
        folder = ahead.pop()
        with os.scandir(os.path.join(root, folder)) as entries:
            for entry in entries:
                path = f"{folder}{entry.name}"
                name = f"{_PACKAGE}.{path.removesuffix('.py').replace('/', '.')}"
                if entry.name.endswith(".py"):
                    found[name.removesuffix(".__init__")] = path
                elif entry.name != "__pycache__" and entry.is_dir():
                    ahead.append(f"{path}/")
    return found
