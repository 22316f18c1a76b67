"""The snippets of our documentation: what they ask for in both markups, and whether it is right."""

from __future__ import annotations

import ast
import pickle
import shutil
import sys
import textwrap
from pathlib import Path

import pytest
import yaml
from docutils import nodes

from sphinx_project import make_project
from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.ext.nodes import Asking

DOCS = Path(__file__).parents[2] / "docs"
sys.path.append(str(DOCS / "_ext"))
from markup import to_myst  # noqa: E402

OPTIONS = {option_fields.conf_name(option): option for option in options.configurable()}


def blocks(kind: str) -> list[tuple[str, str]]:
    """Page and content of the directives that begin so, in all pages."""
    found = []
    for path in sorted(DOCS.rglob("*.rst")):
        lines = path.read_text(encoding="utf-8").split("\n")
        for at, line in enumerate(lines):
            if line.strip() != f".. {kind}":
                continue
            indent = len(line) - len(line.lstrip())
            end = at + 1
            while end < len(lines) and (
                not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > indent
            ):
                end += 1
            content = textwrap.dedent("\n".join(lines[at + 1 : end])).strip("\n")
            while content.startswith(":"):  # options
                content = content.partition("\n")[2].strip("\n")
            found.append((str(path.relative_to(DOCS)), content))
    return found


SNIPPETS = [
    (page, text)
    for kind in ("example::", "code-block:: rst")
    for page, text in blocks(kind)
    # The start page is followed by test_start.py; MyST has substitutions of its own.
    if page != "start.rst" and "replace::" not in text
]


def read(folder: Path, pages: list[tuple[str, str]]) -> dict[str, nodes.document]:
    """The doctrees of pages, by their names; no model is built for that."""
    project = make_project(folder, "extensions.append('myst_parser')\n")
    project.source.joinpath("models").mkdir()
    project.source.joinpath("models", "classifier.keras").write_bytes(b"")
    shutil.copytree(DOCS / "howto" / "versions", project.source / "versions")
    for name, text in pages:
        project.source.joinpath(name).write_text(text, encoding="utf-8")
    names = [Path(name).stem for name, _ in pages]
    project.write(index="\n   ".join(["All\n===\n\n.. toctree::\n", *names]) + "\n")
    build = project.build("dummy", "-D", "suppress_warnings=toc,image,ref")
    assert build.warnings == []
    made = folder / "dummy.doctrees"
    return {name: pickle.loads(made.joinpath(f"{name}.doctree").read_bytes()) for name in names}


@pytest.fixture(scope="module")
def doctrees(tmp_path_factory):
    """Each snippet as a page of both markups."""
    texts = [text for _, text in SNIPPETS]
    rst = [(f"rst{at}.rst", f"Page\n====\n\n{text}\n") for at, text in enumerate(texts)]
    myst = [(f"myst{at}.md", f"# Page\n\n{to_myst(text)}") for at, text in enumerate(texts)]
    return read(tmp_path_factory.mktemp("rst"), rst) | read(tmp_path_factory.mktemp("myst"), myst)


def asked(doctree) -> list[dict]:
    """What a page asks for, with the words of its captions."""
    found = []
    for node in doctree.findall(Asking):
        told = {name: value for name, value in node.attributes.items() if name != "ids"}
        caption = node.parent.astext() if node.parent.tagname == "figure" else ""
        found.append(told | {"node": node.tagname, "caption": caption})
    return found


def test_there_are_many_snippets():
    assert len(SNIPPETS) > 50


@pytest.mark.parametrize("number", range(len(SNIPPETS)), ids=[page for page, _ in SNIPPETS])
def test_a_snippet_asks_for_the_same_in_both_markups(doctrees, number):
    rst, myst = (asked(doctrees[f"{markup}{number}"]) for markup in ("rst", "myst"))
    assert rst == myst
    assert rst or "keras-" not in SNIPPETS[number][1]


@pytest.mark.parametrize(("page", "code"), blocks("code-block:: python"))
def test_python_is_python_and_settings_are_settings(page, code):
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Assign):
            continue
        [name] = [target.id for target in node.targets if isinstance(target, ast.Name)] or [""]
        if name.startswith("kerasgraph_"):
            value = ast.literal_eval(node.value)
            option_fields.check_value(OPTIONS[name], name, value)


@pytest.mark.parametrize(("page", "text"), blocks("code-block:: yaml"))
def test_yaml_is_yaml(page, text):
    assert yaml.safe_load(text)
