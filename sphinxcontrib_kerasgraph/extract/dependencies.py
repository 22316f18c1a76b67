"""What each model is made from: the author's files that its code imports or reads, and libraries.

A module is imported once a process, whichever model asks first, and others only look it up. So
who imports whom is recorded for good, and the files of a model are what can be reached from it.
"""

from __future__ import annotations

import builtins
import dis
import importlib
import importlib.metadata
import importlib.util
import inspect
import os
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.extract.sources import is_own

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType, FrameType, ModuleType

    from sphinxcontrib_kerasgraph.target import Target

#: Holds what is imported while the model is built, by code that runs for each model anew.
_MODEL = ""

#: A file that lies further away from the code that reads it is the machine's, not the author's.
_COMMON_FOLDERS = 2


class Dependencies:
    """The record of this process's imports; there can be one, since it can't be taken off again.

    It listens to ``import`` statements, `importlib.import_module`, and, by an audit hook (PEP
    578), to files that are opened: modules loaded in other ways, and data such as configurations.
    What an installed library imports or reads for itself isn't the author's.
    """

    def __init__(self) -> None:
        self._files: dict[str, set[str]] = defaultdict(set)
        self._packages: dict[str, set[str]] = defaultdict(set)
        self._written: set[str] = set()
        self._installed = False
        self._target: Target | None = None

    def begin(self, target: Target) -> None:
        """Begin with another model: forget what only the last one used."""
        self._files.pop(_MODEL, None)
        self._packages.pop(_MODEL, None)
        self._target = target
        if not self._installed:
            self._installed = True
            self._listen()

    def files(self) -> list[str]:
        """The paths of the author's files that this model was made from, sorted."""
        self._add_target()
        return sorted(file for file in self._reached() if file and os.path.isfile(file))

    def packages(self) -> list[str]:
        """The distributions of the libraries that these files, or the target, import, sorted."""
        names = set().union(*(self._packages.get(holder, ()) for holder in self._reached()))
        return sorted(set().union(*map(_distributions, names)))

    def _add_target(self) -> None:
        """Note what the target leads through: modules that may be attributes of others already."""
        if self._target is None:
            return
        if self._target.is_file:
            self._files[_MODEL].add(str(Path(self._target.path).resolve()))
            return
        names = ".".join(filter(None, (self._target.module, self._target.path))).split(".")
        for at in range(len(names)):
            module = sys.modules.get(".".join(names[: at + 1]))
            if module is not None:
                self._add_module(module, {_MODEL})

    def _reached(self) -> set[str]:
        found, ahead = {_MODEL}, [_MODEL]
        while ahead:
            new = self._files.get(ahead.pop(), set()) - found
            found |= new
            ahead += new
        return found

    def _listen(self) -> None:
        import_statement, import_module = builtins.__import__, importlib.import_module

        def listening_import(
            name: str,
            globals: dict[str, Any] | None = None,  # noqa: A002 - the names are Python's
            locals: dict[str, Any] | None = None,  # noqa: A002
            fromlist: Iterable[str] | None = (),
            level: int = 0,
        ) -> ModuleType:
            module = import_statement(name, globals, locals, fromlist, level)  # type: ignore[arg-type]
            package = (globals or {}).get("__package__")
            self._imported(_absolute(name, package, level), fromlist or (), inspect.currentframe())
            return module

        def listening_import_module(name: str, package: str | None = None) -> ModuleType:
            module = import_module(name, package)
            self._imported(module.__name__, (), inspect.currentframe(), may_be_kept=True)
            return module

        builtins.__import__ = listening_import  # type: ignore[assignment]
        importlib.import_module = listening_import_module
        sys.addaudithook(self._audit)

    def _imported(
        self,
        name: str,
        members: Iterable[str],
        frame: FrameType | None,
        *,
        may_be_kept: bool = False,
    ) -> None:
        parts = name.split(".")
        names = [".".join(parts[: at + 1]) for at in range(len(parts))]
        names += [f"{name}.{member}" for member in members]
        modules = [module for one in names if (module := sys.modules.get(one)) is not None]
        by_own = frame and frame.f_back and _own_path(frame.f_back.f_code.co_filename)
        if by_own or any(map(_own_file, modules)):
            holders = _holders(frame, may_be_kept=may_be_kept)
            for module in modules:
                self._add_module(module, holders)

    def _add_module(self, module: ModuleType, holders: set[str]) -> None:
        own = _own_file(module)
        for holder in holders:
            if own:
                self._files[holder].add(own)
            else:
                self._packages[holder].add(module.__name__.partition(".")[0])

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open":
            return
        try:
            self._opened(*arguments)
        except Exception:  # whatever a path is: the author's code mustn't fail by our listening
            return

    def _opened(self, path: Any, _mode: str | None, flags: int) -> None:
        if not isinstance(path, str | os.PathLike):
            return
        file = os.fspath(path)
        if not isinstance(file, str):
            return
        if file.endswith(".pyc"):
            if flags & (os.O_WRONLY | os.O_RDWR):
                return
            file = importlib.util.source_from_cache(file)
        own = _own_path(file)
        if own is None:
            return
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self._written.add(own)
        elif own not in self._written:
            frame = inspect.currentframe()
            reader = _nearest_own(frame)
            if own.endswith(".py") or (reader and _are_near(own, reader)):
                for holder in _holders(frame):
                    self._files[holder].add(own)


def _own_file(module: ModuleType) -> str | None:
    file = getattr(module, "__dict__", {}).get("__file__")  # a module's `__getattr__` runs code
    return _own_path(file) if isinstance(file, str) else None


def _nearest_own(frame: FrameType | None) -> str | None:
    while frame is not None:
        own = _own_path(frame.f_code.co_filename)
        if own is not None:
            return own
        frame = frame.f_back
    return None


def _holders(frame: FrameType | None, *, may_be_kept: bool = False) -> set[str]:
    """For whom the code that runs imports or reads: files of modules, or the model.

    What the top level of a module imports is the module's. What a function imports is the
    model's, since it does so again for the next; unless its module keeps the result.
    """
    holders: set[str] = set()
    while frame is not None:
        own = _own_path(frame.f_code.co_filename)
        if own is not None:
            if frame.f_code.co_name == "<module>":
                return holders | {own}
            if may_be_kept or _keeps(frame):
                holders.add(own)
        frame = frame.f_back
    return holders | {_MODEL}


def _keeps(frame: FrameType) -> bool:
    """Whether a function may run once for all models: it is cached, or assigns to globals."""
    name = frame.f_code.co_name
    if name == "__getattr__" or _assigns_globals(frame.f_code):
        return True
    return hasattr(frame.f_globals.get(name), "__wrapped__")


@cache
def _assigns_globals(code: CodeType) -> bool:
    return any(step.opname == "STORE_GLOBAL" for step in dis.get_instructions(code))


@cache
def _own_path(file: str) -> str | None:
    """The path, without links, of a file of the author's own."""
    if os.path.basename(file).startswith("__autograph_generated_file") or file.startswith("<"):
        return None
    path = str(Path(file).resolve())
    return path if is_own(path) else None


def _are_near(file: str, other: str) -> bool:
    try:
        common = Path(os.path.commonpath([file, other]))
    except ValueError:  # on another drive
        return False
    return len(common.relative_to(common.anchor).parts) >= _COMMON_FOLDERS


def _absolute(name: str, package: Any, level: int) -> str:
    if not level:
        return name
    try:
        return importlib.util.resolve_name("." * level + name, package)
    except (ImportError, TypeError, AttributeError):
        return name


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
