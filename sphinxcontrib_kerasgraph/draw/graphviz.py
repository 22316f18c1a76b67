"""Graphviz's ``dot``: how it is found, and what it makes of DOT. Needs no Sphinx."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import FIRST_COMPLETED, FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from threading import Event
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import processes
from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.output import check
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import release

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

#: The pip-installable port, for where there is no Graphviz; it can't write PDF.
_PIP_DOT = "graphviz-pure"

#: TeX and PDF readers fail on lengths above 16,384 and 14,400 points: such a drawing is scaled.
_PDF_LIMIT_INCHES = 150

_SVG_SIZE = re.compile(rb'<svg width="([\d.]+)pt" height="([\d.]+)pt"')
#: The size of an SVG stands in its first bytes.
_HEAD = 4096
_COMPLAINT = re.compile(r"^(Warning|Error|\S*dot\S*: graph is too large).*", re.MULTILINE)

_COMPLAINTS_KEPT = 3
_LONGEST_VERSION = 200
#: What an old one says of formats that it doesn't know.
_UNKNOWN_FORMAT = re.compile(r'Format: "?\w+"? not recognized')

#: The pip-installed port guesses the width of characters that its font lacks, which harms nothing.
_HARMLESS = "non-ASCII character"

#: So many seconds ``dot`` may take to tell its version, and no more than for any run.
_VERSION_SECONDS = 60

#: When one of several layouts is done, the others may take so many times as long, and so many
#: seconds more.
_PATIENCE = 3
_LEAST_PATIENCE = 1


@dataclass(frozen=True)
class Program:
    """A ``dot`` that was found."""

    path: str
    #: Whether it is the pip-installed port, which makes neither PDF nor image maps.
    is_port: bool


@dataclass(frozen=True)
class Rendered:
    """What ``dot`` made of DOT."""

    content: bytes
    #: What it complained of, although it drew.
    complaints: str = ""

    @property
    def svg_size(self) -> tuple[float, float]:
        """Width and height in points of an SVG; zero where it doesn't tell."""
        match = _SVG_SIZE.search(self.content[:_HEAD])
        return (float(match[1]), float(match[2])) if match else (0, 0)


class _TooSlow(Fault):
    """It took too long, or was no longer waited for."""


class Graphviz:
    """Runs ``dot``, named or with its path, with ``args`` before all others.

    If there is none, but the pip-installed port, and no other program than ``dot`` was named, it
    is the port. Each run may take ``timeout`` seconds.
    """

    def __init__(self, dot: str = "dot", args: Sequence[str] = (), timeout: float = 600) -> None:
        self.dot = dot
        self.args = list(args)
        self._timeout = timeout
        self._given_up = Event()

    def give_up(self) -> None:
        """End all that runs for other threads, and run nothing more: on Ctrl-C."""
        self._given_up.set()

    def program(self, image_format: str) -> Program:
        """The program that draws in that format.

        Raises `Fault` ``graphviz`` if there is none, or it can't write the format.
        """
        found = shutil.which(self.dot or "")
        if found:
            return Program(found, is_port=False)
        port = self.dot == "dot" and _port()
        if not port:
            raise Fault(
                "graphviz",
                f"Graphviz's {self.dot!r} was not found.",
                "Install Graphviz (https://graphviz.org/download), or "
                "pip install 'sphinxcontrib-kerasgraph[graphviz]'{or_another_dot}.",
            )
        if image_format == "pdf":
            raise Fault(
                "graphviz",
                "The pip-installed Graphviz can't write PDF, which LaTeX needs.",
                "Install Graphviz itself: https://graphviz.org/download.",
            )
        return Program(port, is_port=True)

    def identity(self, image_format: str) -> tuple[str, ...]:
        """What tells one ``dot`` from others. Raises `Fault` as `program` does."""
        program = self.program(image_format)
        seconds = min(self._timeout, _VERSION_SECONDS)
        told = release(_PIP_DOT) if program.is_port else _version(program.path, seconds)
        return (told, *self.args)

    def render(self, code: str, image_format: str, boxes: Collection[str] = ()) -> Rendered:
        """DOT as ``svg``, which has to have these ``boxes``, ``png`` or ``pdf``.

        Raises `Fault` ``graphviz`` if ``dot`` is missing, can't write the format, fails, or writes
        something else.
        """
        program = self.program(image_format).path
        options = [f"-T{image_format}"]
        if image_format == "pdf":
            options.append(f"-Gsize={_PDF_LIMIT_INCHES},{_PDF_LIMIT_INCHES}")
        # To standard output, which is a file without a name: nobody has to remove one.
        content, complaints = self._run(program, options, code)
        _check(program, image_format, content, code, complaints, boxes)
        return Rendered(_with_all_fonts(content) if image_format == "svg" else content, complaints)

    def image_map(self, code: str) -> str:
        """The ``<map>`` of a PNG, which tells the boxes' tooltips; empty where none can be made.

        Raises `Fault` as `render` does.
        """
        program = self.program("cmapx")
        if program.is_port:
            return ""
        content, complaints = self._run(program.path, ["-Tcmapx"], code)
        _check(program.path, "cmapx", content, code, complaints)
        return content.decode()

    def lay_out(self, codes: Sequence[str]) -> list[str | None]:
        """Where all is in each drawing, as Graphviz's JSON; ``None`` for one that takes too long.

        That is some times as long as the quickest: of several ways to lay out one may be so much
        harder than another. Raises `Fault` as `render` does, and if none is done in time.
        Each in a process of its own: in one that lays out several, the later ones come out
        otherwise.
        """
        program = self.program("json0").path
        stop = Event()
        at_once = os.cpu_count() or 1
        begin = time.monotonic()
        with ThreadPoolExecutor(at_once) as threads:
            runs = [threads.submit(self._run, program, ["-Tjson0"], one, stop) for one in codes]
            try:
                wait(runs, return_when=FIRST_COMPLETED)
                rounds = -(-len(codes) // at_once)
                patience = _LEAST_PATIENCE + _PATIENCE * rounds * (time.monotonic() - begin)
                wait(runs, patience, FIRST_EXCEPTION)
            finally:  # on Ctrl-C, too
                stop.set()
        slow = [run for run in runs if isinstance(run.exception(), _TooSlow)]
        if len(slow) == len(runs):
            slow[0].result()
        said = [None if run in slow else run.result()[0] for run in runs]
        if b"" in said:
            raise Fault("graphviz", f"{program} wrote no layout.", "Check {which_dot}.")
        return [None if one is None else one.decode(errors="replace") for one in said]

    def _run(
        self, program: str, options: list[str], code: str, stop: Event | None = None
    ) -> tuple[bytes, str]:
        """What ``dot`` wrote, and what it complained of. Raises `Fault` if it failed."""
        try:
            command = [program, *self.args, *options]
            stops = [self._given_up] if stop is None else [self._given_up, stop]
            done = processes.run(command, code.encode(), self._timeout, *stops)
        except subprocess.TimeoutExpired as error:
            raise _TooSlow(
                "graphviz",
                f"{program} took longer than {self._timeout:g} seconds.",
                "Draw less of the model{or_more_time}.",
            ) from error
        except processes.TooMuch as error:
            raise Fault(
                "graphviz", f"{program} wrote without end.", "Check {which_dot}."
            ) from error
        except OSError as error:
            raise Fault(
                "graphviz", f"{program} can't be run: {error}.", "Check {which_dot}."
            ) from error
        said = done.err.decode(errors="replace").strip()
        if done.returncode:
            how = _how(done.returncode)
            last = said.splitlines()[-1:] or ["it said nothing"]
            advice = "{more} shows all that it said." if said else ""
            if "splines=ortho" in code:
                advice = "Graphviz often fails with {option splines=ortho}; use another value."
            if _UNKNOWN_FORMAT.search(said):
                version = _version(program, min(self._timeout, _VERSION_SECONDS))
                advice = f"It is too old ({version}): install a newer Graphviz{{or_another_dot}}."
            raise Fault("graphviz", f"{program} failed with {how}: {last[0]}.", advice, said)
        complaints = dict.fromkeys(
            match.group() for match in _COMPLAINT.finditer(said) if _HARMLESS not in match.group()
        )
        return done.out, "; ".join(list(complaints)[:_COMPLAINTS_KEPT])


@cache
def _version(program: str, seconds: float) -> str:
    try:
        done = processes.run([program, "-V"], b"", seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    except processes.TooMuch:
        return ""
    told = done.out[:_LONGEST_VERSION] + done.err[:_LONGEST_VERSION]
    return told.decode(errors="replace").strip()


def _how(code: int) -> str:
    if code > 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _check(  # noqa: PLR0913, PLR0917 - what is checked, and what is told
    program: str,
    form: str,
    content: bytes,
    code: str,
    complaints: str,
    boxes: Collection[str] = (),
) -> None:
    """Raise `Fault` if it isn't, whole, what was asked for."""
    try:
        check(form, content, code, boxes)
    except ValueError as error:
        raise Fault(
            "graphviz",
            f"{program} ended without a fault, but {error}.",
            "Check {which_dot}.",
            complaints,
        ) from error


def _port() -> str | None:
    """The pip-installed port, beside this Python or on the PATH."""
    beside = os.path.dirname(sys.executable)
    return shutil.which(_PIP_DOT, path=beside) or shutil.which(_PIP_DOT)


def _with_all_fonts(svg: bytes) -> bytes:
    """Name the fonts that take the place of the one that the drawing was measured with."""
    one, all_ = (f'font-family="{fonts}"'.encode() for fonts in (theme.FONT, theme.SVG_FONTS))
    return svg.replace(one, all_)
