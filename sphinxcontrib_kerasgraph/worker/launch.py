"""How processes that build models are started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from sphinxcontrib_kerasgraph.processes import start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinxcontrib_kerasgraph.worker.protocol import Setup


#: Where libraries may be used in a fork of a process that has imported them, and what is started
#: has a process above it that ends all with it.
FORKS = sys.platform == "linux" and hasattr(os, "fork")


def code_of(module: str) -> str:
    """What the process runs: `main` of a module of `worker`, found where Sphinx finds modules."""
    main = f"keeper import main; main({module!r})" if FORKS else f"{module} import main; main()"
    return (
        "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); "
        f"from sphinxcontrib_kerasgraph.worker.{main}"
    )


@dataclass(frozen=True)
class Launch:
    """How they are started: with these variables, in that folder, and set up so."""

    environment: Mapping[str, str]
    folder: str
    setup: Setup

    def process(self, module: str, stderr: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """One that runs `main` of a module of `worker`. Raises `OSError`, `ValueError`.

        Ctrl-C is for Sphinx, which then ends it.
        """
        return start(
            # Nothing is imported from the working directory before `sys.path` is there.
            [
                sys.executable,
                "-P",
                "-c",
                code_of(module),
                json.dumps(list(self.setup.path)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            bufsize=0,  # a buffer would be written when it is closed, which may wait
            env=dict(self.environment),
            cwd=self.folder,
        )
