"""The store keeps bytes whole, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time

import pytest

from effort import cases
from sphinxcontrib_kerasgraph import store as module
from sphinxcontrib_kerasgraph.store import LONGEST_UNUSED, Store, key_of, write_whole

DAY = 24 * 60 * 60
KEY = key_of("a")
OTHER = key_of("b")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


def put(store: Store, key: str, content: bytes = b"content", *, unused: float = 0) -> None:
    """Put an entry that was used last so many seconds before now."""
    store.put("graphs", key, content)
    assert store.error is None
    touch(store._folder / "graphs" / key, unused)


def touch(path, ago: float) -> None:
    used = time.time() - ago
    os.utime(path, (used, used))


def files(folder) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# Entries


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb\n", bytes(range(256)) * 99, b"\r\n\x1a"])
def test_what_was_put_is_got(store, folder, content):
    store.put("graphs", KEY, content)
    assert store.get("graphs", KEY) == content
    assert Store(folder).get("graphs", KEY) == content
    assert store.error is None


def test_what_was_not_put_is_missing(store, folder):
    assert store.get("graphs", KEY) is None
    assert not folder.exists()
    store.put("graphs", KEY, b"1")
    assert store.get("graphs", OTHER) is None
    assert store.get("drawings", KEY) is None


def test_kinds_and_keys_are_kept_apart(store):
    for kind in ("graphs", "drawings"):
        for key in (KEY, OTHER):
            store.put(kind, key, f"{kind} {key}".encode())
    for kind in ("graphs", "drawings"):
        for key in (KEY, OTHER):
            assert store.get(kind, key) == f"{kind} {key}".encode()


def test_a_second_put_replaces(store, folder):
    store.put("graphs", KEY, b"a long one")
    store.put("graphs", KEY, b"short")
    assert store.get("graphs", KEY) == b"short"
    assert files(folder) == {f"graphs/{KEY}"}


def test_keys_differ_where_values_do():
    values = [(), ("",), ("a", "b"), ("ab",), (("a", "b"),), (1,), ("1",), (True,), (None,), (b"",)]
    assert len({key_of(*one) for one in values}) == len(values)
    assert key_of("a", 1) == key_of("a", 1)


# Damage


def check_missing(store: Store) -> None:
    """The entry counts as missing, and can be put again."""
    assert store.get("graphs", KEY) is None
    store.put("graphs", KEY, b"new")
    assert store.error is None
    assert store.get("graphs", KEY) == b"new"


def test_cut_entries_are_missing(store, folder):
    path = folder / "graphs" / KEY
    store.put("graphs", KEY, b"some content\nof two lines\n")
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        check_missing(store)


def test_entries_with_a_flipped_bit_are_missing(store, folder):
    path = folder / "graphs" / KEY
    store.put("graphs", KEY, b"two\nlines\n")
    whole = path.read_bytes()
    for at in range(len(whole)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[at] ^= 1 << bit
            path.write_bytes(damaged)
            assert store.get("graphs", KEY) is None
    check_missing(store)


def test_entries_with_more_at_an_end_are_missing(store, folder):
    path = folder / "graphs" / KEY
    store.put("graphs", KEY, b"content")
    whole = path.read_bytes()
    for damaged in (whole + b"\n", whole + b"\0", b"\n" + whole, b" " + whole, whole * 2):
        path.write_bytes(damaged)
        check_missing(store)


@pytest.mark.parametrize("content", [b"", b"\n", b"\n\n", b"foreign", b"{}\n", b"\0" * 99])
def test_foreign_entries_are_missing(store, folder, content):
    folder.joinpath("graphs").mkdir(parents=True)
    folder.joinpath("graphs", KEY).write_bytes(content)
    check_missing(store)


def test_an_entry_of_another_key_is_got_by_its_own_alone(store, folder):
    store.put("graphs", KEY, b"1")
    folder.joinpath("graphs", OTHER).write_bytes(b"1")
    assert store.get("graphs", OTHER) is None
    assert store.get("graphs", KEY) == b"1"


def test_a_folder_in_place_of_an_entry_is_no_fault(store, folder):
    folder.joinpath("graphs", KEY).mkdir(parents=True)
    assert store.get("graphs", KEY) is None
    store.put("graphs", KEY, b"new")
    store.prune()
    assert (store.get("graphs", KEY) == b"new") == (store.error is None)
    assert not [name for name in files(folder) if "unfinished" in name]


def test_a_dangling_link_in_place_of_an_entry_is_missing(store, folder, tmp_path):
    folder.joinpath("graphs").mkdir(parents=True)
    folder.joinpath("graphs", KEY).symlink_to(tmp_path / "gone")
    check_missing(store)
    assert not tmp_path.joinpath("gone").exists()


# Folders that can't be written


@pytest.mark.parametrize("where", ["", "graphs", "above"])
def test_a_file_in_place_of_the_folder_is_noted(tmp_path, where):
    place = tmp_path / "place"
    if where == "graphs":
        place.mkdir()
    place.joinpath(where if where == "graphs" else "").write_bytes(b"a file")
    store = Store(place / "below" if where == "above" else place)
    assert store.get("graphs", KEY) is None
    assert store.error is None
    store.put("graphs", KEY, b"1")
    assert isinstance(store.error, OSError)
    first = store.error
    store.put("graphs", OTHER, b"1")
    assert store.error is first
    assert store.get("graphs", KEY) is None
    store.prune()
    assert files(tmp_path) == {"place/graphs" if where == "graphs" else "place"}


def test_what_can_be_kept_is_kept_beside_what_can_not(store, folder):
    folder.mkdir()
    folder.joinpath("graphs").write_bytes(b"a file")
    store.put("graphs", KEY, b"1")
    store.put("drawings", KEY, b"2")
    store.prune()
    assert isinstance(store.error, OSError)
    assert store.get("drawings", KEY) == b"2"
    assert folder.joinpath("graphs").read_bytes() == b"a file"


def test_a_folder_that_is_removed_meanwhile_is_made_again(store, folder, tmp_path):
    store.put("graphs", KEY, b"1")
    folder.rename(tmp_path / "moved")
    assert store.get("graphs", KEY) is None
    store.prune()
    store.put("graphs", KEY, b"1")
    assert store.error is None
    assert store.get("graphs", KEY) == b"1"


def test_a_failed_write_leaves_the_old_entry_and_no_other_file(store, folder, monkeypatch):
    store.put("graphs", KEY, b"old")

    def fail(*_):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(module.os, "replace", fail)
        patched.setattr(type(folder), "replace", fail)
        store.put("graphs", KEY, b"new")
    assert str(store.error) == "disk full"
    assert store.get("graphs", KEY) == b"old"
    assert files(folder) == {f"graphs/{KEY}"}


# Pruning


def test_what_was_unused_for_long_is_removed(store, folder):
    put(store, KEY, unused=LONGEST_UNUSED + DAY)
    put(store, OTHER, unused=LONGEST_UNUSED - DAY)
    store.prune()
    assert store.get("graphs", KEY) is None
    assert store.get("graphs", OTHER) == b"content"


def test_all_kinds_are_pruned(store):
    for kind in module.KINDS:
        store.put(kind, KEY, b"1")
        touch(store._path(kind, KEY), LONGEST_UNUSED + DAY)
    store.prune()
    assert [store.get(kind, KEY) for kind in module.KINDS] == [None] * len(module.KINDS)


def test_got_is_used(store):
    put(store, KEY, unused=LONGEST_UNUSED - DAY)
    put(store, OTHER, unused=LONGEST_UNUSED - DAY)
    assert store.get("graphs", KEY) == b"content"
    for key in (KEY, OTHER):
        path = store._path("graphs", key)
        os.utime(path, (path.stat().st_mtime - 2 * DAY,) * 2)
    store.prune()
    assert store.get("graphs", KEY) == b"content"
    assert store.get("graphs", OTHER) is None


def test_a_damaged_entry_is_not_marked_as_used(store, folder):
    put(store, KEY, unused=20 * DAY)
    path = folder / "graphs" / KEY
    path.write_bytes(b"damaged")
    touch(path, 20 * DAY)
    store.get("graphs", KEY)
    assert time.time() - path.stat().st_mtime > 19 * DAY


def test_the_least_lately_used_are_removed_where_there_is_too_much(store, monkeypatch):
    keys = [key_of(number) for number in range(10)]
    for number, key in enumerate(keys):
        put(store, key, bytes(1000), unused=(number * 7 % 10) * DAY)
    monkeypatch.setattr(module, "LARGEST", 4500)
    store.prune()
    kept = {number * 7 % 10 for number, key in enumerate(keys) if store.get("graphs", key)}
    assert kept == {0, 1, 2, 3}


def test_kinds_have_their_room_together(store, monkeypatch):
    for kind, ago in (("graphs", 1), ("drawings", 2), ("graphs", 3), ("drawings", 4)):
        store.put(kind, key_of(ago), bytes(1000))
        touch(store._path(kind, key_of(ago)), ago * DAY)
    monkeypatch.setattr(module, "LARGEST", 2500)
    store.prune()
    assert store.get("graphs", key_of(1))
    assert store.get("drawings", key_of(2))
    assert store.get("graphs", key_of(3)) is None
    assert store.get("drawings", key_of(4)) is None


def test_no_more_is_kept_than_the_largest(store, folder, monkeypatch):
    for number in range(20):
        put(store, key_of(number), bytes(number * 100), unused=number * DAY)
    monkeypatch.setattr(module, "LARGEST", 3000)
    store.prune()
    sizes = [path.stat().st_size for path in folder.joinpath("graphs").iterdir()]
    assert sum(sizes) <= 3000
    assert sum(sizes) > 2000


def test_what_is_just_as_large_as_may_be_is_kept(store, folder, monkeypatch):
    put(store, KEY, bytes(1000))
    size = folder.joinpath("graphs", KEY).stat().st_size
    monkeypatch.setattr(module, "LARGEST", size)
    store.prune()
    assert store.get("graphs", KEY) == bytes(1000)


def test_files_of_others_are_never_touched(store, folder, tmp_path, monkeypatch):
    foreign = [
        "graphs/notes.txt",
        f"graphs/{KEY[:-1]}",
        f"graphs/{KEY}0",
        f"graphs/{KEY.upper()}",
        f"graphs/{KEY}.json",
        f"graphs/deeper/{KEY}",
        "graphs/.unfinished-x",
        "graphs/.unfinished",
        f"graphs/.unfinished-{'0' * 16}.txt",
        f"other/{KEY}",
        KEY,
        f"../{KEY}",
        "../notes.txt",
        ".gitignore",
        "CACHEDIR.TAG",
    ]
    assert KEY.upper() != KEY
    for name in foreign:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"mine")
        touch(path, 99 * LONGEST_UNUSED)
    monkeypatch.setattr(module, "LARGEST", 1)
    put(store, OTHER)
    store.prune()
    assert store.get("graphs", OTHER) is None
    for name in foreign:
        assert folder.joinpath(name).read_bytes() == b"mine"


def test_folders_named_as_entries_are_left_alone(store, folder):
    inside = folder / "graphs" / KEY / "file"
    inside.parent.mkdir(parents=True)
    inside.write_bytes(b"mine")
    touch(inside.parent, LONGEST_UNUSED * 2)
    put(store, OTHER, unused=LONGEST_UNUSED * 2)
    store.prune()
    assert inside.read_bytes() == b"mine"
    assert store.get("graphs", OTHER) is None


def unfinished(folder, number: int, ago: float, size: int = 9):
    path = folder / "graphs" / f".unfinished-{number:016x}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    touch(path, ago)
    return path


def test_old_unfinished_files_are_removed_and_young_ones_kept(store, folder):
    old = unfinished(folder, 1, 2 * DAY)
    young = unfinished(folder, 2, 60)
    put(store, KEY)
    store.prune()
    assert not old.exists()
    assert young.exists()
    assert store.get("graphs", KEY) == b"content"


def test_young_unfinished_files_are_kept_where_there_is_too_much(store, folder, monkeypatch):
    young = unfinished(folder, 2, 60)
    put(store, KEY, bytes(1000))
    monkeypatch.setattr(module, "LARGEST", 1050)
    store.prune()
    assert young.exists()


def test_nothing_is_removed_where_nothing_was_added(store, folder):
    put(store, KEY, unused=2 * LONGEST_UNUSED)
    reader = Store(folder)
    reader.get("graphs", OTHER)
    reader.prune()
    assert folder.joinpath("graphs", KEY).exists()


def test_an_unused_store_makes_no_folder(store, folder):
    store.get("graphs", KEY)
    store.prune()
    assert not folder.exists()


def test_the_folder_is_marked_as_a_cache(store, folder):
    put(store, KEY)
    store.prune()
    assert files(folder) == {f"graphs/{KEY}", "CACHEDIR.TAG", ".gitignore"}
    tag = folder.joinpath("CACHEDIR.TAG").read_bytes()
    assert tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55")
    assert folder.joinpath(".gitignore").read_text().strip() == "*"


def test_pruning_goes_on_where_another_build_was_faster(store, monkeypatch, folder):
    for number in range(5):
        put(store, key_of(number), unused=2 * LONGEST_UNUSED)
    real = type(folder).unlink

    def unlink(path, *args, **kwargs):
        real(path)
        real(path, *args, **kwargs)  # there is none any more

    monkeypatch.setattr(type(folder), "unlink", unlink)
    store.prune()
    assert not list(folder.joinpath("graphs").iterdir())


# Files that others read


def test_write_whole_replaces_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "file.json"
    write_whole(path, b"old and long")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert files(tmp_path) == {"file.json"}


def test_write_whole_says_what_fails(tmp_path):
    with pytest.raises(OSError, match=r".+"):
        write_whole(tmp_path / "gone" / "file", b"1")
    tmp_path.joinpath("folder").mkdir()
    with pytest.raises(OSError, match=r".+"):
        write_whole(tmp_path / "folder", b"1")
    assert os.listdir(tmp_path) == ["folder"]


def test_an_interrupted_write_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(tmp_path), "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "file", b"1")
    assert not os.listdir(tmp_path)


WORKER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from sphinxcontrib_kerasgraph.store import Store, key_of

    folder, me, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    store = Store(folder)
    print("ready", flush=True)
    sys.stdin.readline()
    found = others = 0
    put = set()
    for number in range(count):
        name = f"key {number % 5}"
        key = key_of(name)
        store.put("graphs", key, f"{name}|{me}|{number}|".encode() * (number * 37 % 997 + 1))
        put.add(name)
        if number % 50 == 0:
            store.prune()
        name = f"key {(number * 3 + 1) % 5}"
        content = store.get("graphs", key_of(name))
        if content is None:
            assert name not in put, f"{name} is gone"
            continue
        found += 1
        of, writer, at, _ = content.decode().split("|", 3)
        assert of == name
        assert content == f"{of}|{writer}|{at}|".encode() * (int(at) * 37 % 997 + 1)
        others += writer != me
    assert store.error is None, store.error
    print(found, others)
    """
)


def test_processes_that_share_a_folder_see_whole_values(folder):
    count = cases(3000)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(folder), me, str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for me in ("one", "two")
    ]
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        out, err = process.communicate(timeout=120)
        assert not err
        assert process.returncode == 0
        found, others = map(int, out.split())
        assert found > count * 0.99
        assert others  # they did run at the same time
    names = files(folder) - {"CACHEDIR.TAG", ".gitignore"}
    assert names == {f"graphs/{key_of(f'key {number}')}" for number in range(5)}
