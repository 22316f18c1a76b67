"""What a module offers that makes models, read from its source: nothing is imported.

Sphinx's process must not import Keras, and a library's modules do. Names are followed through
``from … import …`` up to the function or class that they are of.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import files
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: A module, the names in it by a pattern, and what is called with them.
_PATTERN = re.compile(r"(?P<module>[\w.]+)[.:](?P<names>[\w*?]+)(?P<call>\(.*\))?", re.DOTALL)
#: Wildcards, before anything is called or taken from a list.
_WILD = re.compile(r"[^(\[]*[*?]")
#: Annotations of what isn't drawn have none of these words.
_DRAWN = re.compile(r"Model|Layer|Functional|Sequential|Any|Tensor")
#: Classes of Keras's that models are made from.
_MODELS = {"Model", "Functional", "Sequential"}
#: So far imports are followed.
_FURTHEST = 12

_ADVICE = "Write the targets in the content of the directive, one a line."


@dataclass(frozen=True)
class Pattern:
    """Targets by a pattern, such as ``mypkg.models.build_*(depth=50)``."""

    module: str
    names: str
    #: The call that each is drawn by, as it is written; empty for none.
    call: str = ""

    @classmethod
    def parse(cls, text: str) -> Pattern | None:
        """The pattern; ``None`` where the text is that of one target. Raises `Fault`."""
        if not _WILD.match(text):
            return None
        found = _PATTERN.fullmatch(text.strip())
        if found is None:
            raise Fault(
                "target",
                f"{text!r} is no pattern of targets.",
                "Wildcards stand in the last part of a path: 'mypkg.models.build_*'.",
            )
        return cls(found["module"], found["names"], found["call"] or "")

    @property
    def text(self) -> str:
        """The pattern, as it is written."""
        return f"{self.module}.{self.names}{self.call}"

    def target(self, name: str) -> str:
        """The target that a name in the module makes."""
        return f"{self.module}.{name}{self.call}"

    def matches(self, target: str) -> bool:
        """Whether a target is one of these."""
        begin, end = f"{self.module}.", self.call
        if not (target.startswith(begin) and target.endswith(end)):
            return False
        name = target[len(begin) : len(target) - len(end)]
        return name.isidentifier() and fnmatchcase(name, self.names)


def in_order(targets: Iterable[str]) -> list[str]:
    """Each once, in the order of the alphabet, numbers in theirs: ``B2`` before ``B10``."""
    return sorted(set(targets), key=lambda text: [_rank(part) for part in re.split(r"(\d+)", text)])


def _rank(part: str) -> tuple[int, str]:
    return (int(part), "") if part.isdecimal() else (-1, part)


@dataclass
class Exports:
    """Looks names up in the sources of modules that Python would find, each read once."""

    #: The files that were read.
    files: list[str] = field(default_factory=list)
    _modules: dict[str, _Module | None] = field(default_factory=dict)

    def targets(self, pattern: Pattern) -> list[str] | None:
        """What a pattern means, in order; ``None`` where the package isn't there.

        Raises `Fault` ``target`` where the module can't be found in it, is no Python, or computes
        its ``__all__``.
        """
        if _top(pattern.module.partition(".")[0]) is None:
            return None
        module = self._module(pattern.module)
        if module is None:
            raise Fault(
                "target", f"The source of the module {pattern.module!r} can't be found.", _ADVICE
            )
        return in_order(
            pattern.target(name)
            for name in self._offered(module)
            if fnmatchcase(name, pattern.names) and self._makes_model(module, name, pattern)
        )

    def _offered(self, module: _Module, seen: tuple[_Module, ...] = ()) -> list[str]:
        """The names that are meant for others. Raises `Fault`."""
        if module.computed is not None:
            raise Fault(
                "target",
                f"What {module.name!r} offers can't be read: {module.computed!r} is no list of "
                "texts.",
                _ADVICE,
            )
        if module.all is not None:
            return module.all
        names = [name for name in (*module.definitions, *module.re_exported) if name[:1] != "_"]
        for source in module.own_stars:
            further = self._module(source)
            if further is not None and further not in seen:
                names += self._offered(further, (*seen, module))
        return names

    def _makes_model(self, module: _Module, name: str, pattern: Pattern) -> bool:
        found = self._definition(module, name)
        if found is None:
            return False
        where, definition = found
        if isinstance(definition, ast.ClassDef):
            return self._is_model(where, definition)
        if not pattern.call and _requires(definition.args):
            return False
        returns = definition.returns
        return returns is None or bool(_DRAWN.search(ast.unparse(returns)))

    def _is_model(self, module: _Module, definition: ast.ClassDef, depth: int = 0) -> bool:
        for base in definition.bases:
            name = ast.unparse(base).rpartition(".")[2]
            found = self._definition(module, ast.unparse(base)) if depth < _FURTHEST else None
            if name in _MODELS:
                return True
            if found is not None and isinstance(found[1], ast.ClassDef):
                where, of_base = found[0], found[1]
                if of_base.name in _MODELS or self._is_model(where, of_base, depth + 1):
                    return True
        return False

    def _definition(
        self, module: _Module, name: str, depth: int = 0
    ) -> tuple[_Module, ast.ClassDef | ast.FunctionDef] | None:
        """The function or class that a name of the module is of, and where it is defined."""
        if name in module.definitions:
            return module, module.definitions[name]
        if depth > _FURTHEST:
            return None
        if name in module.imports:
            source, original = module.imports[name]
            further = self._module(source)
            return None if further is None else self._definition(further, original, depth + 1)
        for source in reversed(module.stars):  # the last one counts
            further = self._module(source)
            if further is not None and further.gives(name):
                found = self._definition(further, name, depth + 1)
                if found is not None:
                    return found
        return None

    def _module(self, name: str, depth: int = 0) -> _Module | None:
        """The module of that name, if its source is found."""
        if name not in self._modules:
            self._modules[name] = None  # for modules that import each other
            self._modules[name] = self._read(name, depth)
        return self._modules[name]

    def _read(self, name: str, depth: int) -> _Module | None:
        parent, _, last = name.rpartition(".")
        if not parent:
            return self._parsed(name, _top(name))
        package = self._module(parent, depth)
        if package is None or depth > _FURTHEST:
            return None
        folder = os.path.dirname(package.file)
        if package.is_package:
            for path in (os.path.join(last, "__init__.py"), f"{last}.py"):
                if os.path.isfile(os.path.join(folder, path)):
                    return self._parsed(name, os.path.join(folder, path))
        if last in package.imports:  # ``from keras.api import applications``
            source, original = package.imports[last]
            return self._module(f"{source}.{original}", depth + 1)
        return None

    def _parsed(self, name: str, path: str | None) -> _Module | None:
        if path is None or not path.endswith(".py"):
            return None
        try:
            tree = ast.parse(files.read(path))
        except (OSError, SyntaxError, ValueError) as error:
            raise Fault(
                "target", f"The module {name!r} can't be read: {error}.", _ADVICE
            ) from error
        self.files.append(path)
        return _Module(name, path, tree)


def _top(name: str) -> str | None:
    """The file of a top-level module; to find it imports nothing."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    return None if spec is None else spec.origin


def _requires(arguments: ast.arguments) -> bool:
    """Whether something has to be given."""
    positional = len(arguments.posonlyargs) + len(arguments.args)
    return positional > len(arguments.defaults) or None in arguments.kw_defaults


class _Module:
    """What a module's source says of its names."""

    def __init__(self, name: str, file: str, tree: ast.Module) -> None:
        self.name = name
        self.file = file
        self.is_package = os.path.basename(file) == "__init__.py"
        self.definitions: dict[str, ast.ClassDef | ast.FunctionDef] = {}
        #: For each imported name the module, and its name there.
        self.imports: dict[str, tuple[str, str]] = {}
        #: Those of them that are meant for others, too.
        self.re_exported: set[str] = set()
        #: The modules from which it imports all; and those of its own package among them.
        self.stars: list[str] = []
        self.own_stars: list[str] = []
        #: What ``__all__`` has; and a statement that makes it of what isn't known.
        self.all: list[str] | None = None
        self.computed: str | None = None
        package = name if self.is_package else name.rpartition(".")[0]
        for statement in _statements(tree.body):
            match statement:
                case ast.ClassDef() | ast.FunctionDef():
                    self.definitions[statement.name] = statement
                case ast.ImportFrom():
                    self._note_import(statement, package)
                case (
                    ast.Assign(targets=[ast.Name(id="__all__")], value=value)
                    | ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value)
                ):
                    self.all, self.computed = [], None
                    self._offer(value, statement)
                case ast.AugAssign(target=ast.Name(id="__all__"), value=value) | ast.Expr(
                    ast.Call(ast.Attribute(ast.Name(id="__all__"), "extend"), args=[value])
                ):
                    self._offer(value, statement)
                case ast.Expr(
                    ast.Call(ast.Attribute(ast.Name(id="__all__"), "append"), args=added)
                ):
                    self._offer(ast.List(added), statement)
                case ast.Expr(ast.Call(ast.Attribute(ast.Name(id="__all__")) as value)):
                    self._offer(value, statement)  # which is no list

    def _offer(self, value: ast.expr, statement: ast.stmt) -> None:
        names = _texts(value)
        if names is None:
            self.computed = ast.unparse(statement)
        else:
            self.all = [*(self.all or ()), *names]

    def gives(self, name: str) -> bool:
        """Whether an import of all may bring the name."""
        return name[:1] != "_" if self.all is None or self.computed else name in self.all

    def _note_import(self, statement: ast.ImportFrom, package: str) -> None:
        if statement.level:
            parts = package.split(".")
            parts = parts[: len(parts) - statement.level + 1]
            source = ".".join([*parts, *filter(None, [statement.module])])
        else:
            source = statement.module or ""
        is_own = source.partition(".")[0] == package.partition(".")[0]
        for alias in statement.names:
            if alias.name == "*":
                self.stars.append(source)
                if is_own:
                    self.own_stars.append(source)
                continue
            self.imports[alias.asname or alias.name] = source, alias.name
            # As type checkers have it; and packages gather names in their ``__init__``.
            if alias.asname == alias.name or (self.is_package and is_own):
                self.re_exported.add(alias.asname or alias.name)


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Those of a module, with those under ``if`` and ``try``."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If):
            yield from _statements([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            yield from _statements(statement.body)


def _texts(value: ast.expr) -> list[str] | None:
    """The texts of a literal list, or of such added up; ``None`` for what is none."""
    match value:
        case ast.BinOp(left, ast.Add(), right):
            first, second = _texts(left), _texts(right)
            return None if first is None or second is None else first + second
        case ast.List(elts) | ast.Tuple(elts) | ast.Set(elts):
            found = [one.value for one in elts if isinstance(one, ast.Constant)]
            names = [name for name in found if isinstance(name, str)]
            return names if len(names) == len(elts) else None
    return None
