"""MyST and notebooks: both fences, options in both styles, captions, references, cells."""

from __future__ import annotations

import json

import pytest

from sphinx_project import make_project, missing

PAGE = """
# A page

```{keras-model} zoo.first.mlp
:show-shapes:
:rankdir: lr
:name: one
:caption: In *Markdown*, with `code` and a {ref}`reference <two>`.
```

:::{keras-model} zoo.first.branches
---
show-shapes: true
collapse: [never, ever*]
hide:
  - Dropout
caption: By **YAML**
name: two
---
:::

{numref}`one` and {numref}`two`, {ref}`the second <two>`.

````{note}
```{keras-model} zoo.first.mlp
```
````

- In a list:

  ```{keras-model} zoo.first.mlp
  ```
"""

#: A little drawing, as it is kept in a notebook that was run.
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>kept</title></svg>'


def notebook(*cells: dict) -> str:
    metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})


def written(kind: str, text: str, **metadata: str) -> dict:
    return {"cell_type": kind, "metadata": metadata, "source": text}


def run(code: str) -> dict:
    shown = {"output_type": "execute_result", "metadata": {}, "execution_count": 1}
    shown["data"] = {"image/svg+xml": SVG, "text/plain": "branches, a Functional model"}
    return {
        **written("code", code),
        "execution_count": 1,
        "outputs": [shown],
    }


def need_module(name: str) -> None:
    try:
        __import__(name)
    except ImportError:
        missing(f"{name} is not installed")


@pytest.fixture(scope="module")
def project(tmp_path_factory, known):
    need_module("myst_nb")
    conf = """
extensions.append("myst_nb")
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence"]
numfig = True
kerasgraph_expand = ["never"]
suppress_warnings = ["kerasgraph.option"]
"""
    folder = tmp_path_factory.mktemp("markdown")
    index = "All\n===\n\n.. toctree::\n\n   page\n   cells\n"
    project = make_project(folder, conf, known=known, index=index)
    project.source.joinpath("page.md").write_text(PAGE, encoding="utf-8")
    markdown = "# Cells\n\n```{keras-model} zoo.first.mlp\n:caption: In a cell\n```"
    cells = written("markdown", markdown), run("model_to_graph(model)")
    project.source.joinpath("cells.ipynb").write_text(notebook(*cells), encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def html(project, dot):
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    return build


def test_pages_of_markdown_are_as_others(html):
    page = html.read("page.html")
    assert page.count("<svg role=") == 4
    assert "In <em>Markdown</em>, with <code" in page
    assert "By <strong>YAML</strong>" in page
    for number, name in enumerate(("one", "two"), 1):
        assert f'href="#{name}"><span class="std std-numref">Fig. {number}</span>' in page


def test_cells_of_notebooks_draw_and_keep_drawings(html):
    page = html.read("cells.html")
    assert page.count("<svg role=") == 1
    assert "In a cell" in page
    kept = [path.read_text() for path in html.folder.joinpath("_images").glob("*.svg")]
    assert any("<title>kept" in svg for svg in kept)


def test_markdown_makes_a_document_of_latex(project, compiled_dot):
    build = project.build("latex")
    assert build.returncode == 0, build.output
    assert build.read("test.tex").count("{kerasgraph-") == 5
    assert build.read("test.tex").count(r"\caption{In \sphinxstyleemphasis{Markdown}") == 1


def test_nbsphinx_draws_in_raw_cells(tmp_path, known, dot):
    need_module("nbsphinx")
    conf = "extensions.append('nbsphinx')\nnbsphinx_execute = 'never'\n"
    project = make_project(
        tmp_path, conf, known=known, index="All\n===\n\n.. toctree::\n\n   cells\n"
    )
    text = "Cells\n=====\n\n.. keras-model:: zoo.first.mlp\n   :caption: In a raw cell\n"
    cells = written("raw", text, raw_mimetype="text/restructuredtext"), run("model_to_graph(model)")
    project.source.joinpath("cells.ipynb").write_text(notebook(*cells), encoding="utf-8")
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    assert build.read("cells.html").count("<svg role=") == 1
    assert "In a raw cell" in build.read("cells.html")
