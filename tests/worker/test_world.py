"""What processes that build models have of the one that starts them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from sphinxcontrib_kerasgraph.worker.world import World


def test_folders_are_absolute_and_all_else_is_as_it_is(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("here").mkdir()
    monkeypatch.setattr(sys, "path", ["here", "", "__path_hook__", "nosuch"])
    here = os.path.realpath(tmp_path)
    assert World().path == [f"{here}/here", here, "__path_hook__", "nosuch"]


def test_what_python_passes_over_is_left_out(monkeypatch):
    monkeypatch.setattr(sys, "path", [Path("/nosuch"), Path("/tmp"), b"/tmp", None, "/nosuch"])
    assert json.dumps(World().path) == '["/nosuch"]'


def test_a_folder_that_is_gone(monkeypatch, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert World().folder == os.path.expanduser("~")
