"""The world in which models are built: that with which a build of documentation began.

What reading pages has done since to the environment, the working directory or the path of modules
reaches no model: a page that is built alone wouldn't have it.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Set in the processes unless the environment or ``kerasgraph_environment`` says otherwise: no GPU
#: is taken for drawing, no chatter is printed, and sets have the same order in every build.
DEFAULT_ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "JAX_PLATFORMS": "cpu",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONHASHSEED": "0",
}


def _here() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was removed
        return os.path.expanduser("~")


def _module_path() -> list[str]:
    # Entries that are no folders are placeholders of import hooks, and taken as they are. What is
    # no text is passed over by Python, too.
    texts = [entry for entry in sys.path if isinstance(entry, str)]
    return [os.path.abspath(entry) if os.path.isdir(entry or ".") else entry for entry in texts]


@dataclass(frozen=True)
class World:
    """What processes have of the one that starts them, taken when this is made."""

    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: str = field(default_factory=_here)
    path: Sequence[str] = field(default_factory=_module_path)

    def given(self, more: Mapping[str, str]) -> dict[str, str]:
        """The variables of the processes, with those that conf.py gives them."""
        return DEFAULT_ENVIRONMENT | dict(self.environment) | dict(more)
