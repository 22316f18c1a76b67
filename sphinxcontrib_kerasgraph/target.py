"""Which model to draw: the directive's argument. Parsed and checked; nothing is imported."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from sphinxcontrib_kerasgraph.faults import Fault

#: One shape without its batch dimension, as `keras.Input` takes it.
Shape = tuple[int | None, ...]
#: What ``:input-shape:`` holds: a shape, or a list or dict of such.
ShapeTree = Shape | list["ShapeTree"] | dict[str, "ShapeTree"]

#: What ``:input-dtype:`` holds: a dtype, or a list or dict of such.
DtypeTree = str | list["DtypeTree"] | dict[str, "DtypeTree"]

#: How the files of saved models end.
FILES = (".keras", ".json")

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*", re.UNICODE)
_EXAMPLE = (
    "Write a dotted path such as 'pkg.models.build', with an optional call: "
    "'pkg.models.build(depth=50)', or the path of a '.keras' file."
)


@dataclass(frozen=True)
class ModelRequest:
    """Which model is wanted: what the worker is asked, and by what finished graphs are known."""

    #: The directive's argument, in one way of writing; parsed successfully already.
    target: str
    #: The text of ``:input-shape:``.
    input_shape: str | None = None
    #: The text of ``:input-dtype:``.
    input_dtype: str | None = None


@dataclass(frozen=True)
class Target:
    """A dotted path to a model or to what makes one, and the call, if any.

    ``text`` is the whole in one way of writing, so that the same call is the same text.
    ``module`` is the part before a colon and ``None`` without one; ``path`` the rest.
    ``called`` tells ``build()`` from ``build``; the arguments are literals.
    """

    text: str
    module: str | None
    path: str
    called: bool = False
    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()
    #: Whether ``path`` is that of a file, with slashes.
    is_file: bool = False

    @classmethod
    def parse(cls, text: str) -> Target:
        """Parse ``pkg.mod.name``, ``pkg.mod:name`` or either with a call of literal arguments.

        Or the path of a file, which ends in ``.keras`` or ``.json``. Raises `Fault` ``target``
        where the text is none of these.
        """
        if text.strip().endswith(FILES):
            return cls(text.strip(), None, text.strip(), is_file=True)
        try:
            return cls._parse(text.strip())
        except (RecursionError, MemoryError) as error:
            raise Fault("target", "The call has too many parts.", _EXAMPLE) from error

    @classmethod
    def _parse(cls, text: str) -> Target:
        head, parenthesis, tail = text.partition("(")
        module, colon, path = head.rstrip().rpartition(":")
        if not _PATH.fullmatch(path) or (colon and not _PATH.fullmatch(module)):
            raise Fault("target", f"{text!r} is not a path to a model.", _EXAMPLE)
        if not parenthesis:
            if not colon and "." not in path:
                raise Fault("target", f"{text!r} names no module.", _EXAMPLE)
            return cls(text, module or None, path)
        call = _parse_call(text, f"_({tail}")
        args = tuple(_literal(text, node) for node in call.args)
        kwargs = tuple(
            # A keyword without a name unpacks a dict, which is no literal argument.
            (word.arg, _literal(text, word.value))
            if word.arg
            else _literal(text, ast.Starred(word.value))
            for word in call.keywords
        )
        return cls(
            f"{head.rstrip()}{ast.unparse(call)[1:]}", module or None, path, True, args, kwargs
        )


def _parse_call(text: str, source: str) -> ast.Call:
    try:
        call = ast.parse(source, mode="eval").body
        if isinstance(call, ast.Call):
            compile(source, "", "eval")  # finds keywords that are repeated
    except (SyntaxError, ValueError) as error:
        raise Fault(
            "target", f"The call in {text!r} is not valid Python: {error.args[0]}.", _EXAMPLE
        ) from error
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise Fault("target", f"{text!r} is more than one call of one function.", _EXAMPLE)
    return call


def _literal(text: str, node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError) as error:
        raise Fault(
            "target",
            f"The argument {ast.unparse(node)!r} in {text!r} is not a literal.",
            "Only numbers, strings, bytes, True, False, None, and lists, tuples, dicts and sets of "
            "such can be given; write a function without arguments for anything else.",
        ) from error


def parse_input_shape(text: str) -> ShapeTree:
    """Parse the value of ``:input-shape:``, e.g. ``(224, 224, 3)`` or ``{"image": (32, 32, 3)}``.

    Shapes leave out the batch dimension and may have ``None`` for an unknown one, as the
    ``shape`` argument of `keras.Input`. Raises `Fault` ``target``.
    """
    try:
        return shape_tree(ast.literal_eval(text.strip()))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise Fault(
            "target",
            f"The input shape {text.strip()!r} is not a shape.",
            "Write a tuple of sizes without the batch dimension, such as '(224, 224, 3)', with "
            "None for an unknown size; or a list or dict of such shapes.",
        ) from error


def shape_tree(value: object) -> ShapeTree:
    """The shapes in a literal value. Raises `ValueError` if it holds anything else."""
    match value:
        case int() if not isinstance(value, bool):
            return shape_tree((value,))
        case tuple() | list() if all(size is None or type(size) is int for size in value):
            if any(size is not None and size < 0 for size in value):
                raise ValueError("negative size")
            return tuple(value)
        case tuple() | list():
            return [shape_tree(item) for item in value]
        case dict() if value and all(isinstance(key, str) for key in value):
            return {key: shape_tree(item) for key, item in value.items()}
    raise ValueError(f"{value!r} is no shape")


def parse_input_dtype(text: str) -> DtypeTree:
    """Parse the value of ``:input-dtype:``, e.g. ``int32`` or ``{"image": "float32"}``.

    Raises `Fault` ``target``.
    """
    text = text.strip()
    if re.fullmatch(r"\w+", text):
        return text
    try:
        return dtype_tree(ast.literal_eval(text))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise Fault(
            "target",
            f"The input dtype {text!r} is not a dtype.",
            "Write a dtype such as 'int32', or a list or dict of dtypes in quotes.",
        ) from error


def dtype_tree(value: object) -> DtypeTree:
    """The dtypes in a literal value. Raises `ValueError` if it holds anything else."""
    match value:
        case str() if value:
            return value
        case tuple() | list() if value:
            return [dtype_tree(item) for item in value]
        case dict() if value and all(isinstance(key, str) for key in value):
            return {key: dtype_tree(item) for key, item in value.items()}
    raise ValueError(f"{value!r} is no dtype")
