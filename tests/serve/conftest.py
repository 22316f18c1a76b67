"""Nothing of what is served is left by a test."""

from __future__ import annotations

import pytest

from left_behind import all_watched


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left(tmp_path_factory):
    """No process or temporary file that the tests of a module have started or made."""
    with all_watched(tmp_path_factory.mktemp("watched")):
        yield
