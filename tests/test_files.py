"""Regular files alone are read, and up to a size; none is waited for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sphinxcontrib_kerasgraph import files
from tampered import special

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pipes")


@pytest.mark.parametrize("what", [*special(Path())])
def test_what_is_no_regular_file_is_refused(tmp_path, monkeypatch, what):
    monkeypatch.chdir(tmp_path)  # names of sockets are short
    path = tmp_path / "file"
    special(path)[what]()
    with pytest.raises(OSError, match=r"regular|No such|Too many|device"):
        files.read(path)
    with pytest.raises(OSError, match=r"regular|No such|Too many|device"):
        files.read_end(path, 3)


def test_what_is_larger_is_refused_and_the_end_is_read(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert files.read(path, 5) == b"12345"
    assert files.read_end(path, 2) == b"45"
    with pytest.raises(OSError, match="It is larger than"):
        files.read(path, 4)
    with pytest.raises(FileNotFoundError):
        files.read("nu\0l")


def test_a_link_is_followed_but_for_an_end(tmp_path):
    tmp_path.joinpath("file").write_bytes(b"12345")
    tmp_path.joinpath("link").symlink_to("file")
    assert files.read(tmp_path / "link") == b"12345"
    with pytest.raises(OSError, match="link"):
        files.read_end(tmp_path / "link", 3)


def test_a_file_is_where_links_lead(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "in_other"
    inside.mkdir()
    outside.mkdir()
    for folder in (inside, outside):
        folder.joinpath("file").touch()
    inside.joinpath("out").symlink_to(outside)
    outside.joinpath("back").symlink_to(inside)
    within = {
        "in/file": True, "in/deeper/none": True, "in/../in_other/file": False,
        "in/out/file": False, "in_other/file": False, "in_other/back/file": True,
    }  # fmt: skip
    found = {name: files.is_within(tmp_path / name, inside) for name in within}
    assert found == within
