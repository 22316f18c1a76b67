"""Blocks on real pages: subclassed models, open and closed, opaque ones, saved models."""

from __future__ import annotations

import re

import keras
import pytest

import svg
from sphinx_project import make_project
from zoo import shapes

PAGES = {
    "closed": """
.. keras-model:: zoo.nested.Tower
   :input-shape: (6,)
""",
    "one": """
.. keras-model:: zoo.nested.Tower
   :input-shape: (6,)
   :depth: 1
   :show-shapes:
""",
    "all": """
.. keras-model:: zoo.nested.Tower
   :input-shape: (6,)
   :depth: all
""",
    "expanded": """
.. keras-model:: zoo.nested.Tower
   :input-shape: (6,)
   :expand: Unit
   :collapse: floor_1
""",
    "numeric": """
.. keras-model:: zoo.hard.numeric
""",
    "tokens": """
.. keras-model:: zoo.nested.Tokens
   :input-shape: (None,)
   :input-dtype: int32
   :show-dtype:
""",
    "saved/model": """
.. keras-model:: nested.keras
   :expand-nested:

.. keras-model:: /saved/nested.json
""",
}
INDEX = "\nModels\n======\n\n.. toctree::\n\n" + "".join(f"   {name}\n" for name in PAGES)


@pytest.fixture(scope="module")
def build(dot, tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("blocks"))
    project.source.joinpath("saved").mkdir()
    keras.utils.clear_session()
    model = shapes.nested()
    model.save(project.source / "saved" / "nested.keras")
    project.source.joinpath("saved", "nested.json").write_text(model.to_json(), encoding="utf-8")
    project.write(
        index=INDEX, **{name: f"\n{name}\n===========\n{text}" for name, text in PAGES.items()}
    )
    return project.build()


def drawn(build, page: str, number: int = 0) -> str:
    return build.drawings(f"{page}.html")[number]


def test_pages_are_built_without_a_warning(build):
    assert (build.returncode, build.warnings) == (0, [])


def test_blocks_are_closed_by_default(build):
    assert svg.boxes(drawn(build, "closed")) == ["inputs", "floor", "floor_1", "roof"]
    assert "2 calls inside" in svg.texts(drawn(build, "closed"))


def test_depth_opens_blocks(build):
    picture = drawn(build, "one")
    assert sorted(svg.frames(picture)) == ["floor", "floor_1"]
    assert svg.edges(picture) == {
        ("inputs", "floor/left"): 1,
        ("inputs", "floor/add"): 1,
        ("floor/left", "floor/add"): 1,
        ("floor/add", "floor_1/left"): 1,
        ("floor/add", "floor_1/add"): 1,
        ("floor_1/left", "floor_1/add"): 1,
        ("floor_1/add", "roof"): 1,
    }


def test_all_is_all(build):
    picture = drawn(build, "all")
    assert sorted(svg.frames(picture)) == ["floor", "floor/left", "floor_1", "floor_1/left"]
    assert "floor_1/left/dense" in svg.boxes(picture)


def test_patterns_open_and_close(build):
    picture = drawn(build, "expanded")
    assert sorted(svg.frames(picture)) == ["floor", "floor/left"]
    assert "floor_1" in svg.boxes(picture)


def test_closed_opaque_block_is_marked_without_a_warning(build):
    assert "opaque" in svg.texts(drawn(build, "numeric"))


def test_input_dtype(build):
    texts = svg.texts(drawn(build, "tokens"))
    assert {"int32", "float32"} <= set(texts)


def test_saved_models(build):
    opened, closed = drawn(build, "saved/model"), drawn(build, "saved/model", 1)
    assert sorted(svg.frames(opened)) == ["encoder", "encoder#2", "head", "head/inner_head"]
    names = ["encoder", "encoder#2", "head", "joined", "left", "right"]
    assert sorted(svg.boxes(closed)) == names


FAULTS = {
    "opaque": (
        ".. keras-model:: zoo.hard.numeric\n   :depth: 1\n",
        r"What is inside 'numeric' isn't known: .*hard.py:\d+\).* \[kerasgraph.opaque\]",
    ),
    "pattern": (
        ".. keras-model:: zoo.shapes.nested\n   :expand: encodre\n",
        r"':expand: encodre' matches no call. .* \[kerasgraph.option\]",
    ),
    "depth": (
        ".. keras-model:: zoo.shapes.nested\n   :depth: deep\n",
        r":depth: is 'deep'. It must be a whole number from 0, or all. \[kerasgraph.option\]",
    ),
    "dtype": (
        ".. keras-model:: zoo.nested.Tokens\n   :input-shape: (3,)\n   :input-dtype: (1)\n",
        r"The input dtype '\(1\)' is not a dtype. .*\[kerasgraph.target\]",
    ),
    "file": (
        ".. keras-model:: nosuch.keras\n",
        r"There is no file 'nosuch.keras'. .*\[kerasgraph.import\]",
    ),
    "code": (
        ".. keras-model:: lambda.keras\n",
        r"lambda.keras holds Python code, which isn't run .* Write a function .*kerasgraph.build",
    ),
}


@pytest.fixture(scope="module")
def faulty(dot, tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("faulty"))
    inputs = keras.Input((3,))
    layer = keras.layers.Lambda(lambda x: x * 2)
    keras.Model(inputs, layer(inputs)).save(project.source / "lambda.keras")
    pages = {name: f"\n{name}\n=======\n\n{text}" for name, (text, _) in FAULTS.items()}
    index = "\nFaults\n======\n\n.. toctree::\n\n" + "".join(f"   {name}\n" for name in pages)
    return project.write(index=index, **pages).build()


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_told_once_with_their_place(faulty, name):
    [warning] = [line for line in faulty.warnings if f"{name}.rst:" in line]
    assert re.search(FAULTS[name][1], warning), warning
    assert f"{name}.rst:5: WARNING: keras-model" in warning
    assert faulty.returncode == 1


def test_what_can_be_drawn_is_drawn(faulty):
    assert "numeric" in svg.boxes(drawn(faulty, "opaque"))
    assert "encoder" in svg.boxes(drawn(faulty, "pattern"))
