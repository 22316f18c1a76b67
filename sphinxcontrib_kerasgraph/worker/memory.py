"""What the system knows of memory: what a process may take, and whom it has killed for want of it.

On Linux; elsewhere there is no limit, and nothing is known.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

_MEGABYTE = 2**20


def limit_memory(megabytes: float) -> None:
    """Let this process take so much memory beside what it has; what asks for more doesn't get it.

    On Linux, where what a process may write to is limited (``RLIMIT_DATA``, as of 4.7).
    """
    try:
        import resource

        taken = _taken()
    except (ImportError, OSError):
        return
    limit = taken + int(megabytes * _MEGABYTE)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _taken() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    raise OSError("the system doesn't tell")


def killed_for_memory() -> int:
    """How many processes the system has killed for want of memory, since it runs; 0 if unknown."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0
