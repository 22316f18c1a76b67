"""A model is made from exactly the files that its code imports or reads."""

from __future__ import annotations

import json
import os
import tempfile

import pytest

from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker import dependencies, listening
from sphinxcontrib_kerasgraph.worker.client import Worker

#: Every module makes small models from here.
TOOLS = """
import keras
def net(name, units=2):
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)], name=name)
"""
FILES = {
    "tools.py": TOOLS,
    # Changes what others are made from.
    "changing.py": """
import os
import tools, deep.layers
deep.layers.units = 7
os.environ['MOD_UNITS'] = '7'
made = tools.net
def build():
    tools.net = lambda name, units=2: made(name, 9)
    open(os.path.join(os.path.dirname(__file__), 'data', 'changed'), 'w').close()
    return tools.net('c')
""",
    # Straight, relative and starred imports.
    "deep/__init__.py": "",
    "deep/layers.py": "units = 4\n",
    "deep/blocks.py": "from . import layers\nunits = layers.units\n",
    "deep/alpha.py": "import tools\nfrom .blocks import *\ndef build(): return tools.net('a')",
    "deep/beta.py": "from tools import net\ndef build(): return net('b')\n",
    # A package that gives what its modules have.
    "front/__init__.py": "from .inner import build\n",
    "front/inner.py": "import tools, deep.layers\ndef build(): return tools.net('f')\n",
    # Imports in functions.
    "late.py": """
from tools import net
def left(): from only import left; return net('l')
def right(): from only import right; return net('r')
""",
    "only/__init__.py": "",
    "only/left.py": "",
    "only/right.py": "",
    "lazy/__init__.py": """
import importlib
def __getattr__(name):
    found = globals()[name] = importlib.import_module('lazy.' + name)
    return found
""",
    "lazy/first.py": "from tools import net\ndef build(): return net('z')\n",
    # In other ways.
    "by_path.py": """
import importlib.util, os, runpy
from tools import net
def load(name):
    path = os.path.join(os.path.dirname(__file__), name)
    spec = importlib.util.spec_from_file_location('loaded', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
def build(): return net('p', load('deep/layers.py').units)
def ran(): runpy.run_path(os.path.join(os.path.dirname(__file__), 'only/left.py')); return net('q')
""",
    # By Python itself: what it caches, and in a thread.
    "memo.py": """
import functools, json, pathlib
from concurrent.futures import ThreadPoolExecutor
from tools import net
DATA = pathlib.Path(__file__).parent / 'data'
def _load(): import only.left; return 3
load = functools.lru_cache(maxsize=None)(_load)
class Settings:
    @functools.cached_property
    def size(self): return json.loads((DATA / 'size.json').read_text())
settings = Settings()
with ThreadPoolExecutor(1) as pool:
    [threaded] = pool.map(pathlib.Path.read_text, [DATA / 'thread.json'])
def one(): return net('m', load() + settings.size)
""",
    "data/size.json": "2",
    "data/thread.json": "3",
    # What isn't there.
    "absent.py": """
import os
from tools import net
try: import mod_not_there
except ImportError: pass
try: from deep import not_there
except ImportError: pass
def build():
    try: units = int(open(os.path.join(os.path.dirname(__file__), 'data', 'not_there')).read())
    except OSError: units = 2
    return net('a', units)
""",
    "looks.py": """
import os, pathlib
from tools import net
def build():
    parts = sorted((pathlib.Path(__file__).parent / 'parts').glob('*.json'))
    return net('l', int(os.environ.get('MOD_UNITS', 2)) + len(parts) + ('MOD_MORE' in os.environ))
""",
    "parts/one.json": "1",
    "starred/__init__.py": "__all__ = ['inner']\n",
    "starred/inner.py": "",
    "stars_a.py": "from tools import net\nfrom starred import *\ndef build(): return net('s')\n",
    "stars_b.py": "from tools import net\nfrom starred import *\ndef build(): return net('s')\n",
    # A module and what it has are called the same.
    "same.py": "from tools import net as same\n",
    "same_a.py": "from same import same\ndef build(): return same('s')\n",
    "same_b.py": "from same import same\ndef build(): return same('s')\n",
    "broken.py": "import deep.layers\nimport tools\n1 / 0\n",
    # Data.
    "data/units.json": "5",
    "data/late.json": "6",
    "data/written.json": "7",
    "reads.py": """
import json, pathlib
from tools import net
HERE = pathlib.Path(__file__).parent / 'data'
units = json.loads((HERE / 'units.json').read_text())
def build(): return net('d', units)
def late():
    with open(HERE / 'late.json') as file: return net('e', json.load(file))
def writes():
    (HERE / 'written.json').write_text('8')
    return net('w', json.loads((HERE / 'written.json').read_text()))
""",
}
ALPHA = ("tools", "deep/__init__", "deep/layers", "deep/blocks", "deep/alpha")

#: What each is made from.
EXPECTED = {
    "changing.build": ("tools", "changing", "deep/__init__", "deep/layers"),
    "deep.alpha.build": ALPHA,
    "deep.beta.build": ("tools", "deep/__init__", "deep/beta"),
    "front.build": ("tools", "front/__init__", "front/inner", "deep/__init__", "deep/layers"),
    "front:inner.build": ("tools", "front/__init__", "front/inner", "deep/__init__", "deep/layers"),
    "late.left": ("tools", "late", "only/__init__", "only/left"),
    "late.right": ("tools", "late", "only/__init__", "only/right"),
    "late:left": ("tools", "late", "only/__init__", "only/left"),
    "lazy.first.build": ("tools", "lazy/__init__", "lazy/first"),
    "lazy:first.build": ("tools", "lazy/__init__", "lazy/first"),
    "by_path.build": ("tools", "by_path", "deep/layers"),
    "by_path.ran": ("tools", "by_path", "only/left"),
    "broken.build": ("tools", "broken", "deep/__init__", "deep/layers"),
    "reads.build": ("tools", "reads", "data/units.json"),
    "reads.late": ("tools", "reads", "data/units.json", "data/late.json"),
    "reads.writes": ("tools", "reads", "data/units.json"),
    "memo.one": (
        "tools",
        "memo",
        "only/__init__",
        "only/left",
        "data/size.json",
        "data/thread.json",
    ),
    "absent.build": ("tools", "absent", "deep/__init__", "deep/not_there", "data/not_there"),
    "looks.build": ("tools", "looks", "parts/"),
    "stars_a.build": ("tools", "stars_a", "starred/__init__", "starred/inner"),
    "stars_b.build": ("tools", "stars_b", "starred/__init__", "starred/inner"),
    "same_a.build": ("tools", "same", "same_a"),
    "same_b.build": ("tools", "same", "same_b"),
    "deep:alpha.build": ALPHA,
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        worker = Worker({}, timeout=60)
        found = {target: worker.ask(ModelRequest(target)) for target in EXPECTED}
        worker.close()
    return folder, found


def named(name: str) -> str:
    if name.endswith("/"):
        return name.removesuffix("/")
    return name if "." in name or name == "data/not_there" else f"{name}.py"


@pytest.mark.parametrize("target", EXPECTED)
def test_a_model_is_made_from_exactly_these(answers, target):
    folder, found = answers
    files = {file.removeprefix(f"{folder.resolve()}/") for file in found[target].made_from["files"]}
    assert files == {named(name) for name in EXPECTED[target]}


def test_all_but_the_broken_one_are_models(answers):
    _, found = answers
    failed = [target for target, answer in found.items() if not answer.json]
    assert failed == ["broken.build"]
    assert json.loads(found["reads.late"].json)["graph"]["calls"][-1]["config"]["units"] == 6


def test_what_another_model_changed_is_in_no_answer(answers):
    """So the cache can't keep it for later builds either."""
    _, found = answers
    made = {"by_path.build": 4, "looks.build": 3, "deep.beta.build": 2, "changing.build": 9}
    for target, units in made.items():
        graph = json.loads(found[target].json)["graph"]
        assert graph["calls"][-1]["config"]["units"] == units


def test_packages_are_those_that_the_files_import(answers):
    _, found = answers
    assert found["deep.alpha.build"].made_from["packages"] == ["keras"]


def test_modules_are_the_own_ones_and_those_that_are_not_there(answers):
    _, found = answers
    assert found["absent.build"].made_from["modules"] == [
        "absent", "deep", "mod_not_there", "tools",
    ]  # fmt: skip
    assert found["deep.beta.build"].made_from["modules"] == ["deep", "tools"]


def test_variables_are_those_that_the_code_reads(answers):
    _, found = answers
    assert found["looks.build"].made_from["variables"] == ["MOD_MORE", "MOD_UNITS"]
    assert found["deep.alpha.build"].made_from["variables"] == []


@pytest.mark.parametrize(
    ("file", "is_usual"),
    [
        ("/keras/.venv/lib/python3.11/site-packages/mylib/config.py", False),
        ("/site-packages/torch/.venv/dist-packages/mylib/keras/config.py", False),
        ("/home/me/.venv/lib/python3.11/site-packages/keras/src/config.py", True),
        ("/home/me/keras/config.py", False),
    ],
)
def test_variables_that_keras_reads_are_those_of_its_own_folder(file, is_usual):
    assert dependencies._is_usual("UNITS", file) == is_usual


def test_the_temporary_folder_of_the_machine_is_no_author_s(tmp_path, monkeypatch):
    """Nor is the one that a builder has for itself."""
    folders = [tempfile.gettempdir(), str(tmp_path)]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dependencies._places.cache_clear()
    assert all(dependencies._is_of_the_machine(os.path.join(one, "n")) for one in folders)
    dependencies._places.cache_clear()


@pytest.mark.parametrize("flags", [os.O_CREAT | os.O_EXCL, os.O_TRUNC])
def test_a_file_that_can_not_be_made_is_not_made(tmp_path, monkeypatch, flags):
    file = tmp_path / "units"
    file.write_text("3")
    monkeypatch.setattr(os, "access", lambda *_: False)
    record = dependencies.Dependencies()
    listening._opened(record, str(file), os.O_WRONLY | flags, None)
    assert record._made == set()
    listening._opened(record, str(tmp_path / "new"), os.O_WRONLY | flags, None)
    assert record._made == {str(tmp_path / "new")}
