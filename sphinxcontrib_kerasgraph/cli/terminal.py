"""What is shown to who runs the command: words on stderr, and colour and progress on terminals."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The codes of colours and weights.
_CODES = {"bold": "1", "faint": "2", "red": "31", "green": "32", "yellow": "33"}
#: Nothing is said of what takes no longer, in seconds, and so often it is said how long it takes.
_PATIENCE = 0.3
_STEP = 1.0


class Terminal:
    """The streams of the command; ``quiet`` leaves errors and results."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self._quiet = quiet
        self.verbose = verbose

    def say(self, text: str) -> None:
        """Say what is wrong, in a line on stderr."""
        print(f"{styled('kerasgraph:', 'red', sys.stderr)} {text}", file=sys.stderr)  # noqa: T201

    def note(self, text: str) -> None:
        """Say what is worth knowing, in a line on stderr."""
        if not self._quiet:
            name = styled("kerasgraph:", "yellow", sys.stderr)
            print(f"{name} {text}", file=sys.stderr)  # noqa: T201

    def detail(self, text: str) -> None:
        """Show on stderr what is shown if it is asked for, such as a traceback."""
        if self.verbose and text:
            print(text, file=sys.stderr)  # noqa: T201

    def show(self, text: str) -> None:
        """Write a result on stdout."""
        sys.stdout.write(f"{text}\n")

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


def is_terminal(stream: TextIO) -> bool:
    """Whether a person reads the stream, on a terminal that can go back in a line."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def styled(text: str, style: str, stream: TextIO) -> str:
    """The text in a colour or weight, where the stream has colours; see https://no-color.org."""
    if not is_terminal(stream) or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"
