"""Every diagram is what it would be if its model were alone in the build."""

from __future__ import annotations

import ast

import pytest

from fork_hosts import REAL
from left_behind import watched
from provoked import Provoked
from sphinx_project import TESTS, Project, make_project
from sphinxcontrib_kerasgraph.worker.launch import FORKS


def ways() -> list[str]:
    """What `zoo.world_changes` does, read without importing it, and so Keras."""
    source = TESTS.joinpath("zoo", "world_changes.py").read_text(encoding="utf-8")
    [found] = [
        step.value
        for step in ast.parse(source).body
        if isinstance(step, ast.Assign) and step.targets[0].id == "WAYS"
    ]
    return [key.value for key in found.keys]


WAYS = ways()
pytestmark = pytest.mark.skipif(not FORKS, reason="needs fork")

AS_ALONE = "the others are drawn as if alone"
FAULTS = [Provoked("One model and the next", what, "", AS_ALONE) for what in WAYS]
#: All that models tell is seen.
CONF = "kerasgraph_view = 'full'\nkerasgraph_cache_dir = '../cache'\n"
MODULE = """
from zoo import world_changes
model = world_changes.change({number})
def build(): return model
"""


def innocents(number: int) -> list[str]:
    """Those that no other page has, so that they are built anew: each fourth page has two."""
    names = ["everyday", "looks"] if number % 4 == 0 else ["looks"]
    return [f".. keras-model:: zoo.innocent.{name}({number})" for name in names]


def page(title: str, *directives: str) -> str:
    return "\n\n".join([":orphan:", title, "=" * len(title), *directives]) + "\n"


def pages(project: Project, numbers, target: str) -> dict[int, str]:
    """Write a page for each way, in this order, with innocent models after it; and their names."""
    for path in project.source.glob("w*.rst"):
        path.unlink()
    names = {number: f"w{at:03}" for at, number in enumerate(numbers)}
    for number, name in names.items():
        changing = f".. keras-model:: {target.format(number)}"
        project.write(**{name: page(name, changing, *innocents(number))})
    return names


@pytest.fixture(scope="module")
def project(tmp_path_factory, dot):
    folder = tmp_path_factory.mktemp("isolation")
    modules = {f"mod_change_{n}": MODULE.format(number=n) for n in range(len(WAYS))}
    project = make_project(folder, CONF, index=page("Alone", *innocents(-4)), **modules)
    with watched(folder) as environment:
        project.environment = environment | REAL
        yield project


@pytest.fixture(scope="module")
def alone(project):
    """The pictures of a build of the innocent ones."""
    build = project.build("html", out="alone", env=project.environment)
    assert build.warnings == []
    drawings = build.drawings()
    assert len(drawings) == 2
    return drawings


CALLED, IMPORTED = "zoo.world_changes.change({})", "mod_change_{}.build"


def built(project, out, target, *options, backwards=False):
    """The pictures of the innocent models after each way."""
    numbers = range(len(WAYS))
    names = pages(project, reversed(numbers) if backwards else numbers, target)
    build = project.build("html", "-E", *options, out=out, env=project.environment)
    return {
        what: build.drawings(f"{names[at]}.html")[-len(innocents(at)) :]
        for at, what in enumerate(WAYS)
    }


@pytest.fixture(scope="module")
def forwards(project, alone):
    return built(project, "forwards", CALLED, "-j", "2")


@pytest.fixture(scope="module")
def cached(project, alone, forwards):
    return built(project, "cached", CALLED, "-j", "1", backwards=True)


@pytest.fixture(scope="module")
def backwards(project, alone):
    options = "-j", "1", "-D", "kerasgraph_cache_dir=../cache_backwards"
    return built(project, "backwards", CALLED, *options, backwards=True)


@pytest.fixture(scope="module")
def imported(project, alone):
    """The world is changed when modules are imported; innocent models are of the cache, or not."""
    options = "-j", "2", "-D", "kerasgraph_cache_dir=../cache_imported"
    built(project, "imported", IMPORTED, *options, backwards=True)
    options = "-j", "2", "-D", "kerasgraph_cache_dir=../cache_backwards"
    return built(project, "imported", IMPORTED, *options)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_no_model_changes_another(alone, forwards, fault):
    assert forwards[fault.what] == alone[-len(forwards[fault.what]) :]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_nor_does_it_in_another_order_or_cached(alone, forwards, cached, backwards, way):
    assert forwards[way] == cached[way] == backwards[way]
    assert backwards[way] == alone[-len(backwards[way]) :]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_nor_does_what_a_module_changes(alone, imported, way):
    assert imported[way] == alone[-len(imported[way]) :]


#: What a module does that autodoc imports while pages are read.
READ = """
import locale, os, sys, time, warnings
from zoo import shared_world
shared_world.UNITS = 9
os.environ.update(KERAS_BACKEND="jax", MY_UNITS="17", TZ="Asia/Kathmandu")
time.tzset()
os.environ.pop("HOME", None)
sys.path[:0] = ["/nowhere", os.path.dirname(__file__) + "/other"]
os.chdir("/")
locale.setlocale(locale.LC_ALL, "C")
sys.setrecursionlimit(5000)
warnings.simplefilter("ignore")
"""
OF_READING = Provoked(
    "Reading and the models",
    "a module that autodoc imports sets variables, also Keras's, removes others, and changes a "
    "module that models read, ``sys.path``, the working directory, the locale, the time zone, the "
    "recursion limit and filters of warnings",
    "",
    AS_ALONE,
)


@pytest.fixture(scope="module")
def read(tmp_path_factory, project, alone):
    """The pictures of models after a page that autodoc has made."""
    folder = tmp_path_factory.mktemp("read")
    made = make_project(
        folder,
        "extensions.append('sphinx.ext.autodoc')\n" + CONF,
        index=page("Index", *innocents(-4)),
        a=page("A", ".. automodule:: mod_read"),
        mod_read=f'"""Text."""\n{READ}',
    )
    build = made.build("html", env=project.environment)
    assert build.warnings == []
    assert "Text." in build.read("a.html") or "mod_read" in build.read("a.html")
    return build.drawings()


@pytest.mark.slow
@pytest.mark.parametrize("fault", [OF_READING], ids=str)
def test_what_reading_changes_reaches_no_model(alone, read, fault):
    assert read == alone


def test_the_path_of_conf_reaches_models(tmp_path, dot):
    project = make_project(
        tmp_path,
        "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'code'))\n",
        index=page("A", ".. keras-model:: only_there.build"),
    )
    project.source.joinpath("code").mkdir()
    project.source.joinpath("code", "only_there.py").write_text(
        "from zoo.first import mlp as build\n"
    )
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, [])
    assert len(build.drawings()) == 1
