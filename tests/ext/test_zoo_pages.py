"""Models of the zoo that are hard to draw truly, on real pages: no call is lost."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

import keras
import pytest

import svg
from sphinx_project import make_project
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.target import Target
from zoo.targets import TARGETS
from zoo_checks import made

pytestmark = pytest.mark.slow

#: The tables of models by modules of the zoo, and how else these are called.
TABLES = {
    "weights": ("SUBCLASSED", {}),
    "changing": ("SUBCLASSED", {}),
    "recurrent": ("SUBCLASSED", {}),
    "sizes": ("SUBCLASSED", {}),
    "arguments": ("CASES", {}),
}
if keras.config.backend() == "tensorflow":
    TABLES |= {
        "raw_flow": ("SUBCLASSED", {}),
        "raw_weights": ("SUBCLASSED", {}),
        "raw_autograph": ("SUBCLASSED", {}),
        "training": ("TRAINED", {"trace": "train_step"}),
    }
MODULES = [*TABLES, "targets"]


def cases(module: str) -> Iterator[tuple[str, str, dict[str, object], tuple[object, ...]]]:
    """The models of a module: name, target, options of the directive, and the case."""
    table, others = TABLES[module]
    for name, case in getattr(importlib.import_module(f"zoo.{module}"), table).items():
        function, shape, dtype, *more = case
        options = {"input_shape": shape, "input_dtype": dtype} | others | (more[0] if more else {})
        full = (function, shape, dtype, others) if others else case
        yield name, f'zoo.{module}.{table}["{name}"][0]()', options, full


CASES = {
    (module, name): (target, options, case)
    for module in TABLES
    for name, target, options, case in cases(module)
} | {
    ("targets", name): (f"zoo.targets.{target}", options, None)
    for name, (target, options) in TARGETS.items()
}


def graph_of(key: tuple[str, str]) -> ModelGraph:
    target, options, case = CASES[key]
    if case is None:
        return target_to_graph(Target.parse(target), Calling(**options))
    return made(case)[1]


def directive(module: str, name: str) -> str:
    target, given, _ = CASES[module, name]
    # What a pattern means isn't seen through.
    options = [":depth: all", ":expand: *", ":view: full", ":raw-operations: all"]
    options.append(f":name: {module}-{name}")
    options += [
        f":{option.replace('_', '-')}: {value}"
        for option, value in given.items()
        if value is not None
    ]
    return "\n".join([f".. keras-model:: {target}", *(f"   {option}" for option in options), ""])


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
        figure = re.compile(rf'id="{begin}-([\w-]+)".*?href="[^"]*(kerasgraph-\w+.svg)"', re.DOTALL)
        ids = figure.findall(build.read(f"{module}.html"))
        found |= {
            (module, name.replace("-", "_")): build.read(f"_images/{image}") for name, image in ids
        }
    return found


@pytest.mark.parametrize("key", CASES, ids="-".join)
def test_every_call_is_in_the_picture(pictures, key):
    graph = graph_of(key)
    boxes = svg.boxes(pictures[key]) + svg.frames(pictures[key])
    drawn = {path for path in boxes if not path.startswith("//")}  # a column
    paths = [path for path, _ in graph.graph.walk()]
    if key[0] == "targets":  # which this process has counted further: see worker/test_names.py
        drawn, paths = map(without_numbers, (drawn, paths))
    assert sorted(drawn) == sorted(paths)


def without_numbers(paths):
    return [re.sub(r"_\d+(?=/|$)", "", path) for path in paths]
