"""What the author's code raised, in words."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import traceback
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.extract.read.plain import public_text
from sphinxcontrib_kerasgraph.sources import is_converted, is_own

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER_INSIDE = re.compile(r"\([^()]*[/\\](?=[^()/\\]+:\d+\))")
_FOLDER = re.compile(r"\([^()]*[/\\](?=[^()/\\]+:\d+\)$)")
_TOLD_PLACE = re.compile(r'File "([^"]+)", line (\d+)')
#: What Keras 2 puts around what a layer raises.
_KERAS2_CALL = "Exception encountered when calling"
_KERAS2_ARGUMENTS = "Call arguments received by"
#: What the libraries and authors say of shapes, without what is said of a tensor.
_OF_SHAPES = re.compile(
    r"shape|dimension|\bndim\b|\brank\b|\bax[ie]s\b|\bsizes?\b|-incompatible|expects \d+ input"
)
_TENSOR = re.compile(r"<[^<>]*>|shape=\([^()]*\)|Tensor\([^()]*(\([^()]*\))?[^()]*\)")
#: The types of such errors; the last is TensorFlow's.
_SAYS_SHAPES = {"ValueError", "TypeError", "IndexError", "AssertionError", "InvalidArgumentError"}
#: Code that looks at shapes.
_READS_SHAPES = re.compile(r"\bshape\b|\bndim\b|\brank\(")
#: What Keras, TensorFlow and JAX say when code wants the value of a symbolic tensor.
_VALUES = re.compile(
    "KerasTensor is symbolic|symbolic KerasTensor|symbolic `?tf.Tensor|SymbolicTensor"
    "|Tracer(Bool|Integer|Array)|ConcretizationTypeError"
)
#: And of those, when Python is to decide by it.
_DECISIONS = re.compile(
    "used as a boolean|as a Python `?bool|Iterating over a symbolic|TracerBool"
    "|interpreted as an integer|len is not well defined"
)
#: What is said when code goes through the items of a symbolic tensor.
_ITERATES = re.compile("Iterating over a symbolic")
_DECIDE = "write keras.ops.cond or keras.ops.where for 'if', keras.ops.while_loop for a loop"
_COMPUTE = "write it with keras.ops"
#: Where an error says at which line of the author's code it was raised.
_PLACE = "kerasgraph_place"
#: So much is told of a message: TensorFlow's list all tensors.
_LONGEST = 300
#: What its message is once the sizes that nobody gave are taken out.
_TOLD = "kerasgraph_told"
#: A size, or that it isn't known; and the number at the end of a name, such as Keras gives tensors.
_SIZE = re.compile(r"(?<![\w.])(?:None|\d+)(?![\w.]*\w)")
_NUMBERED = re.compile(r"(?<=\w)_\d+\b")
_BOLD, _NO_MORE = "\x1b[1m", "\x1b[0m"


def described(error: BaseException) -> str:
    """Type and first line of the message, and where in the author's code it was raised.

    Keras wraps what a layer raises in longer messages: printed bold, after "Error encountered:";
    Keras 2 between what it called and with which arguments.
    """
    lines = cause_of(error).splitlines()
    if lines and lines[0] == "in user code:":  # TensorFlow's autograph, which tells the cause last
        lines = lines[-1:]
    first = lines[0].rstrip(".") if lines else ""
    told = first if len(first) <= _LONGEST else f"{first[:_LONGEST].rstrip()}…"
    what = type(error).__name__ + (f": {told}" if told else "")
    return what + _place(error)


def is_of_shapes(error: BaseException) -> bool:
    """Whether the shapes of tensors may be at fault: by what is said, or the line that raised it.

    Keras, TensorFlow and JAX name shapes, dimensions or axes where these don't fit.
    """
    kinds = {one.__name__ for one in type(error).__mro__}
    if kinds.isdisjoint(_SAYS_SHAPES):
        return False
    if _OF_SHAPES.search(_TENSOR.sub("", cause_of(error)).lower()):
        return True
    own = _own_frames(error)
    return bool(own) and _READS_SHAPES.search(own[-1].line or "") is not None


def cause_of(error: BaseException) -> str:
    """The message, without what Keras puts around it."""
    text = getattr(error, _TOLD, None) or message_of(error)
    # Of a layer in layers the innermost is printed bold last.
    innermost = text.rpartition(_BOLD)[2].partition(_NO_MORE)[0]
    cause = innermost.rpartition("Error encountered:")[2]
    if _KERAS2_ARGUMENTS in cause:
        innermost = cause.rpartition(_KERAS2_CALL)[2].partition("\n")[2]
        cause = innermost.partition(_KERAS2_ARGUMENTS)[0]
    return cause.strip()


def message_of(error: BaseException) -> str:
    """What it says of itself; nothing where that raises."""
    try:
        return str(error).strip()
    except Exception:  # the author's own exception
        return ""


def note_unknown_sizes(error: BaseException, others: Iterable[BaseException]) -> None:
    """Have the message tell ``None`` for sizes that code was tried with, and that nobody gave.

    They are what differs from the messages of others that say the same, tried with other sizes.
    """
    text = message_of(error)
    for other in map(message_of, others):
        text = with_unknown(text, other)
    if text != message_of(error):
        with contextlib.suppress(AttributeError):  # the author's own exception
            setattr(error, _TOLD, text)


def with_unknown(text: str, other: str) -> str:
    """The text with ``None`` for each size that differs in another one, if that says the same."""
    said, said_by_other = (_SIZE.sub("", _NUMBERED.sub("", one)) for one in (text, other))
    if said != said_by_other:
        return text
    sizes = iter(_SIZE.findall(other))
    return _SIZE.sub(lambda found: found[0] if found[0] == next(sizes) else "None", text)


def _own_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Where in the author's code it was raised, and not in what autograph has made of that."""
    frames = traceback.extract_tb(error.__traceback__)
    return [one for one in frames if is_own(one.filename)]


def _own_places(error: BaseException) -> list[tuple[str, int]]:
    """The file and line of each of these; autograph tells in its message where it was."""
    told = [
        (file, int(line)) for file, line in _TOLD_PLACE.findall(message_of(error)) if is_own(file)
    ]
    return told or [(one.filename, one.lineno or 0) for one in _own_frames(error)]


def _place(error: BaseException) -> str:
    """Where in the author's code it was raised, in brackets; nothing if that isn't known."""
    noted = getattr(error, _PLACE, None)
    if noted is not None:
        return f" ({noted})"
    own = _own_places(error)
    return f" ({own[-1][0]}:{own[-1][1]})" if own else ""


def note_place(error: BaseException, file: str, line: int) -> None:
    """Note which line of the author's raised an error, where other code ran for it."""
    with contextlib.suppress(AttributeError):  # the author's own exception
        setattr(error, _PLACE, f"{file}:{line}")


def needs_values(error: BaseException) -> bool:
    """Whether code looks at the values of tensors, so that it can't run on symbolic ones."""
    return _VALUES.search(f"{type(error).__name__}: {message_of(error)}") is not None


def why_opaque(error: BaseException) -> str:
    """As `described`, without folders: what is drawn mustn't tell where it was built.

    Of code that looks at a value, what to write instead.
    """
    return public_text(_why_opaque(error))


def _why_opaque(error: BaseException) -> str:
    unpacked = _unpacked(error)
    if unpacked is not None:
        reason = (
            f"its code takes several tensors apart, by '{unpacked}', and is given one"
            f"{_place(error)}: give it a list of input shapes"
        )
        return _FOLDER_INSIDE.sub("(", reason)
    is_decision = _DECISIONS.search(f"{type(error).__name__}: {message_of(error)}") is not None
    if is_decision or needs_values(error):
        where = _place(error)
        reason = f"its code looks at the value of a tensor, which isn't known before it runs{where}"
        if _is_without_source(error):
            reason += ", and TensorFlow's autograph can't convert code that is in no file"
        reason += f": {_DECIDE if is_decision else _COMPUTE}"
    elif hasattr(error, _PLACE):
        reason = (
            "its code looks at the value of a tensor, and as TensorFlow's autograph converts it "
            f"raises {described(error)}: {_DECIDE}"
        )
    else:
        return _FOLDER.sub("(", described(error))
    return _FOLDER_INSIDE.sub("(", reason)


def _unpacked(error: BaseException) -> str | None:
    """The line that raised it, if that takes a tensor apart: ``a, b = data``."""
    own = _own_frames(error)
    if not (own and _ITERATES.search(message_of(error))):
        return None
    line = own[-1].line or ""
    try:
        (step,) = ast.parse(line.strip()).body
    except (SyntaxError, ValueError):
        return None
    match step:
        case ast.Assign(targets=[ast.Tuple()], value=ast.Name()):
            return line.strip()
    return None


def _is_without_source(error: BaseException) -> bool:
    """Whether the code of TensorFlow that raised it was called by code that is in no file."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    written = [file for file in files if not is_converted(file)]
    callers = [file for file in written if is_own(file) or not os.path.exists(file)]
    return "tf.Tensor" in message_of(error) and bool(callers) and not is_own(callers[-1])


def own_traceback(error: BaseException) -> str:
    """The traceback, from the author's code on if that is in it."""
    start = error.__traceback__
    while start is not None and not is_own(start.tb_frame.f_code.co_filename):
        start = start.tb_next
    return "".join(traceback.format_exception(type(error), error, start or error.__traceback__))
