"""Models of the zoo that are hard to draw truly, on real pages: no call is lost."""

from __future__ import annotations

import importlib
import re

import keras
import pytest

import svg
from sphinx_project import make_project
from zoo_checks import made

MODULES = ["weights", "changing", "recurrent", "sizes"]
if keras.config.backend() == "tensorflow":
    MODULES += ["raw_flow", "raw_weights"]
CASES = {
    (module, name): case
    for module in MODULES
    for name, case in importlib.import_module(f"zoo.{module}").SUBCLASSED.items()
}


def directive(module: str, name: str) -> str:
    _, shape, dtype = CASES[module, name]
    options = [":depth: all", ":view: full", ":raw-operations: all", f":name: {module}-{name}"]
    if shape is not None:
        options.append(f":input-shape: {shape}")
    if dtype is not None:
        options.append(f":input-dtype: {dtype}")
    lines = [f'.. keras-model:: zoo.catalogue.subclassed("{module}", "{name}")']
    return "\n".join([*lines, *(f"   {option}" for option in options), ""])


@pytest.fixture(scope="module")
def pictures(tmp_path_factory, dot):
    """The picture of each model, of one build of one page for each module."""
    pages = {
        module: "\n".join(
            [module, "=" * len(module), "", *(directive(*key) for key in CASES if key[0] == module)]
        )
        for module in MODULES
    }
    index = "Zoo\n===\n\n.. toctree::\n\n" + "".join(f"   {module}\n" for module in MODULES)
    build = make_project(tmp_path_factory.mktemp("zoo"), index=index, **pages).build()
    assert (build.returncode, build.warnings) == (0, [])
    found = {}
    for module in MODULES:
        begin = module.replace("_", "-")  # as docutils writes ids
        figure = re.compile(rf'id="{begin}-([\w-]+)".*?data="[^"]*(kerasgraph-\w+.svg)"', re.DOTALL)
        ids = figure.findall(build.read(f"{module}.html"))
        found |= {
            (module, name.replace("-", "_")): build.read(f"_images/{image}") for name, image in ids
        }
    return found


@pytest.mark.parametrize("key", CASES, ids="-".join)
def test_every_call_is_in_the_picture(pictures, key):
    _, graph = made(CASES[key])
    drawn = svg.boxes(pictures[key]) + svg.frames(pictures[key])
    paths = [path for path, _ in graph.graph.walk()]
    assert sorted(set(drawn)) == sorted(paths)
