"""Tests of what could wait for ever."""

from __future__ import annotations

import threading

import pytest


@pytest.fixture
def within():
    """Calls a function that has to end in so many seconds."""

    def call(seconds, function, *args):
        found = []
        thread = threading.Thread(target=lambda: found.append(function(*args)), daemon=True)
        thread.start()
        thread.join(seconds)
        assert not thread.is_alive(), f"it still waits after {seconds} seconds"
        return found[0]

    return call
