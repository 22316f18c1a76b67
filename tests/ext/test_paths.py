"""What is published, and what is kept for other machines, names no folder of this one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from provoked import Provoked, assert_told
from sphinx_project import Build, make_project
from sphinxcontrib_kerasgraph.public import public

MODULE = '''
import os
import keras
from keras import layers

HERE = os.path.dirname(os.path.abspath(__file__))

class Mine(layers.Layer):
    """A layer that knows where it is."""
    def __init__(self, place=HERE, **others):
        super().__init__(**others)
        self.place = place
    def get_config(self):
        return super().get_config() | {"place": self.place}
    def call(self, x):
        if self.name == "opaque":
            raise RuntimeError(f"cannot read {self.place}/x.txt")
        return keras.ops.relu(x)
    def compute_output_shape(self, shape):
        return shape

def missing():
    open(os.path.join(HERE, "no such file.txt"))

def raises():
    raise ValueError("in " + HERE)

def elsewhere():
    raise ValueError("in /var/lib/tell-tale/data.csv")

def aborts():
    print("at", HERE, flush=True)
    os.abort()

def drawn():
    inputs = keras.Input((4,))
    words = keras.Input((1,), dtype="string")
    named = layers.StringLookup(vocabulary=os.path.join(HERE, "words.txt"))(words)
    out = Mine(name="mine")(Mine(name="opaque")(inputs))
    return keras.Model([inputs, words], [out, named], name="drawn")

def weights():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)], name="weights")
    model.load_weights(os.path.join(HERE, "best.weights.h5"))
    return model
'''
TOLD = "tell-tale"
FAULTS = {
    "mod_paths.missing": Provoked(
        "A path", "is in the message of a missing file", "build", "No such file or directory"
    ),
    "mod_paths.raises": Provoked("A path", "is in an error of the author's", "build", "in /"),
    "mod_paths.elsewhere": Provoked(
        "A path", "of another folder is in an error", "build", "data.csv"
    ),
    "mod_paths.aborts": Provoked("A path", "is printed by code that aborts", "worker", "SIGABRT"),
    "mod_broken.net": Provoked(
        "A path", "is in the error of a module that can't be imported", "import", "ImportError"
    ),
    "broken.keras": Provoked("A path", "is that of a saved model that is damaged", "build", "zip"),
    "broken.json": Provoked("A path", "is that of a JSON file that is damaged", "build", "JSON"),
}
FINE = ("mod_paths.drawn", "mod_paths.weights")
LINES = {target: 4 + 2 * at for at, target in enumerate((*FAULTS, *FINE))}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"{TOLD} folder")
    project = make_project(
        folder,
        "kerasgraph_cache_dir = '../cache'\nkerasgraph_show_config = ['place', 'vocabulary']\n",
        index="A\n=\n" + "".join(f"\n.. keras-model:: {target}\n" for target in LINES),
        mod_paths=MODULE,
        mod_broken="raise ImportError(__file__)\n",
    )
    for name, text in (("words.txt", "a\nb\n"), ("broken.keras", "no"), ("broken.json", "{")):
        project.source.joinpath(name).write_text(text)
    return project


@pytest.fixture(scope="module")
def build(project, dot) -> Build:
    return project.build("html", "--keep-going")


def naming(folder: Path) -> list[str]:
    return [
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and TOLD.encode() in path.read_bytes()
    ]


@pytest.mark.parametrize(("target", "fault"), FAULTS.items(), ids=list(FAULTS))
def test_a_warning_tells_paths_whole_and_a_note_those_that_readers_know(target, fault, build):
    assert_told(fault, build, f"index.rst:{LINES[target]}")
    notes = build.read("index.html")
    assert f'<span class="pre">{target}</span>' in notes


def test_pages_and_images_name_no_folder(build):
    assert len(build.images()) == len(FINE)
    assert naming(build.folder) == []
    assert "No such file or directory: 'no such file.txt' (mod_paths.py:" in build.read(
        "index.html"
    ).replace("&#39;", "'")
    assert "in …/data.csv" in build.read("index.html")


def test_the_cache_names_no_folder(project, build):
    """Fingerprints know files by where they are beside the source folder."""
    kept = project.source.parent / "cache"
    assert any(path.is_file() for path in kept.rglob("*"))
    assert naming(kept) == []


def test_snapshots_name_no_folder(project, build):
    program = Path(sys.executable).with_name("kerasgraph")
    kept = "-D", "kerasgraph_snapshot_dir=kept"
    subprocess.run([str(program), "snapshot", str(project.source), *kept], check=False)
    folder = project.source / "kept"
    assert len(list(folder.iterdir())) == len(FINE)
    assert naming(folder) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("in /home/me/docs/a b.py", "in a b.py"),
        ("at /home/me/docs", "at ."),
        ("'/opt/x y/z.h5'", "'…/z.h5'"),
        ("can't read \"/srv/my data/a's/x.keras\": no", 'can\'t read "…/x.keras": no'),
        ("'/home/me/docs/a/b c/d.py'", "'a/b c/d.py'"),
        ("/home/me/docs2/x.keras", "…/x.keras"),
        ("/home/me/docs.old/x.keras", "…/x.keras"),
        ("In /home/me/docs.", "In .."),
        ("lib:/opt/secret/x.so", "lib:…/x.so"),
        ("-I/opt/x/y.h -L/opt/x/y", "-I…/y.h -L…/y"),
        ("file:///opt/x/y.h", "file://…/y.h"),
        ("file:///home/me/docs/y.h", "file://y.h"),
        (r"C:\Users\me\x.py:3", "…/x.py:3"),
        ("https://example.org/a/b and block/dense/kernel", None),
        ("https://example.org/app/model and net/app/dense", None),
        ("1/2 a / b, (None, 8)", None),
    ],
)
def test_public(text, told):
    assert public(text, ["/home/me/docs", "/app", "", "/"]) == (text if told is None else told)
