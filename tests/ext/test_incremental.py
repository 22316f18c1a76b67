"""What is made again, and when: a build never waits for what has not changed."""

from __future__ import annotations

import json
import os
import shutil
import time

import pytest

from sphinx_project import make_project

LAYERS = "from keras import layers\ndef wide(): return layers.Dense({units})\n"
ONE = """
import keras
from mod_blocks import block
def build(): return keras.Sequential([keras.Input((3,)), block()], name="one")
"""
TWO = """
import keras
from keras import layers
def build(): return keras.Sequential([keras.Input((3,)), layers.Dense(2)], name="two")
"""
#: In no table of contents: Sphinx writes pages with one again when a page in it changed.
PAGE = ":orphan:\n\n{0}\n====\n\n.. keras-model:: mod_{0}.build\n"

#: Written by every worker that starts, the only processes that run with ``-P``.
COUNTING = """
import os, sys
if "-P" in sys.orig_argv:
    with open({log!r}, "a") as log:
        log.write(f"{{os.getpid()}}\\n")
"""


class Counted:
    """A project whose workers are counted."""

    def __init__(self, folder, conf="", **files):
        self.log = folder / "workers"
        hook = folder / "hook"
        hook.mkdir()
        hook.joinpath("sitecustomize.py").write_text(COUNTING.format(log=str(self.log)))
        self.environment = {"PYTHONPATH": str(hook)}
        self.project = make_project(folder, conf, **files)
        self.write = self.project.write
        self.source = self.project.source

    def build(self, builder="html", *options, env=None, **settings):
        """Build; the result has ``workers``, the number that started."""
        self.log.write_text("")
        environment = self.environment | (env or {})
        build = self.project.build(builder, *options, env=environment, **settings)
        build.workers = len(self.log.read_text().splitlines())
        assert build.warnings == [], build.output
        return build


@pytest.fixture(scope="module")
def counted(tmp_path_factory, dot):
    counted = Counted(
        tmp_path_factory.mktemp("incremental"),
        index="Index\n=====\n",
        one=PAGE.format("one"),
        two=PAGE.format("two"),
        plain=":orphan:\n\nplain\n=====\n",
        mod_layers=LAYERS.format(units=64),
        mod_blocks="from mod_layers import wide\ndef block(): return wide()\n",
        mod_one=ONE,
        mod_two=TWO,
        mod_unused="",
    )
    first = counted.build()
    assert first.workers == 1
    assert "2 Keras models: 2 built in " in first.output
    return counted


def written(build) -> dict[str, int]:
    return {path.stem: path.stat().st_mtime_ns for path in build.folder.glob("*.html")}


def test_nothing_changed(counted):
    build = counted.build()
    assert build.workers == 0
    assert "0 added, 0 changed, 0 removed" in build.output
    assert "Keras model" not in build.output


def test_touched_files_start_no_worker(counted):
    before = counted.build().images()
    for name in ("mod_one", "mod_layers", "mod_two"):
        os.utime(counted.source / f"{name}.py", (time.time() + 60, time.time() + 60))
    build = counted.build()
    assert build.workers == 0
    assert build.images() == before
    for name in ("mod_one", "mod_layers", "mod_two"):
        os.utime(counted.source / f"{name}.py", (time.time() - 60, time.time() - 60))


def test_a_helper_two_imports_away_rebuilds_exactly_its_pages(counted):
    before = written(counted.build())
    counted.write(mod_layers=LAYERS.format(units=96))
    build = counted.build()
    assert build.workers == 1
    assert "0 added, 1 changed, 0 removed" in build.output
    assert "1 Keras model: 1 built in " in build.output
    assert "to output (None, 96)." in build.read("one.html")
    after = written(build)
    changed = {name for name in after if after[name] != before[name]}
    # Sphinx up to 8.2 writes the first page at each build.
    assert changed - {"genindex", "search", "index"} == {"one"}


def test_an_older_file_with_other_content_is_seen(counted):
    """A checkout, or a copy, may bring a file that is older than the build."""
    counted.write(mod_two=TWO.replace("Dense(2)", "Dense(5)"))
    os.utime(counted.source / "mod_two.py", (1_000_000_000, 1_000_000_000))
    build = counted.build()
    assert build.workers == 1
    assert "to output (None, 5)." in build.read("two.html")


def test_other_files_rebuild_nothing(counted):
    counted.write(mod_unused="x = 1\n")
    build = counted.build()
    assert build.workers == 0
    assert "0 added, 0 changed, 0 removed" in build.output


def test_another_look_needs_no_worker(counted):
    counted.build()
    counted.write(one=PAGE.format("one") + "   :show-shapes:\n   :show-params:\n")
    build = counted.build()
    assert build.workers == 0
    assert "1 Keras model: 1 from cache" in build.output


@pytest.mark.slow
def test_builders_that_share_doctrees_are_each_in_step(counted):
    doctrees = str(counted.source.parent / "shared")
    settings = {"out": "first"}, {"out": "second"}
    counted.write(mod_layers=LAYERS.format(units=10))
    counted.build("html", "-d", doctrees, **settings[0])
    counted.build("dirhtml", "-d", doctrees, **settings[1])
    counted.write(mod_layers=LAYERS.format(units=11))
    counted.build("dirhtml", "-d", doctrees, **settings[1])
    build = counted.build("html", "-d", doctrees, **settings[0])
    assert build.workers == 0
    assert "to output (None, 11)." in build.read("one.html")


@pytest.mark.slow
def test_builders_that_share_doctrees_have_the_same_settings(counted):
    doctrees = str(counted.source.parent / "shared")
    conf = counted.source.joinpath("conf.py").read_text()
    before = counted.build("html", "-d", doctrees, out="third").drawings("one.html")
    counted.write(conf=conf + "kerasgraph_rankdir = 'LR'\n")
    counted.build("text", "-d", doctrees, out="text")
    drawings = counted.build("html", "-d", doctrees, out="third").drawings("one.html")
    anew = counted.build("html", "-E", out="fourth").drawings("one.html")
    counted.write(conf=conf)
    assert before != drawings == anew


def test_a_kept_cache_needs_no_worker(tmp_path, dot):
    counted = Counted(
        tmp_path,
        "kerasgraph_cache_dir = '../cache'\n",
        index=PAGE.format("two"),
        mod_two=TWO,
    )
    first = counted.build()
    images = first.images()
    assert first.workers == 1
    for folder in ("html", "html.doctrees"):
        shutil.rmtree(tmp_path / folder)
    again = counted.build()
    assert again.workers == 0
    assert "1 Keras model: 1 from cache" in again.output
    assert again.images() == images
    # In another place, as another machine of CI has it.
    shutil.rmtree(tmp_path / "html")
    shutil.rmtree(tmp_path / "html.doctrees")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(counted.source, elsewhere)
    shutil.move(tmp_path / "cache", elsewhere)
    counted.project.source = elsewhere / "source"
    assert counted.build().workers == 0


def test_damaged_entries_are_made_again(tmp_path, dot):
    counted = Counted(
        tmp_path,
        "kerasgraph_cache_dir = '../cache'\n",
        index=PAGE.format("two"),
        mod_two=TWO,
    )
    images = counted.build().images()
    for folder in ("html", "html.doctrees"):
        shutil.rmtree(tmp_path / folder)
    entries = [path for path in tmp_path.glob("cache/*/*") if path.is_file()]
    assert len(entries) == 2
    for path in entries:
        path.write_bytes(path.read_bytes()[:-20])
    build = counted.build()
    assert build.workers == 1
    assert build.images() == images


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_is_reported_once(tmp_path, dot):
    project = make_project(
        tmp_path,
        "kerasgraph_cache_dir = '../cache'\n",
        index=PAGE.format("two") + "\n" + ".. keras-model:: zoo.first.mlp\n",
        mod_two=TWO,
    )
    tmp_path.joinpath("cache").write_text("a file in the way")
    build = project.build("html")
    [warning] = build.warnings
    assert "kerasgraph_cache_dir" in warning
    assert warning.endswith("[kerasgraph.cache]")
    assert len(build.images()) == 2


@pytest.mark.slow
def test_parallel_builds_draw_the_same(counted):
    alone = counted.build(out="alone")
    parallel = counted.build("html", "-j", "3", out="parallel")
    assert parallel.workers == 1  # a second one wouldn't have paid
    assert parallel.images() == alone.images()


def test_variables_that_the_code_reads_count_and_others_do_not(tmp_path, dot):
    counted = Counted(
        tmp_path,
        index=PAGE.format("two"),
        mod_two="import os\n" + TWO.replace("Dense(2)", "Dense(int(os.getenv('UNITS', 2)))"),
    )
    assert counted.build().workers == 1
    assert counted.build(env={"OTHER": "9"}).workers == 0
    build = counted.build(env={"UNITS": "9"})
    assert build.workers == 1
    assert "to output (None, 9)." in build.read("index.html")


@pytest.mark.slow
def test_a_module_found_elsewhere_is_another(tmp_path, dot):
    counted = Counted(tmp_path, index=PAGE.format("two"), mod_two=TWO)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    elsewhere.joinpath("mod_two.py").write_text(TWO.replace("Dense(2)", "Dense(7)"))
    assert counted.build().workers == 1
    conf = counted.source.joinpath("conf.py")
    conf.write_text(conf.read_text() + f"sys.path.insert(0, {str(elsewhere)!r})\n")
    build = counted.build()
    assert build.workers == 1
    assert "to output (None, 7)." in build.read("index.html")


@pytest.mark.slow
def test_settings_of_keras_count(tmp_path, dot):
    home = tmp_path / "home"
    home.mkdir()
    counted = Counted(
        tmp_path,
        "kerasgraph_cache_dir = '../cache'\n",
        index=PAGE.format("two") + "   :show-dtype:\n",
        mod_two=TWO,
    )
    environment = {"KERAS_HOME": str(home)}
    assert counted.build(env=environment).workers == 1
    # Nothing is written there. What Keras itself would write are the settings without a file.
    assert not list(home.iterdir())
    settings = json.dumps(
        {
            "floatx": "float32",
            "epsilon": 1e-07,
            "backend": "tensorflow",
            "image_data_format": "channels_last",
        }
    )
    home.joinpath("keras.json").write_text(settings)
    assert counted.build("html", "-E", env=environment).workers == 0
    home.joinpath("keras.json").write_text(settings.replace("float32", "float16"))
    build = counted.build(env=environment)
    assert build.workers == 1
    assert any(b"float16" in image for image in build.images().values())


@pytest.mark.slow
def test_an_edit_within_a_second_is_seen(tmp_path, dot):
    """Python takes a compiled file of the same size and second for up to date."""
    counted = Counted(tmp_path, index=PAGE.format("two"), mod_two=TWO)
    environment = {"PYTHONDONTWRITEBYTECODE": ""}
    os.utime(counted.source / "mod_two.py", (1_000_000_000, 1_000_000_000))
    assert counted.build(env=environment).workers == 1
    counted.write(mod_two=TWO.replace("Dense(2)", "Dense(8)"))
    os.utime(counted.source / "mod_two.py", (1_000_000_000, 1_000_000_000))
    build = counted.build(env=environment)
    assert "to output (None, 8)." in build.read("index.html")


@pytest.mark.slow
def test_models_that_this_builder_does_not_show_are_not_built(tmp_path, dot):
    counted = Counted(
        tmp_path,
        index="Page\n====\n\n" + ".. only:: latex\n\n   .. keras-model:: mod_two.build\n",
        mod_two="1 / 0\n",
    )
    assert "Keras model" not in counted.build().output
    assert "0 added, 0 changed" in counted.build().output


@pytest.mark.slow
def test_what_is_not_there_may_come(tmp_path, dot):
    counted = Counted(
        tmp_path,
        index=PAGE.format("two"),
        mod_two="try:\n    from mod_units import units\nexcept ImportError:\n    units = 2\n"
        + TWO.replace("Dense(2)", "Dense(units)"),
    )
    assert counted.build().workers == 1
    again = counted.build()
    assert again.workers == 0
    assert "0 added, 0 changed, 0 removed" in again.output
    counted.write(mod_units="units = 6\n")
    build = counted.build()
    assert build.workers == 1
    assert "to output (None, 6)." in build.read("index.html")
