"""What the process of one model does before there is a model, without Keras."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sphinxcontrib_kerasgraph.worker import builder

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk")


def test_what_an_import_printed_may_find_no_room():
    process = os.fork()
    if not process:
        try:
            builder._point_output("/dev/full", b"imported")
        except BaseException:  # noqa: BLE001 - it is told
            os._exit(1)
        os._exit(0)
    assert os.waitpid(process, 0)[1] == 0
