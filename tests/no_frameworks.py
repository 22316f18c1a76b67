"""A plugin for pytest: neither Keras nor its backends, nor Sphinx, can be imported.

``python -m pytest -p no_frameworks tests/view`` shows that what is tested there needs none.
"""

from __future__ import annotations

import sys

import pytest

FRAMEWORKS = ("keras", "tensorflow", "jax", "torch", "sphinx", "docutils")


class NoFrameworks:
    """Finds nothing, and refuses to look for frameworks."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in FRAMEWORKS:
            raise ImportError(f"{name} must not be needed here (tests/no_frameworks.py)")


def imported() -> list[str]:
    """The frameworks that are there all the same."""
    return [name for name in FRAMEWORKS if name in sys.modules]


def pytest_sessionstart():
    if imported():
        raise pytest.UsageError(f"{', '.join(imported())} imported before any test")


sys.meta_path.insert(0, NoFrameworks())
