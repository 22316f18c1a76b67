"""What the author's code raised, in words."""

from __future__ import annotations

import re
import traceback

from sphinxcontrib_kerasgraph.sources import is_own

_FOLDER = re.compile(r"\([^()]*[/\\](?=[^()/\\]+:\d+\)$)")
_BOLD = re.compile("\x1b\\[1m(.*?)\x1b\\[0m", re.DOTALL)


def described(error: BaseException) -> str:
    """Type and first line of the message, and where in the author's code it was raised.

    Keras wraps what a layer raises in longer messages: printed bold, after "Error encountered:".
    """
    try:
        text = str(error).strip()
    except Exception:  # the author's own exception
        text = ""
    bold = _BOLD.search(text)
    cause = (bold[1] if bold else text).rpartition("Error encountered:")[2]
    lines = cause.strip().splitlines()
    if lines and lines[0] == "in user code:":  # TensorFlow's autograph, which tells the cause last
        lines = lines[-1:]
    what = type(error).__name__ + (f": {lines[0].rstrip('.')}" if lines else "")
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if is_own(frame.filename)]
    return f"{what} ({own[-1].filename}:{own[-1].lineno})" if own else what


def why_opaque(error: BaseException) -> str:
    """As `described`, without folders: what is drawn mustn't tell where it was built."""
    return _FOLDER.sub("(", described(error))


def own_traceback(error: BaseException) -> str:
    """The traceback, from the author's code on if that is in it."""
    start = error.__traceback__
    while start is not None and not is_own(start.tb_frame.f_code.co_filename):
        start = start.tb_next
    return "".join(traceback.format_exception(type(error), error, start or error.__traceback__))
