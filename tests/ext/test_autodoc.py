"""Models in docstrings, and those of autodoc's that are drawn without a word in theirs."""

from __future__ import annotations

import pickle
import shutil

import pytest
from docutils import nodes
from sphinx import addnodes

from sphinx_project import make_project
from sphinxcontrib_kerasgraph.ext.nodes import Asking

AUTODOC = """
extensions += ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.autosummary"]
autodoc_default_options = {"members": True}
autosummary_generate = False
"""
#: Keras isn't imported by Sphinx then, as on Read the Docs; nor are its members inherited.
MOCKED = AUTODOC + 'autodoc_mock_imports = ["keras"]\n'
LIBRARY = """
kerasgraph_autodoc = True
kerasgraph_shapes = {
    "library.texts.Tagger": {"input_shape": (5,), "input_dtype": "int32"},
}
kerasgraph_cache_dir = "../cache"
"""
INHERITED = "autodoc_default_options['inherited-members'] = True\n"
PAGES = {
    "index": """
Library
=======

.. automodule:: library
   :imported-members:

.. toctree::

   tables
   texts
   images
""",
    "tables": "Tables\n======\n\n.. automodule:: library.tables\n",
    "texts": "Texts\n=====\n\n.. automodule:: library.texts\n",
    "images": """
Images
======

.. currentmodule:: library

.. autosummary::

   Classifier
   Backbone

.. autoclass:: library._images.Classifier
   :no-members:
   :no-index:
""",
}
#: What is drawn, where it is documented, and by which name of it.
DRAWN = {
    "index": {
        "library.Classifier": "library._images.Classifier",
        "library.Classifier.tiny": "library._images.Classifier.tiny",
        "library.Wide": "library._images.Wide",
        "library.Wide.tiny": "library.Wide.tiny",
        "library.build_mlp": "library.tables.build_mlp",
    },
    "tables": {
        "library.tables.build_mlp": "library.tables.build_mlp",
        "library.tables.build_deep": "library.tables.build_deep(depth=2)",
    },
    "texts": {
        "library.texts.Tagger": "library.texts.Tagger",
        "library.texts.DEFAULT": "library.texts.DEFAULT",
    },
    "images": {"library._images.Classifier": "library._images.Classifier"},
}


def asked(build, page="index"):
    """Which models a page asks for: by the names that they are documented by, their targets."""
    tree = pickle.loads(
        (build.folder.parent / f"{build.folder.name}.doctrees/{page}.doctree").read_bytes()
    )
    return {_documented(node): node.request.target for node in tree.findall(Asking)}


def _documented(node):
    while not isinstance(node, addnodes.desc):
        if node.parent is None:
            return None
        node = node.parent
    signature = node[0]
    return ".".join(filter(None, (signature["module"], signature["fullname"])))


def read(tmp_path, page, conf="", **files):
    """A page that is read, and of which nothing is drawn."""
    return make_project(tmp_path, MOCKED + conf, index=f"A\n=\n\n{page}", **files).build("dummy")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The library's documentation, by autodoc alone."""
    folder = tmp_path_factory.mktemp("library")
    project = make_project(folder, MOCKED + INHERITED + LIBRARY, **PAGES)
    return project, project.build()


def test_each_model_of_a_library_is_drawn_and_nothing_that_is_none(library, dot):
    _, build = library
    assert build.warnings == []
    assert build.returncode == 0, build.output
    assert {page: asked(build, page) for page in PAGES} == DRAWN
    # Those documented twice are built once.
    assert "8 built" in build.output, build.output
    for page, drawn in DRAWN.items():
        assert len(build.drawings(f"{page}.html")) == len(drawn), page


def test_a_summary_says_nothing_of_what_is_added(library):
    _, build = library
    tree = pickle.loads((build.folder.parent / "html.doctrees/images.doctree").read_bytes())
    [table] = tree.findall(nodes.table)
    summaries = [row[-1].astext() for row in table.findall(nodes.row)]
    assert summaries == ["Tells images apart.", "What classifiers have in common."]


def test_keras_itself_in_the_process_and_several_jobs_and_latex(library, tmp_path, dot):
    project, _ = library
    shutil.copytree(project.source.parent / "cache" / "graphs", tmp_path / "cache" / "graphs")
    build = make_project(tmp_path, AUTODOC + LIBRARY, **PAGES).build("latex", "-j", "2")
    assert build.warnings == []
    assert "built" not in build.output.replace("succeeded", "")
    own = {name: target for name, target in DRAWN["index"].items() if name != "library.Wide.tiny"}
    assert {page: asked(build, page) for page in PAGES} == DRAWN | {"index": own}
    assert len(set(build.images("pdf"))) == 6
