"""The parent of a builder that was started for its model, with which all ends that this starts.

On Linux, for `worker.spawned`; what `worker.server` is to builders that are forked.
"""

from __future__ import annotations

import os
import signal
import time
from typing import NoReturn

from sphinxcontrib_kerasgraph.worker.descendants import (
    adopt,
    end_all_but,
    end_with_parent,
    exit_once,
)

_PAUSE = 0.02


def main() -> NoReturn:
    """Have a child build, and end as it does, or when it is told to, or when its client ends."""
    client, keeper = os.getppid(), os.getpid()
    adopt()
    signal.signal(signal.SIGTERM, exit_once)
    # Nothing is imported yet that would have threads.
    process = os.fork()
    if not process:
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.setsid()
            end_with_parent(keeper)
            from sphinxcontrib_kerasgraph.worker import builder

            builder.main(keeper)
        finally:  # it is no keeper, whatever happens
            os._exit(1)
    code = 1
    try:
        code = _awaited(process, client)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    except SystemExit:
        pass
    finally:
        end_all_but(())
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(keeper, -code)
    os._exit(code if code >= 0 else 1)


def _awaited(process: int, client: int) -> int:
    """How the child has ended, or 1 if the client has."""
    while os.getppid() == client:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(_PAUSE)
    return 1
