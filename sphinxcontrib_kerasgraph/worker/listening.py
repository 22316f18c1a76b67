"""Hears what the author's code imports and reads, by what Python calls for that.

Import statements and `importlib.import_module` are heard since a module that is there already is
only looked up; files by an audit hook (PEP 578): modules that are loaded in other ways, and data.
What an installed library imports or reads for itself isn't the author's.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import importlib.machinery
import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.worker.dependencies import own_file, own_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType, ModuleType

    from sphinxcontrib_kerasgraph.worker.dependencies import Dependencies

#: Between `os.environ` and who asks it.
_ENVIRONMENT_CODE = {os.__file__, sys.modules["_collections_abc"].__file__, "<frozen os>"}
_ENVIRONMENT_CODE |= {"<frozen _collections_abc>"}


def listen(dependencies: Dependencies) -> None:
    """Note all that happens from now on; there is no way to stop."""
    _hear_imports(dependencies)
    _hear_loading()
    _hear_caches(dependencies)
    _hear_environment(dependencies)
    _hear_files(dependencies)


def _hear_imports(dependencies: Dependencies) -> None:
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
        _note(dependencies, module.__name__, (), sys._getframe(1))
        return module

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
            dependencies.add_module(module, frame)
    package = getattr(above[-1], "__dict__", {})
    if not own or "__path__" not in package:
        return []
    return [member for member in inside if inside[member] is None and member not in package]


def _note_missing(dependencies: Dependencies, name: str, frame: FrameType) -> None:
    if own_path(frame.f_code.co_filename):
        dependencies.add_missing(name, frame)


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


def _hear_caches(dependencies: Dependencies) -> None:
    lru_cache: Any = functools.lru_cache
    property_class: Any = functools.cached_property
    init = property_class.__init__

    def note(function: Any) -> None:
        code = getattr(function, "__code__", None)
        if code is not None:
            dependencies.cached.add(code)

    def heard_lru_cache(maxsize: Any = 128, typed: bool = False) -> Any:
        if callable(maxsize):  # used without a call
            note(maxsize)
            return lru_cache(maxsize)

        def decorate(function: Any) -> Any:
            note(function)
            return lru_cache(maxsize, typed)(function)

        return decorate

    def heard_init(self: Any, function: Any) -> None:
        note(function)
        init(self, function)

    patched: Any = functools
    patched.lru_cache = heard_lru_cache
    patched.cache = heard_lru_cache(None)
    property_class.__init__ = heard_init


def _hear_environment(dependencies: Dependencies) -> None:
    environment_class: Any = type(os.environ)
    get_item = environment_class.__getitem__

    def heard_get_item(environment: Any, name: Any) -> Any:
        frame = sys._getframe(1)
        while frame.f_code.co_filename in _ENVIRONMENT_CODE and frame.f_back is not None:
            frame = frame.f_back
        if isinstance(name, str) and own_path(frame.f_code.co_filename):
            dependencies.add_variable(name, frame)
        return get_item(environment, name)

    environment_class.__getitem__ = heard_get_item


def _hear_files(dependencies: Dependencies) -> None:
    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in {"open", "os.listdir", "os.scandir", "sqlite3.connect"}:
            return
        try:
            path = os.fspath(arguments[0])
            frame = sys._getframe(1)
            # The import system looks into folders, too.
            if isinstance(path, str) and not (event != "open" and _is_importing(frame)):
                _opened(dependencies, path, arguments[2] if event == "open" else 0, frame)
        except Exception:  # a number, or bytes; the author's code mustn't fail by our listening
            return

    sys.addaudithook(heard)


def _opened(dependencies: Dependencies, path: str, flags: int, frame: FrameType) -> None:
    writes = flags & (os.O_WRONLY | os.O_TRUNC | os.O_EXCL)
    if path.endswith(".pyc"):
        if not writes:
            dependencies.add_read(importlib.util.source_from_cache(path), frame)
    elif writes:
        dependencies.add_written(path)
    else:
        dependencies.add_read(path, frame)


def _is_importing(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith("<frozen importlib")


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
