"""Which files decide a model, and whether one of them was saved."""

from __future__ import annotations

import os
import time

import pytest

from sphinxcontrib_kerasgraph.serve.watch import Watch, paths_of
from sphinxcontrib_kerasgraph.target import Target


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "model.py"
    path.write_text("one")
    os.utime(path, (1000, 1000))
    return path


def changes(path, change):
    watch = Watch([str(path)])
    assert not watch.has_changed()
    change()
    return watch.has_changed(), watch.has_changed()


def test_what_is_saved_has_changed_once(file):
    assert changes(file, lambda: file.write_text("two")) == (True, False)


def test_so_has_a_file_that_is_replaced_by_one_of_the_same_age(file, tmp_path):
    other = tmp_path / "other"
    other.write_text("two")
    os.utime(other, (1000, 1000))
    assert changes(file, lambda: other.replace(file)) == (True, False)


def test_and_one_that_comes_or_goes(file, tmp_path):
    assert changes(file, file.unlink) == (True, False)
    assert changes(file, lambda: file.write_text("one")) == (True, False)


def test_of_a_folder_the_names_count(file, tmp_path):
    def cache():
        tmp_path.joinpath("__pycache__").mkdir()
        tmp_path.joinpath(".swap").touch()

    assert changes(tmp_path, cache) == (False, False)
    assert changes(tmp_path, lambda: file.write_text("two")) == (False, False)
    assert changes(tmp_path, tmp_path.joinpath("new.py").touch) == (True, False)


def test_what_was_saved_while_the_model_was_built_has_changed(file, tmp_path):
    watch = Watch([str(file)])
    begin = time.time() - 1
    file.write_text("known before")
    new = tmp_path / "imported.py"
    new.write_text("known since it was imported")
    watch.follow([str(file)], begin)
    assert watch.has_changed()
    watch.follow([str(file), str(new)], begin)
    assert watch.has_changed()
    assert not watch.has_changed()
    watch.follow([str(file), str(new)], begin)
    assert not watch.has_changed()


def test_a_file_from_the_future_is_not_built_for_ever(file):
    os.utime(file, (time.time() + 1e6,) * 2)
    watch = Watch()
    watch.follow([str(file)], time.time())
    assert not watch.has_changed()


def test_a_name_that_can_be_no_file_is_none():
    assert not Watch(["a\0b"]).has_changed()


def test_files_of_modules_are_watched_before_they_are_there():
    found = paths_of(Target.parse("pkg.nets.build(depth=2)"), "/at", {})
    assert {"/at/pkg.py", "/at/pkg/__init__.py", "/at/pkg/nets.py"} <= set(found)
    made_from = {"files": ["/else/where.py"], "modules": ["helper"]}
    found = paths_of(Target.parse("pkg.build"), "/at", made_from)
    assert {"/else/where.py", "/at/helper.py", "/at/helper/__init__.py"} <= set(found)
    assert paths_of(Target.parse("saved/net.keras"), "/at", {}) == ["/at/saved/net.keras"]
