"""What each model is made from: the author's files that its code imports or reads, and so on.

A module is imported once a process, whichever model asks first, and others only look it up. So
who imports whom is recorded for good, and the files of a model are what can be reached from it.
`worker.listening` tells what happens.
"""

from __future__ import annotations

import dis
import importlib.metadata
import os
import sys
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.sources import is_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import CodeType, FrameType, ModuleType
    from typing import Any

    from sphinxcontrib_kerasgraph.target import Target

#: Holds what is used while the model is built, by code that runs for each model anew.
_MODEL = ""

#: The kind of what was passed over.
_PASSED_OVER = "passed over"

#: A file that lies further away from the code that reads it is the machine's, not the author's.
_COMMON_FOLDERS = 2

#: With these a function may keep what it has loaded for its next call.
_KEEPING_STEPS = frozenset({"STORE_GLOBAL", "STORE_ATTR", "STORE_SUBSCR"})
#: Of these, those that a function which makes a model does for hardly anything else.
_KEEPING_SURELY = frozenset({"STORE_GLOBAL", "STORE_SUBSCR"})
_KEEPING_METHODS = {"setattr", "setdefault", "append", "update"}

_OUR_FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "")


class Dependencies:
    """The record of what this process's code has used, and for which models."""

    def __init__(self) -> None:
        #: By file of a module, or the model: kinds and names of what is used there, and what is
        #: passed over.
        self._uses: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._written: set[str] = set()
        self._target: Target | None = None
        self._settings: list[tuple[str, dict[str, Any]]] = []
        #: The code of functions that `functools` caches.
        self.cached: set[CodeType] = set()

    def begin(self, target: Target) -> None:
        """Begin with another model: forget what only the last one used."""
        self._uses.pop(_MODEL, None)
        self._target = target

    def made_from(self) -> dict[str, list[str]]:
        """What this model was made from, by kind, sorted.

        ``files``: paths of the author's own files and folders, those included that weren't there.
        ``modules``: names of top-level modules of the author's own, or of none. ``packages``: the
        installed distributions that the files import. ``variables``: of the environment.
        """
        self._add_target()
        found: dict[str, set[str]] = {
            kind: set() for kind in ("files", "modules", "packages", "variables")
        }
        for holder in self._reached():
            for kind, name in self._uses.get(holder, ()):
                if kind != _PASSED_OVER:
                    found[kind].add(name)
        found["files"] -= self._written  # results of the code, not what it is made from
        found["packages"] = set().union(*map(_distributions, found["packages"]))
        return {kind: sorted(names) for kind, names in found.items()}

    def settings(self) -> dict[str, Any]:
        """The settings of Keras that the modules of this model have changed, in their order."""
        self._add_target()
        reached = self._reached()
        merged: dict[str, Any] = {}
        for file, changed in self._settings:
            if file in reached:
                merged |= changed
        return merged

    def passed_over(self) -> list[str]:
        """What the code of this model has asked for and didn't get, sorted."""
        self._add_target()
        uses = set().union(*(self._uses.get(holder, ()) for holder in self._reached()))
        return sorted(name for kind, name in uses if kind == _PASSED_OVER)

    def add_passed_over(self, what: str, frame: FrameType | None) -> None:
        """Note that code asks for something, such as weights, and doesn't get it."""
        for holder in self._holders(frame, self._surely_keeps):
            self._uses[holder].add((_PASSED_OVER, what))

    def build_again(self) -> None:
        """Forget what was passed over for this model alone, which is built once more."""
        used = self._uses[_MODEL]
        used -= {one for one in used if one[0] == _PASSED_OVER}

    def add_settings(self, file: str, changed: dict[str, Any]) -> None:
        """Note that the import of a module changed settings of Keras."""
        self._settings.append((file, changed))

    def add_module(self, module: ModuleType, frame: FrameType | None) -> None:
        """Note that code imports a module, there already or not."""
        self._add_module(module, self._holders(frame))

    def add_missing(self, name: str, frame: FrameType | None) -> None:
        """Note that code has tried to import a module that isn't there."""
        parent, _, last = name.rpartition(".")
        for holder in self._holders(frame):
            if not parent:
                self._uses[holder].add(("modules", name))
                continue
            for folder in getattr(sys.modules.get(parent), "__dict__", {}).get("__path__", ()):
                self._uses[holder].add(("files", os.path.join(folder, f"{last}.py")))

    def add_read(self, path: str, frame: FrameType | None) -> None:
        """Note that code opens a file, or lists a folder, there or not."""
        file = os.path.abspath(path)
        reader = nearest_own(frame)
        is_module = file.endswith(".py") and own_path(file) is not None
        if is_module or (reader and _are_near(file, reader) and not _is_library(file)):
            for holder in self._holders(frame):
                self._uses[holder].add(("files", file))

    def add_written(self, path: str) -> None:
        """Note that code makes a file."""
        self._written.add(os.path.abspath(path))

    def add_variable(self, name: str, frame: FrameType | None) -> None:
        """Note that the author's code reads a variable of the environment."""
        for holder in self._holders(frame):
            self._uses[holder].add(("variables", name))

    def _add_module(self, module: ModuleType, holders: Iterable[str]) -> None:
        own = own_file(module)
        top = module.__name__.partition(".")[0]
        for holder in holders:
            if own:
                self._uses[holder] |= {("files", own), ("modules", top)}
            else:
                self._uses[holder].add(("packages", top))

    def _add_target(self) -> None:
        """Note what the target leads through: modules that may be attributes of others already."""
        if self._target is None:
            return
        if self._target.is_file:
            self._uses[_MODEL].add(("files", os.path.abspath(self._target.path)))
            return
        names = ".".join(filter(None, (self._target.module, self._target.path))).split(".")
        for at in range(len(names)):
            module = sys.modules.get(".".join(names[: at + 1]))
            if module is not None:
                self._add_module(module, {_MODEL})

    def _reached(self) -> set[str]:
        found, ahead = {_MODEL}, [_MODEL]
        while ahead:
            uses = self._uses.get(ahead.pop(), set())
            new = {name for kind, name in uses if kind == "files"} - found
            found |= new
            ahead += new
        return found

    def _holders(
        self, frame: FrameType | None, keeps: Callable[[FrameType], bool] | None = None
    ) -> set[str]:
        """For whom the code that runs imports or reads: files of modules, or the model.

        What the top level of a module uses is the module's. What a function uses is the model's,
        since it does so again for the next; unless the function may keep the result.
        """
        holders: set[str] = set()
        while frame is not None:
            own = own_path(frame.f_code.co_filename)
            if own is not None:
                if frame.f_code.co_name == "<module>":
                    return holders | {own}
                if (keeps or self._keeps)(frame):
                    holders.add(own)
            frame = frame.f_back
        return holders | {_MODEL}

    def _surely_keeps(self, frame: FrameType) -> bool:
        """Whether the function keeps what it makes for its next call, and not only may do so.

        A page that is built once too often is none the worse; one that tells of weights which its
        model never asked for is wrong. Many functions set attributes, as of layers to be frozen.
        """
        code = frame.f_code
        return (
            code in self.cached or code.co_name == "__getattr__" or _stores(code, _KEEPING_SURELY)
        )

    def _keeps(self, frame: FrameType) -> bool:
        code = frame.f_code
        if code in self.cached or code.co_name == "__getattr__" or _may_keep(code):
            return True
        # A library that calls it may keep what it returns; so may the code of another thread.
        caller = frame.f_back.f_code.co_filename if frame.f_back else ""
        return own_path(caller) is None and not caller.startswith(_OUR_FOLDER)


def own_path(file: str) -> str | None:
    """The absolute path of a file of the author's own, else ``None``."""
    return _own_path(os.path.abspath(file)) if not file.startswith("<") else None


def own_file(module: ModuleType) -> str | None:
    """The path of a module of the author's own, else ``None``."""
    file = getattr(module, "__dict__", {}).get("__file__")  # a module's `__getattr__` runs code
    return own_path(file) if isinstance(file, str) else None


def nearest_own(frame: FrameType | None) -> str | None:
    """The path of the innermost code of the author's own that runs."""
    while frame is not None:
        own = own_path(frame.f_code.co_filename)
        if own is not None:
            return own
        frame = frame.f_back
    return None


#: Paths that were looked at: the author's own, and others.
_own: set[str] = set()
_others: set[str] = set()


def _own_path(path: str) -> str | None:
    # A file that isn't there may come: only what is known to be a library's is remembered.
    if path in _own:
        return path
    if path in _others:
        return None
    if is_own(path):
        _own.add(path)
        return path
    if os.path.isfile(path):
        _others.add(path)
    return None


def _is_library(path: str) -> bool:
    return os.path.isfile(path) and own_path(path) is None


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


@cache
def _may_keep(code: CodeType) -> bool:
    if not _KEEPING_METHODS.isdisjoint(code.co_names):
        return True
    return _stores(code, _KEEPING_STEPS)


@cache
def _stores(code: CodeType, steps: frozenset[str]) -> bool:
    return any(step.opname in steps for step in dis.get_instructions(code))


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
