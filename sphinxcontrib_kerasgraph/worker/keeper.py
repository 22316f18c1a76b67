"""The parent of the server, or of a builder that was started for its model; all ends with those.

On Linux. It adopts what they leave, also where the author's code or the system has killed them.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

from sphinxcontrib_kerasgraph.worker.descendants import adopt, end_all_but, end_with_parent

#: So often it looks whether its client lives; the end of its child wakes it.
_LOOK_SECONDS = 0.5


def main(module: str) -> NoReturn:
    """Have a child be that, and end as it does, or when it is told to, or when its client ends."""
    client, keeper = os.getppid(), os.getpid()
    adopt()
    signal.signal(signal.SIGTERM, _exit_once)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    # Nothing is imported yet that would have threads.
    process = os.fork()
    if not process:
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            os.setsid()
            end_with_parent(keeper)
            from sphinxcontrib_kerasgraph.worker import builder, server

            if module == "server":
                server.main()
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


def _exit_once(*_: object) -> NoReturn:
    """Raise `SystemExit`, unless the ending is under way."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit()


def _awaited(process: int, client: int) -> int:
    """How the child has ended, or 1 if the client has."""
    while os.getppid() == client:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        signal.sigtimedwait({signal.SIGCHLD}, _LOOK_SECONDS)
    return 1
