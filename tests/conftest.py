"""What all tests share."""

from __future__ import annotations

import pytest

from sphinx_project import need


@pytest.fixture(scope="session")
def dot() -> str:
    """The path of Graphviz's ``dot``, the compiled one."""
    return need("dot", "graphviz")
