"""What a model is made from: the author's files that its code imports or reads, and so on.

A process builds one model, so all that happens in it counts; also what has happened before it was
forked, where it was forked after its modules were imported. `worker.listening` tells what happens.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
from functools import cache
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.files import temporary_folder
from sphinxcontrib_kerasgraph.fingerprint import WHOLE_ENVIRONMENT
from sphinxcontrib_kerasgraph.sources import is_library, is_own, is_python, library_of

if TYPE_CHECKING:
    from types import FrameType, ModuleType

    from sphinxcontrib_kerasgraph.target import Target

#: A file that lies further away from the code that reads it may be the machine's.
_COMMON_FOLDERS = 2

_OUR_FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "")

#: The machine's, which isn't that of our processes: see `worker.builder.begin`.
_TEMPORARY = temporary_folder()

#: Variables that libraries ask for to find their place on a machine.
_OF_THE_MACHINE = frozenset(
    {"COLUMNS", "HOME", "HOMEDRIVE", "HOMEPATH", "LANG", "LANGUAGE", "LINES", "LOGNAME", "PATH"}
    | {"TEMP", "TERM", "TMP", "TMPDIR", "USER", "USERNAME", "USERPROFILE"}
)
#: Libraries of which release, backend and settings count for every model.
_OF_KERAS = frozenset(
    {"absl", "h5py", "jax", "jaxlib", "keras", "numpy", "tensorflow", "tf_keras", "torch"}
)


class Dependencies:
    """The record of what the code of one model has used."""

    def __init__(self) -> None:
        #: Kinds, as of `made_from`, and names.
        self._uses: set[tuple[str, str]] = set()
        #: Files that code has made, and not read before.
        self._made: set[str] = set()
        #: Distributions whose release, or another metadatum, code has asked for.
        self._asked_for: set[str] = set()
        self._target: Target | None = None
        self._file: str | None = None

    def begin(self, target: Target) -> None:
        """Note for which model all is that is noted, before and from now on."""
        self._target = target
        # The author's code may go to another folder.
        self._file = os.path.abspath(target.path) if target.is_file else None

    def made_from(self) -> dict[str, list[str]]:
        """What the model was made from, by kind, sorted.

        ``files``: paths of the author's own files and folders, those included that weren't there.
        ``modules``: names of top-level modules of the author's own, or of none. ``packages``: the
        installed distributions that the files import. ``variables``: of the environment.
        """
        self._add_target()
        found: dict[str, set[str]] = {
            kind: set() for kind in ("files", "modules", "packages", "variables")
        }
        for kind, name in self._uses:
            found[kind].add(name)
        # What is in a folder tells whether it is there.
        found["files"] -= {f"{file}{os.sep}" for file in found["files"]}
        found["packages"] = self._asked_for.union(*map(_distributions, found["packages"]))
        if WHOLE_ENVIRONMENT in found["variables"]:  # which has been read one by one, too
            found["variables"] = {WHOLE_ENVIRONMENT}
        return {kind: sorted(names) for kind, names in found.items()}

    def add_module(self, module: ModuleType) -> None:
        """Note that code imports a module, there already or not."""
        own = own_file(module)
        top = module.__name__.partition(".")[0]
        if own:
            self._uses |= {("files", own), ("modules", top)}
        else:
            self._uses.add(("packages", top))

    def add_distribution(self, name: str, frame: FrameType | None) -> None:
        """Note that the author's code asks for metadata of a distribution, installed or not."""
        if own_path(_asking(frame) or "<ours>"):
            self._asked_for.add(name)

    def add_missing(self, name: str) -> None:
        """Note that code has tried to import a module that isn't there."""
        parent, _, last = name.rpartition(".")
        if not parent:
            self._uses.add(("modules", name))
            return
        for folder in getattr(sys.modules.get(parent), "__dict__", {}).get("__path__", ()):
            self._uses.add(("files", os.path.join(folder, f"{last}.py")))

    def add_read(self, path: str, frame: FrameType | None) -> None:
        """Note that code opens a file, or lists a folder, there or not."""
        file = os.path.abspath(path)
        if file not in self._made and _is_read_from(file, frame):
            self._uses.add(("files", file))

    def add_looked_for(self, path: str, frame: FrameType | None) -> None:
        """Note that code asks whether a file or folder is there; of a folder, not what is in it."""
        if _asking(frame) is None:  # such as we, here
            return
        file = os.path.abspath(path)
        if file not in self._made and _is_read_from(file, frame):
            self._uses.add(("files", os.path.join(file, "") if os.path.isdir(file) else file))

    def add_made(self, path: str) -> None:
        """Note that code makes a file, whatever was there."""
        file = os.path.abspath(path)
        if ("files", file) not in self._uses:
            self._made.add(file)

    def add_variable(self, name: str, frame: FrameType | None) -> None:
        """Note that code reads a variable of the environment, or all: `WHOLE_ENVIRONMENT`."""
        asking = _asking(frame)
        if asking is not None and (own_path(asking) or not _is_usual(name, asking)):
            self._uses.add(("variables", name))

    def _add_target(self) -> None:
        """Note what the target leads through: modules that may be attributes of others already."""
        if self._file is not None:
            self._uses.add(("files", self._file))
        if self._target is None or self._target.is_file:
            return
        names = ".".join(filter(None, (self._target.module, self._target.path))).split(".")
        for at in range(len(names)):
            module = sys.modules.get(".".join(names[: at + 1]))
            if module is not None:
                self.add_module(module)


def own_path(file: str) -> str | None:
    """The absolute path of a file of the author's own, or of the archive with it, or ``None``."""
    return _own_path(os.path.abspath(file)) if not file.startswith("<") else None


def own_file(module: ModuleType) -> str | None:
    """The path of a module of the author's own, else ``None``."""
    file = getattr(module, "__dict__", {}).get("__file__")  # a module's `__getattr__` runs code
    return own_path(file) if isinstance(file, str) else None


#: Paths that were looked at, and what `own_path` says of them.
_known: dict[str, str | None] = {}


def _own_path(path: str) -> str | None:
    if path not in _known:
        place = path
        while not os.path.exists(place) and place != os.path.dirname(place):
            place = os.path.dirname(place)  # of an archive, perhaps
        own = place if is_own(place) else None
        if own is None and place != path:  # a file that isn't there may come
            return None
        _known[path] = own
    return _known[path]


def _asking(frame: FrameType | None) -> str | None:
    """The file of the code that asks Python's own for something; ``None`` where it is ours.

    It is empty where nobody asks: a thread that has begun in Python's own code.
    """
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith("<") and not is_python(file):
            return None if file.startswith(_OUR_FOLDER) else file
        frame = frame.f_back
    return ""


def _is_usual(name: str, file: str) -> bool:
    """Whether a library asks for a variable that decides nothing, or counts for every model."""
    return name in _OF_THE_MACHINE or library_of(file) in _OF_KERAS


def _is_read_from(file: str, frame: FrameType | None) -> bool:
    """Whether a file counts, or a folder, there or not, that some code reads."""
    if is_library(file):
        return False
    if file.endswith(".py") and own_path(file):  # however it is loaded
        return True
    asking = _asking(frame)
    if asking is None:
        return False
    reader = _nearest_own(frame) or asking
    return _are_near(file, reader) or not _is_of_the_machine(file)


def _nearest_own(frame: FrameType | None) -> str | None:
    """The path of the innermost code of the author's own that runs."""
    while frame is not None:
        own = own_path(frame.f_code.co_filename)
        if own is not None:
            return own
        frame = frame.f_back
    return None


def _are_near(file: str, reader: str) -> bool:
    """Whether they are in one project: below the folder of the code or where it is found."""
    places = [os.path.dirname(reader), *(os.path.abspath(entry) for entry in sys.path)]
    places = [place for place in places if reader.startswith(os.path.join(place, ""))]
    if any(file.startswith(os.path.join(place, "")) for place in places):
        return True
    try:
        common = os.path.commonpath([file, reader])
    except ValueError:  # on another drive
        return False
    return len(os.path.splitdrive(common)[1].strip(os.sep).split(os.sep)) >= _COMMON_FOLDERS


def _is_of_the_machine(file: str) -> bool:
    """Whether a file is the system's, or what programs keep for themselves."""
    home, *others = _places()
    if file.startswith(home):
        return file.removeprefix(home).startswith(".")
    return file.startswith(tuple(others))


@cache
def _places() -> list[str]:
    """The user's folder, and those of programs, each with a slash behind."""
    system = {
        "bin",
        "boot",
        "dev",
        "etc",
        "lib",
        "lib64",
        "proc",
        "run",
        "sbin",
        "sys",
        "usr",
        "var",
    }
    roots = [*(f"/{name}" for name in system), sys.prefix, sys.base_prefix]
    places = [os.path.expanduser("~"), _TEMPORARY, temporary_folder(), *roots]
    return [os.path.join(place, "") for place in places]


@cache
def _distributions(name: str) -> frozenset[str]:
    """The installed distributions that bring the top-level module ``name``."""
    if name in sys.stdlib_module_names:
        return frozenset()
    try:
        importlib.metadata.distribution(name)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return frozenset(_all_distributions().get(name, ()))
    return frozenset({name})


@cache
def _all_distributions() -> dict[str, list[str]]:
    return dict(importlib.metadata.packages_distributions())
