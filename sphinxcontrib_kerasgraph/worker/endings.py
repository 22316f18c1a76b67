"""Why a model has no answer, of what its builder's end tells."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from sphinxcontrib_kerasgraph.worker.protocol import Ended, Lost

#: What TensorFlow prints before it heeds ``TF_CPP_MIN_LOG_LEVEL``.
_CHATTER = re.compile(r"[IW]\d{4} |WARNING: All log messages before absl::InitializeLog")

_ADVICE = "{more} shows all that was printed."

#: What ends a process so, mostly.
_REASONS = {
    "SIGSEGV": "a crash in a native library",
    "SIGBUS": "a crash in a native library",
    "SIGILL": "a library made for another processor",
    "SIGFPE": "a crash in a native library",
    "SIGABRT": "a native library gave up",
    "SIGKILL": "killed from outside, perhaps for want of memory",
    "SIGXCPU": "a limit on processor time",
}


def how_ended(code: int) -> str:
    """The exit code, or the signal, in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    reason = _REASONS.get(name)
    return f"was ended by {name}" + (f" ({reason})" if reason else "")


def slow(target: str, timeout: float, output: str) -> Fault:
    """The builder was killed for its time."""
    return Fault(
        "worker",
        f"Building {target!r} took longer than {timeout:g} seconds{_printed_last(output)}.",
        "Build a smaller model{or_more_time}.",
        output,
    )


def never_ready(target: str, seconds: float, output: str) -> Fault:
    """The builder was killed before the model had its time."""
    return Fault(
        "worker",
        f"The process that was to build {target!r} took longer than {seconds:g} seconds to import "
        f"Keras{_printed_last(output)}.",
        _ADVICE,
        output,
    )


def dead(target: str, ended: Ended, output: str) -> Fault:
    """The builder ended without an answer."""
    if ended.out_of_memory and ended.code == -getattr(signal, "SIGKILL", 9):
        return Fault(
            "worker",
            f"The system ended the process that built {target!r}, for want of memory (SIGKILL)"
            f"{_printed_last(output)}.",
            "Build a smaller model, or on a larger machine. " + _ADVICE,
            output,
        )
    return Fault(
        "worker",
        f"The process that built {target!r} {how_ended(ended.code)}{_printed_last(output)}.",
        ("Its code has ended it. " if ended.code >= 0 else "") + _ADVICE,
        output,
    )


def unwritten(target: str, code: int) -> Fault:
    """What the builder found couldn't be written: see `builder.build`."""
    return Fault(
        "worker",
        f"What was found of {target!r} can't be written into the folder of temporary files: "
        f"{os.strerror(code)}.",
        "Make room there, or set TMPDIR in the environment to another folder.",
    )


def unreadable(target: str, error: ValueError, found: str) -> Fault:
    """What the builder left is no answer."""
    return Fault(
        "internal",
        f"The answer for {target!r} can't be read: {error}.",
        "If the model runs, please report this; {more} shows what was found.",
        found,
    )


def lost(target: str, error: Lost) -> Fault:
    """The server ended, or doesn't answer, while this was built."""
    return Fault(
        "worker",
        f"The worker process {error} while it built {target!r}{_printed_last(error.output)}.",
        _ADVICE,
        error.output,
    )


def _printed_last(output: str) -> str:
    lines = [line.strip() for line in output.splitlines()]
    lines = [line for line in lines if line and not _CHATTER.match(line)]
    return f"; it printed last: {lines[-1]}" if lines else ""
