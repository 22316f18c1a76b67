"""Which model to draw: the directive's argument. Parsed and checked; nothing is imported."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from sphinxcontrib_kerasgraph import schema
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.schema import record
from sphinxcontrib_kerasgraph.written import literal

#: One shape without its batch dimension, as `keras.Input` takes it.
Shape = tuple[int | None, ...]
#: What ``:input-shape:`` holds: a shape, or a list or dict of such.
ShapeTree = Shape | list["ShapeTree"] | dict[str, "ShapeTree"]

#: What ``:input-dtype:`` holds: a dtype, or a list or dict of such.
DtypeTree = str | list["DtypeTree"] | dict[str, "DtypeTree"]

#: How the files of saved models end.
FILES = (".keras", ".json")

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*", re.UNICODE)
#: Where the path ends, and what is done with what it names begins.
_HEAD = re.compile(r"[^(\[]*")
_EXAMPLE = (
    "Write a dotted path such as 'pkg.models.build', with an optional call, and what of it is "
    "meant: 'pkg.models.build(depth=50)', 'pkg.Gan().generator', 'pkg.MODELS[\"small\"]'; or the "
    "path of a '.keras' or '.json' file."
)

#: What is written between two models in vain.
_BETWEEN = re.compile(r"\s*(?:,|;|->|=>|→)\s*")
_TWO = "Name two, with a space between them: the old one, then the new one."
_NOTEBOOK = (
    "Put the function that builds the model into a module, import it in the notebook, and write "
    "its dotted path, such as 'pkg.models.build'."
)


#: What is said of files of other kinds, by their endings. The first that fits counts.
_OTHER_FILES = {
    ".weights.h5": "has weights alone, and no layers.",
    ".h5": "is a file of HDF5, which isn't read.",
    ".hdf5": "is a file of HDF5, which isn't read.",
    ".pb": "is part of a SavedModel of TensorFlow, which isn't read.",
    ".tflite": "is a file of TensorFlow Lite, which isn't read.",
    ".onnx": "is a file of ONNX, which isn't read.",
    ".pt": "is a file of PyTorch, which isn't read.",
    ".pth": "is a file of PyTorch, which isn't read.",
    ".py": "is the path of a file of Python, not of an object in it.",
}
#: Those by whose ending alone a target is no dotted path.
_SURE = (".h5", ".hdf5")
_LOAD = (
    "Write a function that makes the model, or loads it, as by keras.models.load_model(…) or for "
    "one of Keras 2 by tf_keras.models.load_model(…), and name that in place of the file; or save "
    "the model as '.keras'."
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
    #: Whether the mode of training is drawn.
    training: bool | None = None
    #: The text of ``:call:``.
    call: str | None = None
    #: The method that is drawn, if it isn't ``call``.
    trace: str | None = None

    def to_data(self) -> dict[str, Any]:
        """What is given, as JSON holds it."""
        return {name: value for name, value in vars(self).items() if value is not None}

    @classmethod
    def from_data(cls, data: Any) -> ModelRequest:
        """What `to_data` wrote. Raises `ValueError` for anything else."""
        return _request(data)


_request = record(
    ModelRequest,
    dict.fromkeys(("target", "input_shape", "input_dtype", "call", "trace"), schema.text)
    | {"training": schema.flag},
)


@dataclass(frozen=True)
class Attribute:
    """``.name``, after a call or an item."""

    name: str

    def __str__(self) -> str:
        return f".{self.name}"


@dataclass(frozen=True)
class Item:
    """``[key]``, with a literal key."""

    key: Any

    def __str__(self) -> str:
        return f"[{self.key!r}]"


@dataclass(frozen=True)
class Arguments:
    """``(50, top=False)``, with literal arguments."""

    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()

    @property
    def written(self) -> list[str]:
        """Each of them as Python has it."""
        return [*map(repr, self.args), *(f"{name}={value!r}" for name, value in self.kwargs)]

    def __str__(self) -> str:
        return f"({', '.join(self.written)})"


#: What is done with an object, one after the other, to get at the model.
Step = Attribute | Item | Arguments


@dataclass(frozen=True)
class Target:
    """A dotted path to a model or to what makes one, and what of that is meant.

    ``text`` is the whole in one way of writing, so that the same is the same text.
    ``module`` is the part before a colon and ``None`` without one; ``path`` the rest up to the
    first call or item, from which on ``steps`` tell what is done with what the path names.
    """

    text: str
    module: str | None
    path: str
    steps: tuple[Step, ...] = ()
    #: Whether ``path`` is that of a file, with slashes.
    is_file: bool = False

    @property
    def owner(self) -> str:
        """The path of what has what the target names: most often a module. Empty for a file."""
        if self.is_file:
            return ""
        above = self.path.rpartition(".")[0]
        return above if self.module is None else f"{self.module}:{above}"

    @classmethod
    def parse(cls, text: str) -> Target:
        """Parse ``pkg.mod.name`` or ``pkg.mod:name``, and the calls, items, attributes after it.

        Or the path of a file, which ends in ``.keras`` or ``.json``. Nothing is evaluated.
        Raises `Fault` ``target`` where the text is none of these.
        """
        text = text.strip()
        if text.endswith(FILES):
            return cls(text, None, text, is_file=True)
        _refuse_files(text)
        try:
            return cls._parse(text)
        except (RecursionError, MemoryError) as error:
            raise Fault("target", "The target has too many parts.", _EXAMPLE) from error

    @classmethod
    def _parse(cls, text: str) -> Target:
        head = _HEAD.match(text)[0]  # type: ignore[index]  # matches anything
        if ".ipynb" in head:
            raise Fault("target", f"{head!r} is a notebook, and notebooks aren't read.", _NOTEBOOK)
        module, colon, path = head.rstrip().rpartition(":")
        if not _PATH.fullmatch(path) or (colon and not _PATH.fullmatch(module)):
            raise Fault("target", f"{text!r} is not a path to a model.", _EXAMPLE)
        rest = text[len(head) :]
        if not colon and "." not in path:
            raise Fault("target", f"{text!r} names no module.", _EXAMPLE)
        if not rest:
            return cls(text, module or None, path)
        expression = _parsed(text, f"_{rest}")
        steps = tuple(_steps(text, expression))
        return cls(f"{head.rstrip()}{ast.unparse(expression)[1:]}", module or None, path, steps)

    @classmethod
    def parse_two(cls, text: str) -> tuple[Target, Target]:
        """Parse two, with spaces between them; there may be others in the arguments of each.

        Raises `Fault` ``target`` where the text isn't that.
        """
        firsts = []
        for space in re.finditer(r"\s+", text.strip()):
            first, second = text.strip()[: space.start()], text.strip()[space.end() :]
            try:
                firsts.append((cls.parse(first), second))
                return firsts[-1][0], cls.parse(second)
            except Fault:
                continue
        for sign in _BETWEEN.finditer(text):
            if cls._is_one(text[: sign.start()]) and cls._is_one(text[sign.end() :]):
                raise Fault("target", f"{text.strip()!r} is not read as two models.", _TWO)
        if firsts:  # and what follows is none
            cls.parse(firsts[0][1])
        one = cls.parse(text)
        raise Fault("target", f"{one.text!r} is one model.", _TWO)

    @classmethod
    def _is_one(cls, text: str) -> bool:
        """Whether the text is a target."""
        try:
            cls.parse(text)
        except Fault:
            return False
        return True

    @property
    def is_plain(self) -> bool:
        """Whether what is drawn is what is named, called at most; no file, and no part of it."""
        is_called = len(self.steps) == 1 and isinstance(self.steps[0], Arguments)
        return not self.is_file and (not self.steps or is_called)

    @property
    def name(self) -> str:
        """The full name, with dots."""
        return f"{self.module}.{self.path}" if self.module else self.path

    @property
    def calls(self) -> bool:
        """Whether anything is called."""
        return any(isinstance(step, Arguments) for step in self.steps)


def _refuse_files(text: str) -> None:
    """Raise `Fault` ``target`` if the text is the path of a file that isn't read, or of a folder.

    It says what that is.
    """
    head = _HEAD.match(text)[0]  # type: ignore[index]  # matches anything
    is_path = "/" in head or "\\" in head
    if ".ipynb" in head or not (is_path or head.endswith(_SURE)):
        return
    for ending, said in _OTHER_FILES.items():
        if head.endswith(ending):
            raise Fault("target", f"{text!r} {said}", _EXAMPLE if ending == ".py" else _LOAD)
    last = re.split(r"[/\\]", head)[-1]
    what = "file that isn't read" if "." in last else "folder, as of a SavedModel, which isn't read"
    raise Fault("target", f"{text!r} is the path of a {what}.", _LOAD)


def _parsed(text: str, source: str) -> ast.expr:
    try:
        compile(source, "", "eval")  # finds keywords that are repeated
        return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise Fault(
            "target", f"{text!r} is not valid Python: {error.args[0]}.", _EXAMPLE
        ) from error


def _steps(text: str, expression: ast.expr) -> list[Step]:
    """What is done with the name that the expression begins with, the first step first."""
    steps: list[Step] = []
    while not isinstance(expression, ast.Name):
        match expression:
            case ast.Attribute(value=before, attr=name):
                steps.append(Attribute(name))
            case ast.Subscript(value=before, slice=key) if not isinstance(key, ast.Slice):
                steps.append(Item(_literal(text, key)))
            case ast.Call(func=before):
                steps.append(_arguments(text, expression))
            case _:
                raise Fault(
                    "target",
                    f"{text!r} is more than calls, items and attributes of one path.",
                    _EXAMPLE,
                )
        expression = before
    return steps[::-1]


def _arguments(text: str, call: ast.Call) -> Arguments:
    args = tuple(_literal(text, node) for node in call.args)
    kwargs = tuple(
        # A keyword without a name unpacks a dict, which is no literal argument.
        (word.arg, _literal(text, word.value))
        if word.arg
        else _literal(text, ast.Starred(word.value))
        for word in call.keywords
    )
    return Arguments(args, kwargs)


def _literal(text: str, node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError) as error:
        raise Fault(
            "target",
            f"{ast.unparse(node)!r} in {text!r} is not a literal.",
            "Only numbers, strings, bytes, True, False, None, and lists, tuples, dicts and sets of "
            "such can be given; write a function without arguments for anything else.",
        ) from error


def parse_input_shape(text: str) -> ShapeTree:
    """Parse the value of ``:input-shape:``, e.g. ``(224, 224, 3)`` or ``{"image": (32, 32, 3)}``.

    Shapes leave out the batch dimension and may have ``None`` for an unknown one, as the
    ``shape`` argument of `keras.Input`. Raises `Fault` ``target``.
    """
    try:
        return shape_tree(literal(text))
    except (ValueError, RecursionError) as error:
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


def shapes_in(tree: ShapeTree | None) -> list[Shape]:
    """The shapes, in the order in which they stand."""
    match tree:
        case None:
            return []
        case tuple():
            return [tree]
        case list():
            return [shape for part in tree for shape in shapes_in(part)]
    return [shape for part in tree.values() for shape in shapes_in(part)]


def parse_input_dtype(text: str) -> DtypeTree:
    """Parse the value of ``:input-dtype:``, e.g. ``int32`` or ``{"image": "float32"}``.

    Raises `Fault` ``target``.
    """
    text = text.strip()
    if re.fullmatch(r"\w+", text):
        return text
    try:
        return dtype_tree(literal(text))
    except (ValueError, RecursionError) as error:
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
