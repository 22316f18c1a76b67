"""A fingerprint holds as long as what was read is what is there."""

from __future__ import annotations

import ast
import importlib
import json
import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinxcontrib_kerasgraph.fingerprint import (
    ABSENT,
    WHOLE_ENVIRONMENT,
    Contents,
    Fingerprint,
    code_digest,
    code_of,
    release,
)

#: After all tests.
LATER = time.time() + 10**6


@pytest.fixture
def project(tmp_path):
    """A folder of files, which the tests name from there on."""
    folder = tmp_path / "project" / "docs"
    folder.mkdir(parents=True)
    folder.joinpath("conf.py").write_bytes(b"a = 1\n")
    folder.parent.joinpath("models.py").write_bytes(b"b = 2\n")
    return folder


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Installs a distribution, or another version of it; removes it without a version."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def install(version: str | None, record: str | None = "a.py,,\n", name: str = "fake") -> Path:
        for path in site.glob(f"{name}-*"):
            shutil.rmtree(path)
        folder = site / f"{name}-{version}.dist-info"
        if version is not None:
            folder.mkdir()
            text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            folder.joinpath("METADATA").write_text(text)
            if record is not None:
                folder.joinpath("RECORD").write_text(record)
        importlib.invalidate_caches()
        return folder

    return install


def taken(folder, files=("conf.py", "../models.py"), packages=(), since=LATER) -> Fingerprint:
    paths = [os.path.normpath(folder / name) for name in files]
    return Fingerprint.taken({"files": paths, "packages": packages}, Contents(str(folder)), since)


def holds(fingerprint: Fingerprint, folder) -> bool:
    """Whether it holds, and so does what JSON gives back of it."""
    held = fingerprint.holds(Contents(str(folder)))
    again = Fingerprint.from_data(json.loads(json.dumps(fingerprint.to_data())))
    assert again.holds(Contents(str(folder))) == held
    return held


# Files


def test_nothing_always_holds(project):
    assert holds(Fingerprint(), project)
    assert holds(taken(project, ()), project)


def test_unchanged_files_hold(project):
    assert holds(taken(project), project)


@pytest.mark.parametrize("name", ["conf.py", "../models.py"])
@pytest.mark.parametrize("content", [b"", b"a = 2\n", b"a = 1\r\n", b"a = 1\n\n"])
def test_another_content_does_not_hold(project, name, content):
    found = taken(project)
    path = project / name
    times = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not holds(found, project)


def test_times_do_not_matter(project):
    found = taken(project)
    for seconds in (0, 1, LATER + 5):
        os.utime(project / "conf.py", (seconds, seconds))
        assert holds(found, project)


def test_a_file_that_is_written_again_with_its_content_holds(project):
    found = taken(project)
    path = project / "conf.py"
    path.unlink()
    assert not holds(found, project)
    path.write_bytes(b"a = 1\n")
    assert holds(found, project)


def test_a_renamed_file_does_not_hold(project):
    found = taken(project)
    project.joinpath("conf.py").rename(project / "conf2.py")
    assert not holds(found, project)


def test_swapped_files_do_not_hold(project):
    found = taken(project)
    one, other = project / "conf.py", project.parent / "models.py"
    one.rename(project / "x")
    other.rename(one)
    project.joinpath("x").rename(other)
    assert not holds(found, project)


def test_a_folder_in_place_of_a_file_does_not_hold(project):
    found = taken(project)
    project.joinpath("conf.py").unlink()
    project.joinpath("conf.py").mkdir()
    assert not holds(found, project)


def test_a_file_that_was_not_there_holds_until_it_comes(project):
    found = taken(project, ("conf.py", "new.py"))
    assert holds(found, project)
    project.joinpath("new.py").write_bytes(b"")
    assert not holds(found, project)


def test_other_files_do_not_matter(project):
    found = taken(project)
    project.joinpath("other.py").write_bytes(b"")
    assert holds(found, project)


@given(old=st.binary(max_size=20), new=st.binary(max_size=20))
def test_contents_decide(tmp_path_factory, old, new):
    folder = tmp_path_factory.mktemp("any")
    path = folder / "file"
    path.write_bytes(old)
    found = taken(folder, ["file"])
    path.write_bytes(new)
    assert holds(found, folder) == (old == new)


def test_contents_are_looked_at_once(project):
    contents = Contents(str(project))
    first = contents.file("conf.py")
    project.joinpath("conf.py").write_bytes(b"new")
    assert contents.file("conf.py") == first
    assert Contents(str(project)).file("conf.py") != first


def test_files_outside_the_working_folder_are_found(project, monkeypatch, tmp_path):
    found = taken(project)
    monkeypatch.chdir(tmp_path)
    assert holds(found, project)
    project.joinpath("conf.py").write_bytes(b"new")
    assert not holds(found, project)


# Files that change while they are read


@pytest.mark.parametrize("after", [0, 0.01, 5])
def test_files_modified_since_then_never_hold(project, after):
    since = project.joinpath("conf.py").stat().st_mtime - after
    touched = taken(project, ["conf.py"], since=since)
    assert not holds(touched, project)
    project.joinpath("conf.py").unlink()
    assert not holds(touched, project)


def test_one_file_modified_since_then_is_enough(project):
    time.sleep(0.05)
    since = time.time()
    assert holds(taken(project, since=since), project)
    time.sleep(0.05)
    os.utime(project / "conf.py")
    assert not holds(taken(project, since=since), project)


def test_a_file_moved_there_does_not_hold(project):
    """It may be older than the one that was read."""
    newer = project / "newer"
    newer.write_bytes(b"new")
    os.utime(newer, (1000, 1000))
    time.sleep(0.05)
    since = time.time()
    time.sleep(0.05)
    newer.replace(project / "conf.py")
    assert not holds(taken(project, ["conf.py"], since=since), project)


def test_a_time_in_the_future_is_none(project):
    os.utime(project / "conf.py", (LATER, LATER))
    assert holds(taken(project, ["conf.py"], since=time.time() - 60), project)


def test_a_file_written_while_a_model_was_built_does_not_hold(project):
    since = time.time()
    time.sleep(0.05)
    project.joinpath("conf.py").write_bytes(b"new")
    assert not holds(taken(project, ["conf.py"], since=since), project)


def test_a_file_written_between_a_look_and_the_building_does_not_hold(project):
    contents = Contents(str(project))
    contents.file("conf.py")
    time.sleep(0.05)
    project.joinpath("conf.py").write_bytes(b"new")
    time.sleep(0.05)
    paths = {"files": [str(project / "conf.py")]}
    found = Fingerprint.taken(paths, contents, since=time.time())
    project.joinpath("conf.py").write_bytes(b"a = 1\n")
    assert not holds(found, project)


# Names


def test_names_are_from_the_folder_on(project):
    assert [name for name, _ in taken(project).files] == ["conf.py", "../models.py"]


def test_a_project_that_was_moved_holds(project, tmp_path):
    found = taken(project)
    project.parent.rename(tmp_path / "elsewhere")
    moved = tmp_path / "elsewhere" / "docs"
    assert holds(found, moved)
    assert taken(moved) == found
    moved.joinpath("conf.py").write_bytes(b"new")
    assert not holds(found, moved)


def test_a_copy_does_not_hold_by_the_original(project, tmp_path):
    found = taken(project)
    copy = shutil.copytree(project.parent, tmp_path / "copy") / "docs"
    copy.joinpath("conf.py").write_bytes(b"new")
    assert holds(found, project)
    assert not holds(found, copy)


def test_a_name_leads_back_to_its_file(project):
    contents = Contents(str(project))
    for path in (project / "conf.py", project.parent / "models.py"):
        name = contents.name(str(path))
        assert not os.path.isabs(name)
        assert os.path.samefile(os.path.join(project, name), path)


def test_odd_names_come_back(project):
    names = ["é \U0001d51e.py", "a;b'c\".py", "..hidden"]
    for name in names:
        project.joinpath(name).write_bytes(b"1")
    found = taken(project, names)
    assert holds(found, project)
    project.joinpath(names[0]).write_bytes(b"2")
    assert not holds(found, project)


# One more file


def test_a_file_more_is_looked_at_too(project):
    path = project / "more.json"
    contents = Contents(str(project))
    absent = taken(project).with_file(str(path), contents)
    assert holds(absent, project)
    path.write_bytes(b"1")
    assert not holds(absent, project)
    there = taken(project).with_file(str(path), Contents(str(project)))
    assert holds(there, project)
    path.write_bytes(b"2")
    assert not holds(there, project)
    path.write_bytes(b"1")
    project.joinpath("conf.py").write_bytes(b"new")
    assert not holds(there, project)


def test_a_file_more_leaves_the_first_as_it_was(project):
    first = taken(project)
    second = first.with_file(str(project / "more"), Contents(str(project)))
    assert first == taken(project)
    assert second != first
    assert second.files[:2] == first.files


def test_an_unsettled_file_stays_so_when_it_is_added_again(project):
    touched = taken(project, ["conf.py"], since=0)
    again = touched.with_file(str(project / "conf.py"), Contents(str(project)))
    assert not holds(again, project)


# Packages


def test_an_unchanged_package_holds(project, installed):
    installed("1.0")
    found = taken(project, packages=["fake"])
    installed("1.0")
    assert holds(found, project)


@pytest.mark.parametrize("record", [None, "a.py,,\n"])
def test_another_version_does_not_hold(project, installed, record):
    installed("1.0", record)
    found = taken(project, packages=["fake"])
    files = record and record + "fake-1.1.dist-info/METADATA,sha256=x,9\n"
    installed("1.1", files)
    assert not holds(found, project)


def test_another_list_of_files_does_not_hold(project, installed):
    installed("1.0", "a.py,sha256=one,3\n")
    found = taken(project, packages=["fake"])
    installed("1.0", "a.py,sha256=two,3\n")
    assert not holds(found, project)
    installed("1.0", None)
    assert not holds(found, project)
    installed("1.0", "a.py,sha256=one,3\n")
    assert holds(found, project)


def test_a_package_that_is_gone_does_not_hold(project, installed):
    installed("1.0")
    found = taken(project, packages=["fake"])
    installed(None)
    assert not holds(found, project)


def test_a_package_that_comes_does_not_hold(project, installed):
    found = taken(project, packages=["fake"])
    assert found.packages == (("fake", ABSENT),)
    assert holds(found, project)
    installed("1.0")
    assert not holds(found, project)


def test_one_changed_package_is_enough(project, installed):
    installed("1.0")
    installed("1.0", name="other")
    found = taken(project, packages=["fake", "other"])
    assert holds(found, project)
    installed("2.0", "b.py,,\n", name="other")
    assert not holds(found, project)


@pytest.mark.parametrize("name", ["keras", "tensorflow", "torch", "jax", "numpy"])
def test_of_frameworks_the_version_is_enough(project, installed, name):
    installed("0.0.1", "a.py,,\n", name)
    found = taken(project, packages=[name])
    installed("0.0.1", "b.py,,\n", name)
    assert holds(found, project)
    installed("0.0.2", "b.py,,\n", name)
    assert not holds(found, project)


@pytest.mark.parametrize("name", ["", "no-such-package", "../fake", "a b", "é"])
def test_odd_names_of_packages_are_absent(project, name):
    found = taken(project, packages=[name])
    assert found.packages == ((name, ABSENT),)
    assert holds(found, project)


@pytest.mark.parametrize("record", [None, "a.py,,\n"])
def test_what_a_failed_removal_leaves_is_no_fault(project, installed, record):
    folder = installed("1.0", record)
    found = taken(project, packages=["fake"])
    folder.joinpath("METADATA").unlink()
    importlib.invalidate_caches()
    assert isinstance(holds(found, project), bool)
    assert isinstance(release("fake"), str)


def test_a_list_of_files_in_another_encoding_is_no_fault(project, installed):
    folder = installed("1.0")
    folder.joinpath("RECORD").write_bytes(b"\xe9.py,,\n")
    found = taken(project, packages=["fake"])
    assert holds(found, project)


def test_release_is_the_version(installed):
    installed("1.0")
    assert release("fake") == "1.0"
    assert release("no-such-package") == ABSENT
    assert release("pytest") == pytest.__version__


# Data


def test_data_is_json_and_gives_the_fingerprint_back(project, installed):
    installed("1.0")
    found = taken(project, packages=["fake"]).with_file("gone", Contents(str(project)))
    assert Fingerprint.from_data(json.loads(json.dumps(found.to_data()))) == found
    assert Fingerprint.from_data(Fingerprint().to_data()) == Fingerprint()


@pytest.mark.parametrize(
    "data",
    [
        *(None, 1, "", "files", [], [1], {}, {"files": {}}, {"packages": {}}),
        *({"files": [], "packages": {}}, {"files": {}, "packages": []}),
        *({"files": None, "packages": {}}, {"files": {}, "packages": "x"}),
        *({"files": {"a": 1}, "packages": {}}, {"files": {}, "packages": {"a": None}}),
    ],
    ids=repr,
)
def test_foreign_data_is_refused(data):
    with pytest.raises(ValueError, match=r".+"):
        Fingerprint.from_data(data)


def test_data_of_others_never_holds_by_chance(project):
    for hash_ in ("", "0" * 64, "ABSENT", ABSENT.upper()):
        data = {"files": {"conf.py": hash_}, "packages": {}, "modules": {}, "variables": {}}
        assert not holds(Fingerprint.from_data(data), project)


# Modules, variables and folders


def test_a_module_that_is_found_elsewhere_does_not_hold(project, monkeypatch, tmp_path):
    for folder in ("one", "two"):
        tmp_path.joinpath(folder).mkdir()
    tmp_path.joinpath("one", "mod_found.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path / "one")
    monkeypatch.syspath_prepend(tmp_path / "two")
    found = Fingerprint.taken(
        {"modules": ["mod_found", "mod_missing"]}, Contents(str(project)), since=LATER
    )
    assert holds(found, project)
    tmp_path.joinpath("two", "mod_found.py").write_text("")
    importlib.invalidate_caches()
    assert not holds(found, project)
    tmp_path.joinpath("two", "mod_found.py").unlink()
    tmp_path.joinpath("two", "mod_missing").mkdir()
    importlib.invalidate_caches()
    assert not holds(found, project)


def test_variables_are_kept_as_hashes(project):
    contents = Contents(str(project), {"TOKEN": "secret"})
    found = Fingerprint.taken({"variables": ["TOKEN", "NONE"]}, contents, since=LATER)
    assert "secret" not in repr(found)
    assert found.holds(contents)
    assert not found.holds(Contents(str(project), {"TOKEN": "other"}))
    assert not found.holds(Contents(str(project), {"TOKEN": "secret", "NONE": ""}))


def test_all_variables_are_those_that_no_terminal_sets(project):
    first = Contents(str(project), {"TOKEN": "secret", "SHLVL": "1"})
    found = Fingerprint.taken({"variables": [WHOLE_ENVIRONMENT]}, first, since=LATER)
    assert "secret" not in repr(found)
    assert found.holds(Contents(str(project), {"SHLVL": "2", "TOKEN": "secret"}))
    assert not found.holds(Contents(str(project), {"TOKEN": "other"}))
    assert not found.holds(Contents(str(project), {"TOKEN": "secret", "NEW": ""}))


@pytest.mark.parametrize("is_there", [True, False])
def test_with_a_slash_only_whether_there_is_a_folder(project, is_there):
    folder = project / "parts"
    if is_there:
        folder.mkdir()
    found = Fingerprint.taken({"files": [f"{folder}{os.sep}"]}, Contents(str(project)), since=0)
    assert holds(found, project)
    if is_there:
        folder.joinpath("one").write_text("")
        assert holds(found, project)
        shutil.rmtree(folder)
    else:
        folder.mkdir()
    assert not holds(found, project)


def test_a_folder_is_what_is_in_it(project):
    folder = project / "parts"
    folder.mkdir()
    found = Fingerprint.taken({"files": [str(folder)]}, Contents(str(project)), since=0)
    folder.joinpath("__pycache__").mkdir()
    assert holds(found, project)
    folder.joinpath("more.json").write_text("{}")
    assert not holds(found, project)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_not_waited_for(project):
    os.mkfifo(project / "pipe")
    found = Fingerprint.taken({"files": [str(project / "pipe")]}, Contents(str(project)), since=0)
    assert isinstance(holds(found, project), bool)


def test_what_cannot_be_a_file_is_absent(project):
    found = Fingerprint.taken({"files": ["a\0b"]}, Contents(str(project)), since=0)
    assert holds(found, project)


# This package's own code

PACKAGE = Path(code_digest.__wrapped__.__code__.co_filename).parent
GRAPHS, DRAWINGS = "worker.server", "pictures"


#: A package of the same name.
OTHER = {
    "__init__.py": "from sphinxcontrib_kerasgraph.ext import html",
    "cli.py": "from sphinxcontrib_kerasgraph import api",
    "ext/html.py": "from sphinxcontrib_kerasgraph import pictures",
    "target.py": "import re",
    "graph/__init__.py": "from sphinxcontrib_kerasgraph.graph.calls import Call",
    "graph/calls.py": "class Call: pass",
    "worker/server.py": """
from sphinxcontrib_kerasgraph.target import Target
def main():
    from sphinxcontrib_kerasgraph.extract import read
""",
    "extract/read/__init__.py": "from sphinxcontrib_kerasgraph.extract.read.deep import history",
    "extract/read/deep/history.py": "from sphinxcontrib_kerasgraph.graph import Call",
    "pictures.py": """
from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.view.shown import shown
""",
    "draw/theme.py": "",
    "view/shown.py": "import sphinxcontrib_kerasgraph.graph",
}


@pytest.fixture
def package(tmp_path):
    """A package to be changed."""
    root = tmp_path / PACKAGE.name
    for file, text in OTHER.items():
        add(root, file, text + "\n")
    return root


def add(package: Path, file: str, text: str) -> None:
    """Add text to a file."""
    path = package / file
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(old + text, encoding="utf-8")


def imported(file: Path) -> set[str]:
    """The modules of this package that a module imports, but for type checkers, by parsing it."""

    class Imports(ast.NodeVisitor):
        def __init__(self):
            self.names = set()

        def visit_If(self, node):
            if ast.unparse(node.test) != "TYPE_CHECKING":
                self.generic_visit(node)

        def visit_Import(self, node):
            self.names |= {alias.name for alias in node.names}

        def visit_ImportFrom(self, node):
            assert not node.level
            self.names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}

    visitor = Imports()
    visitor.visit(ast.parse(file.read_text(encoding="utf-8")))
    begin = f"{PACKAGE.name}."
    return {name.removeprefix(begin) for name in visitor.names if name.startswith(begin)}


@pytest.mark.parametrize("module", [GRAPHS, DRAWINGS, "options"])
def test_the_code_is_what_parsing_finds(module):
    found, ahead = set(), {module}
    while ahead:
        name = ahead.pop()
        place = PACKAGE / name.replace(".", "/")
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            file = path.relative_to(PACKAGE).as_posix()
            if path.is_file() and file not in found:
                found.add(file)
                ahead |= imported(path) | {name.rpartition(".")[0]} - {""}
    assert set(code_of(module)) == found


def test_what_decides_graphs_and_drawings():
    for module, folders in {
        GRAPHS: {"extract", "graph"},
        DRAWINGS: {"draw", "label", "scene", "view"},
        "diff.model_diff": {"compare", "diff", "graph"},
    }.items():
        found = code_of(module)
        assert folders <= {file.partition("/")[0] for file in found}
        assert not any(file.startswith("ext/") for file in found)
        assert {"__init__.py", "cli.py", "api.py"}.isdisjoint(found)


@pytest.mark.parametrize(
    ("file", "decides"),
    [
        ("target.py", {GRAPHS}),
        ("extract/read/__init__.py", {GRAPHS}),
        ("extract/read/deep/history.py", {GRAPHS}),
        ("extract/read/deep/__init__.py", {GRAPHS}),
        ("graph/__init__.py", {GRAPHS, DRAWINGS}),
        ("graph/calls.py", {GRAPHS, DRAWINGS}),
        ("view/shown.py", {DRAWINGS}),
        ("draw/theme.py", {DRAWINGS}),
        ("ext/html.py", set()),
        ("cli.py", set()),
        ("__init__.py", set()),
        ("extract/unused.py", set()),
    ],
)
def test_a_changed_file_counts_where_it_plays_a_role(package, file, decides):
    before = {module: code_digest(module, root=package) for module in (GRAPHS, DRAWINGS)}
    code_digest.cache_clear()
    add(package, file, "\n# changed\n")
    after = {module: code_digest(module, root=package) for module in (GRAPHS, DRAWINGS)}
    assert {module for module in before if before[module] != after[module]} == decides


@pytest.mark.parametrize("place", ["target/__init__.py", "extract/deep/deeper/target.py"])
def test_a_moved_file_counts(package, place):
    before = code_digest(GRAPHS, root=package)
    code_digest.cache_clear()
    package.joinpath(place).parent.mkdir(parents=True)
    shutil.move(package / "target.py", package / place)
    moved = code_digest(GRAPHS, root=package)
    assert moved != before
    code_digest.cache_clear()
    server = package / "worker" / "server.py"
    name = place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    begin = f"from {PACKAGE.name}."
    server.write_text(server.read_text().replace(f"{begin}target", f"{begin}{name}"))
    assert place in code_of(GRAPHS, root=package)
    assert code_digest(GRAPHS, root=package) != before


@pytest.mark.parametrize(
    ("statement", "counts"),
    [
        ("from sphinxcontrib_kerasgraph import more", True),
        ("from sphinxcontrib_kerasgraph.more import A", True),
        ("import sphinxcontrib_kerasgraph.more", True),
        ("from sphinxcontrib_kerasgraph import (\n    store,\n    more,\n)", True),
        ("def f():\n    from sphinxcontrib_kerasgraph.more import A", True),
        ("def f():\n\n    import sphinxcontrib_kerasgraph.more as other", True),
        ("import sphinxcontrib_kerasgraph.moreover", False),
    ],
)
def test_all_ways_to_import_are_seen(package, statement, counts):
    add(package, "target.py", f"\n{statement}\n")
    add(package, "more.py", "A = 1\n")
    assert ("more.py" in code_of(GRAPHS, root=package)) == counts


def test_imports_for_type_checkers_do_not_count(package):
    target = package / "target.py"
    block = "\nif TYPE_CHECKING:\n    from sphinxcontrib_kerasgraph.more import A\n\nB = 1\n"
    target.write_text(block, encoding="utf-8")
    add(package, "more.py", "A = 1\n")
    assert "more.py" not in code_of(GRAPHS, root=package)


def test_a_module_that_is_not_there_is_a_mistake():
    with pytest.raises(ValueError, match=r"draw\.nothing"):
        code_digest("draw.nothing")
