"""Hears what the author's code imports and reads, by what Python calls for that.

Import statements and `importlib.import_module` are heard since a module that is there already is
only looked up; files by an audit hook (PEP 578): modules that are loaded in other ways, and data.
What an installed library imports or reads for itself isn't the author's. Files that libraries open
without Python are heard in `worker.foreign_files`.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.machinery
import importlib.metadata
import importlib.util
import os
import sys
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from sphinxcontrib_kerasgraph.fingerprint import WHOLE_ENVIRONMENT
from sphinxcontrib_kerasgraph.worker.dependencies import own_file, own_path
from sphinxcontrib_kerasgraph.worker.foreign_files import ForeignFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType, ModuleType

    from sphinxcontrib_kerasgraph.worker.dependencies import Dependencies

#: What `_opened` makes of these isn't what was there before.
_AFRESH = os.O_TRUNC | os.O_EXCL
#: Other programs read what variables they like.
_PROGRAMS = {"subprocess.Popen": 3, "os.exec": 2, "os.system": None}
_METADATA = os.path.dirname(importlib.metadata.__file__)
_FOLDERS = {"os.listdir", "os.scandir"}
#: With these Python resolves links, for each folder of a path.
_RESOLVING = {"realpath", "_joinrealpath", "ismount", "islink"}


def listen(dependencies: Dependencies) -> None:
    """Note all that happens from now on, in this process and its forks."""
    _hear_imports(dependencies, ForeignFiles(dependencies))
    _hear_loading()
    _hear_environment(dependencies)
    _hear_looks(dependencies)
    _hear_files(dependencies)
    _hear_metadata(dependencies)


def _hear_imports(dependencies: Dependencies, foreign: ForeignFiles) -> None:
    # Python passes on whatever it was given, which is more than their types say.
    patched: Any = builtins
    import_statement: Callable[..., ModuleType] = patched.__import__
    import_module = importlib.import_module

    def heard_import(
        name: str,
        globals: dict[str, Any] | None = None,  # noqa: A002 - the names are Python's
        locals: dict[str, Any] | None = None,  # noqa: A002
        fromlist: Iterable[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        full = _absolute(name, (globals or {}).get("__package__"), level)
        try:
            module = import_statement(name, globals, locals, fromlist, level)
        except ImportError as error:
            _note_missing(dependencies, error.name or full, sys._getframe(1))
            raise
        foreign.look()
        members = _members(full, fromlist or ())
        missing = _note(dependencies, full, members, sys._getframe(1))
        # `from package import name` fails, if at all, after this.
        for member in missing:
            _note_missing(dependencies, f"{full}.{member}", sys._getframe(1))
        return module

    def heard_import_module(name: str, package: str | None = None) -> ModuleType:
        try:
            module = import_module(name, package)
        except ImportError as error:
            _note_missing(dependencies, error.name or name, sys._getframe(1))
            raise
        foreign.look()
        _note(dependencies, module.__name__, (), sys._getframe(1))
        return module

    foreign.look()
    patched.__import__ = heard_import
    importlib.import_module = heard_import_module


def _members(name: str, fromlist: Iterable[str]) -> list[str]:
    members = list(fromlist)
    if "*" in members:
        stated = getattr(sys.modules.get(name), "__dict__", {}).get("__all__", ())
        members += [one for one in stated if isinstance(one, str)]
    return [member for member in members if member != "*"]


def _note(
    dependencies: Dependencies, name: str, members: Iterable[str], frame: FrameType
) -> list[str]:
    """Note the imported modules, those above them too; which members of an own one are not there.

    Most imports are those of libraries in themselves, which aren't noted.
    """
    above = [sys.modules.get(one) for one in _above(name)]
    inside = {member: sys.modules.get(f"{name}.{member}") for member in members}
    modules = [module for module in (*above, *inside.values()) if module is not None]
    own = [module for module in modules if own_file(module)]
    if own or own_path(frame.f_code.co_filename):
        for module in modules:
            dependencies.add_module(module)
    package = getattr(above[-1], "__dict__", {})
    if not own or "__path__" not in package:
        return []
    return [member for member in inside if inside[member] is None and member not in package]


def _note_missing(dependencies: Dependencies, name: str, frame: FrameType) -> None:
    if own_path(frame.f_code.co_filename):
        dependencies.add_missing(name)


def _hear_loading() -> None:
    """Load own modules from their source: a compiled one may be of a file of the same second."""
    loader_class: Any = importlib.machinery.SourceFileLoader
    exec_module = loader_class.exec_module

    def heard_exec_module(loader: Any, module: ModuleType) -> None:
        if own_path(loader.path) is None:
            exec_module(loader, module)
            return
        code = loader.source_to_code(loader.get_data(loader.path), loader.path)
        exec(code, module.__dict__)  # noqa: S102 - as the loader does

    loader_class.exec_module = heard_exec_module


def _hear_environment(dependencies: Dependencies) -> None:
    environment_class: Any = type(os.environ)
    get_item, iterate = environment_class.__getitem__, environment_class.__iter__

    def heard_get_item(environment: Any, name: Any) -> Any:
        if isinstance(name, str | bytes):  # bytes in `os.environb`
            dependencies.add_variable(os.fsdecode(name), sys._getframe(1))
        return get_item(environment, name)

    def heard_iterate(environment: Any) -> Iterator[Any]:
        dependencies.add_variable(WHOLE_ENVIRONMENT, sys._getframe(1))
        iterator: Iterator[Any] = iterate(environment)
        return iterator

    environment_class.__getitem__ = heard_get_item
    environment_class.__iter__ = heard_iterate


def _hear_looks(dependencies: Dependencies) -> None:
    """Hear who asks whether a file is there, which the audit hook isn't told of."""

    def heard(original: Callable[..., Any]) -> Callable[..., Any]:
        def look(path: Any, *args: Any, **named: Any) -> Any:
            frame = sys._getframe(1)
            if not isinstance(path, int) and frame.f_code.co_name not in _RESOLVING:
                with suppress(Exception):  # what is no path is for the function itself to say
                    dependencies.add_looked_for(os.fsdecode(path), frame)
            return original(path, *args, **named)

        for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            if original in able:
                able.add(look)
        return look

    patched: Any = os
    for name in ("stat", "lstat", "access"):
        setattr(patched, name, wraps(getattr(os, name))(heard(getattr(os, name))))


def _hear_files(dependencies: Dependencies) -> None:
    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _EVENTS:
            return
        # Numbers aren't names; and the author's code mustn't fail by our listening.
        with suppress(Exception):
            frame = sys._getframe(1)
            if event in _PROGRAMS:
                if _is_given_all(event, arguments):
                    dependencies.add_variable(WHOLE_ENVIRONMENT, frame)
                return
            path = os.fsdecode(arguments[0])
            if event == "open":
                _opened(dependencies, path, arguments[2], frame)
            elif event == "sqlite3.connect" and path.startswith("file:"):
                place = unquote(path.removeprefix("file:").partition("?")[0])
                dependencies.add_read(place.removeprefix("//"), frame)
            elif not _is_searching(frame):
                dependencies.add_read(path, frame)

    sys.addaudithook(heard)


_EVENTS = {"open", "sqlite3.connect", *_FOLDERS, *_PROGRAMS}


def _is_given_all(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether a program is given the environment as it is; else it was read before, in part."""
    at = _PROGRAMS[event]
    return at is None or arguments[at] is None


def _opened(dependencies: Dependencies, path: str, flags: int, frame: FrameType) -> None:
    if flags & os.O_EXCL and os.path.exists(path):  # which makes nothing
        dependencies.add_looked_for(path, frame)
    elif flags & os.O_TRUNC and os.path.exists(path) and not os.access(path, os.W_OK):
        return  # nor does this
    elif flags & _AFRESH:
        if not path.endswith(".pyc"):
            dependencies.add_made(path)
    elif (flags & os.O_ACCMODE) != os.O_WRONLY:  # what only appends reads nothing
        source = importlib.util.source_from_cache(path) if path.endswith(".pyc") else path
        dependencies.add_read(source, frame)


def _is_searching(frame: FrameType) -> bool:
    """Whether Python looks into folders for modules, or for what is installed."""
    return frame.f_code.co_filename.startswith(("<frozen importlib", _METADATA))


def _hear_metadata(dependencies: Dependencies) -> None:
    distribution_class: Any = importlib.metadata.Distribution
    from_name = distribution_class.from_name.__func__

    def heard_from_name(cls: Any, name: Any) -> Any:
        if isinstance(name, str):
            dependencies.add_distribution(name, sys._getframe(1))
        return from_name(cls, name)

    distribution_class.from_name = classmethod(heard_from_name)


def _above(name: str) -> list[str]:
    """The module's name, after those of the packages that it is in."""
    parts = name.split(".")
    return [".".join(parts[: at + 1]) for at in range(len(parts))]


def _absolute(name: str, package: Any, level: int) -> str:
    if not level:
        return name
    try:
        return importlib.util.resolve_name("." * level + name, package)
    except (ImportError, TypeError, AttributeError):
        return name
