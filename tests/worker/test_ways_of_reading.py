"""In whatever way the code of a model reads a file or a variable, it is made from it."""

from __future__ import annotations

import textwrap
import zipfile
from dataclasses import dataclass

import pytest

from sphinxcontrib_kerasgraph.target import ModelRequest
from sphinxcontrib_kerasgraph.worker.client import Worker

#: All functions of one module, which run with these names; a model is made of what each returns.
BEGIN = """
import os, pathlib, subprocess, sys
import keras
HERE = os.path.dirname(__file__)
DATA = pathlib.Path(HERE, "data")
UNITS = os.path.join(HERE, "data", "units")
def net(units=2): return keras.Sequential([keras.Input((3,)), keras.layers.Dense(int(units))])
"""

#: What another program prints of the environment.
PROGRAM = "import os; print(os.environ.get('WAY_UNITS', 2))"


@dataclass(frozen=True)
class Way:
    """The body of a function, and what it is made from beside its module."""

    code: str
    files: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


UNITS, WAY, ALL = ("data/units",), ("WAY_UNITS",), ("*",)
WAYS = {
    # Files, by Python
    "path_of_bytes": Way("with open(os.fsencode(UNITS)) as file: return net(file.read())", UNITS),
    "descriptor": Way(
        "number = os.open(UNITS.encode(), os.O_RDONLY); return net(os.read(number, 9))", UNITS
    ),
    "to_append": Way(
        "with open(UNITS, 'a+') as file: file.seek(0); return net(file.read())", UNITS
    ),
    "appended_then_read": Way(
        """
        with open(UNITS, "a") as file: file.write(" ")
        return net(open(UNITS).read())
        """,
        UNITS,
    ),
    "read_then_written": Way(
        """
        units = open(DATA / "counter").read()
        with open(DATA / "counter", "w") as file: file.write(units)
        return net(units)
        """,
        ("data/counter",),
    ),
    "written_then_read": Way(
        """
        with open(DATA / "made", "w") as file: file.write("3")
        return net(open(DATA / "made").read())
        """
    ),
    "made_if_missing": Way(
        """
        try: open(UNITS, "x")
        except FileExistsError: return net(open(UNITS).read())
        """,
        UNITS,
    ),
    "only_appended": Way(
        """
        with open(DATA / "log", "a") as file: file.write("built ")
        return net()
        """
    ),
    "updated": Way("with open(UNITS, 'r+') as file: return net(file.read())", UNITS),
    "mapped": Way(
        """
        import mmap
        with open(UNITS, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as map:
            return net(map[:])
        """,
        UNITS,
    ),
    "database": Way(
        """
        import sqlite3
        return net(sqlite3.connect(DATA / "units.db").execute("select 3").fetchone()[0])
        """,
        ("data/units.db",),
    ),
    "database_by_address": Way(
        """
        import sqlite3
        found = sqlite3.connect(f"file:{DATA}/units.db?mode=ro", uri=True)
        return net(found.execute("select 3").fetchone()[0])
        """,
        ("data/units.db",),
    ),
    "lines": Way("import linecache; return net(linecache.getline(UNITS, 1))", UNITS),
    "package_data": Way(
        "import pkgutil; return net(pkgutil.get_data('parts', 'units'))",
        ("parts/__init__.py", "parts/units"),
    ),
    "resources": Way(
        """
        from importlib import resources
        return net((resources.files("parts") / "units").read_text())
        """,
        ("parts/__init__.py", "parts/units"),
    ),
    "archive": Way(
        "import zipfile; return net(zipfile.ZipFile(DATA / 'units.zip').read('units'))",
        ("data/units.zip",),
    ),
    "settings": Way(
        """
        import configparser
        found = configparser.ConfigParser()
        found.read([DATA / "units.ini", DATA / "more.ini"])
        return net(found["net"]["units"])
        """,
        ("data/units.ini", "data/more.ini"),
    ),
    "threads": Way(
        """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(2) as pool:
            return net(*pool.map(pathlib.Path.read_text, [DATA / "units"]))
        """,
        UNITS,
    ),
    "from_the_folder": Way("os.chdir(DATA); return net(open('units').read())", UNITS),
    "in_a_program": Way("exec(open(UNITS + '.txt').read()); return net(3)", ("data/units.txt",)),
    # Whether there is a file, and which there are
    "exists": Way("return net(3 if os.path.exists(DATA / 'no') else 2)", ("data/no",)),
    "is_file": Way("return net(3 if (DATA / 'no').is_file() else 2)", ("data/no",)),
    "is_a_folder": Way("return net(3 if os.path.isdir(DATA / 'sub') else 2)", ("data/sub/",)),
    "stat": Way("return net(os.stat(UNITS).st_size)", UNITS),
    "size": Way("return net(os.path.getsize(os.fsencode(UNITS)))", UNITS),
    "access": Way("return net(3 if os.access(DATA / 'no', os.R_OK) else 2)", ("data/no",)),
    "glob": Way("import glob; return net(len(glob.glob(f'{DATA}/sub/*')))", ("data/sub",)),
    "glob_of_bytes": Way(
        "import glob; return net(len(glob.glob(os.fsencode(DATA) + b'/sub/*')))", ("data/sub",)
    ),
    "glob_of_one": Way("import glob; return net(1 + len(glob.glob(f'{DATA}/no')))", ("data/no",)),
    "walk": Way(
        "return net(sum(len(files) for _, _, files in os.walk(DATA / 'sub')))", ("data/sub",)
    ),
    "listdir": Way("return net(len(os.listdir(os.fsencode(DATA / 'sub'))))", ("data/sub",)),
    # Files, by libraries
    "numpy_load": Way(
        "import numpy; return net(numpy.load(DATA / 'units.npy')[0])", ("data/units.npy",)
    ),
    "numpy_text": Way("import numpy; return net(numpy.loadtxt(UNITS))", UNITS),
    "numpy_raw": Way("import numpy; return net(len(numpy.fromfile(UNITS, 'u1')))", UNITS),
    "numpy_map": Way("import numpy; return net(len(numpy.memmap(UNITS, 'u1', 'r')))", UNITS),
    "in_hdf5": Way(
        """
        import h5py
        with h5py.File(DATA / "units.h5") as file: return net(file.attrs["units"])
        """,
        ("data/units.h5",),
    ),
    "saved_model": Way(
        "return keras.saving.load_model(DATA / 'net.keras')",
        ("data/net.keras",),
    ),
    "saved_as_hdf5": Way(
        "return keras.saving.load_model(DATA / 'net.h5', compile=False)", ("data/net.h5",)
    ),
    "gfile": Way(
        "import tensorflow as tf; return net(tf.io.gfile.GFile(UNITS).read())",
        UNITS,
    ),
    "gfile_exists": Way(
        "import tensorflow as tf; return net(3 if tf.io.gfile.exists(f'{DATA}/no') else 2)",
        ("data/no",),
    ),
    "gfile_glob": Way(
        "import tensorflow as tf; return net(len(tf.io.gfile.glob(f'{DATA}/sub/*')))",
        ("data/sub",),
    ),
    "read_file": Way(
        "import tensorflow as tf; return net(tf.io.read_file(tf.constant(UNITS)).numpy())", UNITS
    ),
    "lines_of_a_dataset": Way(
        """
        import tensorflow as tf
        return net(next(iter(tf.data.TextLineDataset([UNITS]))).numpy())
        """,
        UNITS,
    ),
    "datasets_of_a_pattern": Way(
        """
        import tensorflow as tf
        return net(len(tf.data.Dataset.list_files(f"{DATA}/sub/*")))
        """,
        ("data/sub",),
    ),
    "vocabulary": Way(
        """
        lookup = keras.layers.StringLookup(vocabulary=f"{DATA}/words")
        return net(lookup.vocabulary_size())
        """,
        ("data/words",),
    ),
    "vocabulary_of_text": Way(
        """
        lookup = keras.layers.TextVectorization(vocabulary=f"{DATA}/words")
        return net(lookup.vocabulary_size())
        """,
        ("data/words",),
    ),
    "an_installed_helper": Way("import helper; return net(helper.read(UNITS))", UNITS),
    "a_module_in_an_archive": Way("import zipped; return net(zipped.units)", ("zipped.zip",)),
    "data_in_an_archive": Way(
        "import pkgutil; return net(pkgutil.get_data('zipped_too', 'units'))", ("zipped.zip",)
    ),
    # Variables
    "getenv": Way("return net(os.getenv('WAY_UNITS', 2))", variables=WAY),
    "environb": Way("return net(os.environb.get(b'WAY_UNITS', 2))", variables=WAY),
    "getenvb": Way("return net(os.getenvb(b'WAY_UNITS', 2))", variables=WAY),
    "expandvars": Way(
        "return net(os.path.expandvars('$WAY_UNITS').lstrip('$WAY_UNITS') or 2)", variables=WAY
    ),
    "expandvars_of_bytes": Way(
        "return net(os.path.expandvars(b'${WAY_UNITS}').strip(b'${WAY_UNITS}') or 2)",
        variables=WAY,
    ),
    "expanduser": Way("return net(2 + bool(os.path.expanduser('~')))", variables=("HOME",)),
    "home": Way("return net(2 + bool(pathlib.Path.home()))", variables=("HOME",)),
    "set_if_missing": Way("return net(os.environ.setdefault('WAY_UNITS', '2'))", variables=WAY),
    "taken_out": Way("return net(os.environ.pop('WAY_UNITS', 2))", variables=WAY),
    "copied": Way("return net(os.environ.copy().get('WAY_UNITS', 2))", variables=ALL),
    "all_items": Way("return net(dict(os.environ.items()).get('WAY_UNITS', 2))", variables=ALL),
    "counted": Way("return net(2 + ('WAY_UNITS' in list(os.environ)))", variables=ALL),
    "merged": Way("return net((os.environ | {'X': '1'}).get('WAY_UNITS', 2))", variables=ALL),
    "program": Way(
        f'return net(subprocess.check_output([sys.executable, "-c", """{PROGRAM}"""]))',
        variables=ALL,
    ),
    "program_with_a_copy": Way(
        f'command = [sys.executable, "-c", """{PROGRAM}"""]\n'
        "return net(subprocess.check_output(command, env=dict(os.environ)))",
        variables=ALL,
    ),
    "program_with_these": Way(
        f'command = [sys.executable, "-c", """{PROGRAM}"""]\n'
        'return net(subprocess.check_output(command, env={"WAY_UNITS": "3"}))',
    ),
    "shell": Way("return net(2 + os.system('exit $WAY_UNITS'))", variables=ALL),
    "shell_that_prints": Way("return net(os.popen('echo ${WAY_UNITS:-2}').read())", variables=ALL),
    "helper_that_asks": Way("import helper; return net(helper.variable())", variables=WAY),
    "helper_that_has_asked": Way("import asking; return net(asking.units)", variables=WAY),
    "helper_that_takes_all": Way("import helper; return net(helper.every())", variables=ALL),
    # What isn't the author's
    "nothing": Way("return net()"),
    "a_temporary_file": Way(
        """
        import tempfile
        with tempfile.NamedTemporaryFile("w+") as file:
            file.write("3")
            file.flush()
            return net(open(file.name).read())
        """
    ),
    "the_system": Way("return net(2 + bool(open('/proc/self/stat').read()))"),
    "layers_that_read_nothing": Way(
        """
        layers = keras.layers
        base = keras.applications.MobileNetV3Small(weights=None, input_shape=(32, 32, 3))
        return keras.Sequential([base, layers.Dense(2), layers.Lambda(lambda x: x + 1)])
        """
    ),
}

HELPER = """
import os
def read(path): return open(path).read()
def variable(): return os.environ.get("WAY_UNITS", 2)
def every(): return {name.lower(): one for name, one in os.environ.items()}.get("way_units", 2)
"""
FILES = {
    "data/units": "3",
    "data/counter": "3",
    "data/log": "",
    "data/units.txt": "pass",
    "data/units.ini": "[net]\nunits = 3\n",
    "data/sub/one": "",
    "data/sub/two": "",
    "data/words": "a\nb\nc\n",
    "parts/__init__.py": "",
    "parts/units": "3",
    "site-packages/helper.py": HELPER,
    "site-packages/asking.py": "import os\nunits = os.environ.get('WAY_UNITS', 2)\n",
    # Has no code of the author's.
    "site-packages/installed.py": "import helper, keras, os\n"
    "def build(): return keras.Sequential([keras.Input((3,)),\n"
    "    keras.layers.Dense(int(os.environ.get('WAY_UNITS', 2)) + len(helper.read('local')))])\n",
    "local": "3",
    "releases.py": """
import keras
from importlib import metadata
def build():
    try: metadata.version("not-installed")
    except metadata.PackageNotFoundError: pass
    units = len(metadata.version("pytest"))
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])
""",
    "making.py": """
import os, sqlite3
import h5py, keras, numpy
os.chdir(os.path.join(os.path.dirname(__file__), "data"))
numpy.save("units.npy", [3])
sqlite3.connect("units.db").execute("create table t (a)")
with h5py.File("units.h5", "w") as file: file.attrs["units"] = 3
net = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
net.save("net.keras")
net.save("net.h5")
""",
}


OTHERS = "installed.build", "releases.build", "zipped_net.build"


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ways").resolve()
    functions = [
        f"def {name}():\n{textwrap.indent(textwrap.dedent(way.code), '    ')}"
        for name, way in WAYS.items()
    ]
    files = FILES | {"ways.py": "\n".join([BEGIN, *functions])}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")
    with zipfile.ZipFile(folder / "data/units.zip", "w") as archive:
        archive.writestr("units", "3")
    with zipfile.ZipFile(folder / "zipped.zip", "w") as archive:
        archive.writestr("zipped.py", "units = 3\n")
        archive.writestr("zipped_too/__init__.py", "")
        archive.writestr("zipped_too/units", "3")
        archive.writestr("zipped_net.py", f"{BEGIN}def build(): return net()\n")
    with pytest.MonkeyPatch.context() as patch:
        for place in ("site-packages", "zipped.zip", ""):
            patch.syspath_prepend(folder / place)
        patch.chdir(folder)
        worker = Worker({}, timeout=60)
        worker.ask(ModelRequest("making.net"))
        targets = [*(f"ways.{name}" for name in WAYS), *OTHERS]
        found = {target: worker.ask(ModelRequest(target)) for target in targets}
        worker.close()
    return folder, found


def made_from(answers, target):
    folder, found = answers
    assert found[target].json, found[target].result
    made = found[target].made_from
    files = {file.removeprefix(f"{folder}/") for file in made["files"]}
    return files, set(made["variables"])


@pytest.mark.parametrize("name", WAYS)
def test_it_is_made_from_what_it_reads(answers, name):
    way = WAYS[name]
    assert made_from(answers, f"ways.{name}") == ({"ways.py", *way.files}, {*way.variables})


def test_a_model_is_made_from_the_releases_that_it_asks_for(answers):
    _, found = answers
    assert found["releases.build"].made_from["packages"] == ["keras", "not-installed", "pytest"]
    assert made_from(answers, "releases.build") == ({"releases.py"}, set())


def test_a_model_of_a_library_is_made_from_what_that_reads(answers):
    assert made_from(answers, "installed.build") == ({"local"}, {"WAY_UNITS"})


def test_a_model_in_an_archive_is_made_from_it(answers):
    assert made_from(answers, "zipped_net.build") == ({"zipped.zip"}, set())
