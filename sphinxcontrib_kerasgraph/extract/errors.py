"""What the author's code raised, in words."""

from __future__ import annotations

import re
import traceback

from sphinxcontrib_kerasgraph.sources import is_own

_FOLDER = re.compile(r"\([^()]*[/\\](?=[^()/\\]+:\d+\)$)")
#: What the libraries and authors say of shapes, without what is said of a tensor.
_OF_SHAPES = re.compile(r"shape|dimension|\bndim\b|\brank\b|\bax[ie]s\b|\bsizes?\b|-incompatible")
_TENSOR = re.compile(r"<[^<>]*>|shape=\([^()]*\)|Tensor\([^()]*(\([^()]*\))?[^()]*\)")
#: The types of such errors; the last is TensorFlow's.
_SAYS_SHAPES = {"ValueError", "TypeError", "IndexError", "AssertionError", "InvalidArgumentError"}
#: Code that looks at shapes.
_READS_SHAPES = re.compile(r"\bshape\b|\bndim\b|\brank\(")
_BOLD = re.compile("\x1b\\[1m(.*?)\x1b\\[0m", re.DOTALL)


def described(error: BaseException) -> str:
    """Type and first line of the message, and where in the author's code it was raised.

    Keras wraps what a layer raises in longer messages: printed bold, after "Error encountered:".
    """
    lines = _cause(error).splitlines()
    if lines and lines[0] == "in user code:":  # TensorFlow's autograph, which tells the cause last
        lines = lines[-1:]
    what = type(error).__name__ + (f": {lines[0].rstrip('.')}" if lines else "")
    own = _own_frames(error)
    return f"{what} ({own[-1].filename}:{own[-1].lineno})" if own else what


def is_of_shapes(error: BaseException) -> bool:
    """Whether the shapes of tensors may be at fault: by what is said, or the line that raised it.

    Keras, TensorFlow and JAX name shapes, dimensions or axes where these don't fit.
    """
    kinds = {one.__name__ for one in type(error).__mro__}
    if kinds.isdisjoint(_SAYS_SHAPES):
        return False
    if _OF_SHAPES.search(_TENSOR.sub("", _cause(error)).lower()):
        return True
    own = _own_frames(error)
    return bool(own) and _READS_SHAPES.search(own[-1].line or "") is not None


def _cause(error: BaseException) -> str:
    """The message, without what Keras puts around it."""
    try:
        text = str(error).strip()
    except Exception:  # the author's own exception
        text = ""
    bold = _BOLD.search(text)
    return (bold[1] if bold else text).rpartition("Error encountered:")[2].strip()


def _own_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Where in the author's code it was raised."""
    return [frame for frame in traceback.extract_tb(error.__traceback__) if is_own(frame.filename)]


def why_opaque(error: BaseException) -> str:
    """As `described`, without folders: what is drawn mustn't tell where it was built."""
    return _FOLDER.sub("(", described(error))


def own_traceback(error: BaseException) -> str:
    """The traceback, from the author's code on if that is in it."""
    start = error.__traceback__
    while start is not None and not is_own(start.tb_frame.f_code.co_filename):
        start = start.tb_next
    return "".join(traceback.format_exception(type(error), error, start or error.__traceback__))
