"""What is shown to who runs the command: words on stderr, and colour and progress on terminals."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from sphinxcontrib_kerasgraph.printable import printable, printable_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The codes of colours and weights.
_CODES = {"bold": "1", "faint": "2", "red": "31", "green": "32", "yellow": "33"}
#: Nothing is said of what takes no longer, in seconds, and so often it is said how long it takes.
_PATIENCE = 0.3
_STEP = 1.0
#: How our own signs are written in encodings that don't have them, such as those of Windows.
_IN_ASCII = str.maketrans(
    {"→": "->", "×": "x", "±": "~", "−": "-", "…": "...", "\N{NO-BREAK SPACE}": " "}
)


class Terminal:
    """The streams of the command; ``quiet`` leaves errors and results."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self._quiet = quiet
        self.verbose = verbose

    def say(self, text: str) -> None:
        """Say what is wrong, in a line on stderr."""
        _tell(f"{styled('kerasgraph:', 'red', sys.stderr)} {printable_lines(text)}")

    def note(self, text: str) -> None:
        """Say what is worth knowing, in a line on stderr."""
        if not self._quiet:
            name = styled("kerasgraph:", "yellow", sys.stderr)
            _tell(f"{name} {printable_lines(text)}")

    def detail(self, text: str) -> None:
        """Show on stderr what is shown if it is asked for, such as a traceback."""
        if self.verbose and text:
            _tell(text)

    def show(self, text: str) -> None:
        """Write a result on stdout. What is from models in it has to be printable.

        Raises `OSError` if it can't be written.
        """
        try:
            _write(sys.stdout, f"{text}\n")
        finally:
            flush()

    @contextmanager
    def busy(self, text: str) -> Iterator[None]:
        """Show on a terminal, while this goes on, what takes so long."""
        if self._quiet or not is_terminal(sys.stderr):
            yield
            return
        done = threading.Event()
        ticking = threading.Thread(target=_tick, args=(text, done), daemon=True)
        ticking.start()
        try:
            yield
        finally:
            done.set()
            ticking.join()


def flush() -> None:
    """Have written what stdout still holds. Raises `OSError`, and then nothing is left of it."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        _silence(sys.stdout)
        raise


def _tell(text: str) -> None:
    """Write lines on stderr; that nobody can read them is no reason to end in another way."""
    try:
        _write(sys.stderr, f"{text}\n")
    except OSError:
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    """Let go nowhere what the stream still holds: Python would fail to write it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write(stream: TextIO | None, text: str) -> None:
    """Write the text as the stream can have it: a sign that its encoding hasn't ends nothing."""
    if stream is None:  # it was closed before Python began
        return
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_IN_ASCII).encode(encoding, "replace").decode(encoding)
    stream.write(text)


def _tick(text: str, done: threading.Event) -> None:
    begin = time.monotonic()
    wait = _PATIENCE
    while not done.wait(wait):
        seconds = int(time.monotonic() - begin)
        line = f"{text} … {seconds} s" if seconds else f"{text} …"
        line = line[: shutil.get_terminal_size().columns - 1]
        sys.stderr.write(f"\r\x1b[K{styled(line, 'faint', sys.stderr)}")
        sys.stderr.flush()
        wait = _STEP
    if wait == _STEP:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads the stream, on a terminal that can go back in a line."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def styled(text: str, style: str, stream: TextIO | None) -> str:
    """The text of a line, printable, in a colour or weight where the stream has colours.

    See https://no-color.org.
    """
    text = printable(text)
    if not is_terminal(stream) or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"
