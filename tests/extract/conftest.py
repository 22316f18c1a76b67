"""Models that are built in the process of the tests, one after the other."""

from __future__ import annotations

import keras
import pytest


@pytest.fixture(autouse=True)
def names_begin_anew():
    """Each model has the names that it has alone."""
    keras.utils.clear_session(free_memory=False)
