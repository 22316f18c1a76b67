"""Models in docstrings, and those of autodoc's that are drawn without a word in theirs."""

from __future__ import annotations

import importlib.util
import pickle
import shutil

import pytest
from docutils import nodes
from sphinx import addnodes

from sphinx_project import make_project, missing
from sphinxcontrib_kerasgraph.ext.nodes import Asking

AUTODOC = """
extensions += ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.autosummary"]
autodoc_default_options = {"members": True}
autosummary_generate = False
"""
#: Without Keras in Sphinx's own process, as on Read the Docs; `sphinx.pycode` would import it.
MOCKED = (
    AUTODOC
    + """
class NoKeras:
    def find_spec(self, name, path=None, target=None):
        if name == "keras":
            raise ImportError(name)

sys.meta_path.insert(0, NoKeras())
autodoc_mock_imports = ["keras"]
"""
)
LIBRARY = """
kerasgraph_autodoc = True
kerasgraph_shapes = {
    "library.texts.Tagger": {"input_shape": (5,), "input_dtype": "int32"},
    "library.*.P*": {"input_shape": (3,)},
}
kerasgraph_cache_dir = "../cache"
"""
PAGES = {
    "index": """
Library
=======

.. automodule:: library
   :imported-members:
   :inherited-members:

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
        "library.tables.Perceptron": "library.tables.Perceptron",
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
    project = make_project(folder, MOCKED + LIBRARY, **PAGES)
    return project, project.build()


def test_each_model_of_a_library_is_drawn_and_nothing_that_is_none(library, dot):
    _, build = library
    assert build.warnings == []
    assert build.returncode == 0, build.output
    assert {page: asked(build, page) for page in PAGES} == DRAWN
    # Those documented twice are built once.
    assert "9 built" in build.output, build.output
    for page, drawn in DRAWN.items():
        assert len(build.drawings(f"{page}.html")) == len(drawn), page


def test_a_summary_says_nothing_of_what_is_added(library):
    _, build = library
    tree = pickle.loads((build.folder.parent / "html.doctrees/images.doctree").read_bytes())
    [table] = tree.findall(nodes.table)
    summaries = [row[-1].astext() for row in table.findall(nodes.row)]
    assert summaries == ["Tells images apart.", "What classifiers have in common."]


@pytest.mark.slow
def test_keras_itself_in_the_process_and_several_jobs_and_latex(library, tmp_path, dot):
    project, _ = library
    shutil.copytree(project.source.parent / "cache" / "graphs", tmp_path / "cache" / "graphs")
    # Keras's own members aren't meant for Sphinx.
    index = PAGES["index"].replace("   :inherited-members:\n", "")
    pages = PAGES | {"index": index}
    build = make_project(tmp_path, AUTODOC + LIBRARY, **pages).build("latex", "-j", "2")
    assert build.warnings == []
    assert "built" not in build.output.replace("succeeded", "")
    own = {name: target for name, target in DRAWN["index"].items() if name != "library.Wide.tiny"}
    assert {page: asked(build, page) for page in PAGES} == DRAWN | {"index": own}
    assert len(build.images("pdf")) == 8


def test_a_directive_without_a_name_means_what_is_documented(tmp_path):
    page = """
.. py:function:: zoo.first.mlp()

   .. keras-model::

.. py:currentmodule:: zoo.shapes

.. py:class:: Net(units)

   .. py:attribute:: units

   .. keras-model:: (units=5)
      :input-shape: (3,)

   .. py:method:: __init__(units)

      .. keras-model:: zoo.first.branches

.. py:data:: MODELS

   .. keras-model:: ["small"]

.. py:method:: Net.call(inputs)

   .. keras-model:: (2)
"""
    build = read(tmp_path, page)
    assert build.warnings == []
    assert asked(build) == {
        "zoo.first.mlp": "zoo.first.mlp",
        "zoo.shapes.Net": "zoo.shapes.Net(units=5)",
        "zoo.shapes.Net.__init__": "zoo.first.branches",
        "zoo.shapes.MODELS": "zoo.shapes.MODELS['small']",
        "zoo.shapes.Net.call": "zoo.shapes.Net(2)",
    }


DOCSTRINGS = """
'''The module.

{module}
'''
import keras

class Both(keras.Model):
    '''A class.'''

    def __init__(self, units=2):
        '''Makes one.{init}'''

    def call(self, x):
        '''Calls.'''

def build(depth) -> keras.Model:
    '''Needs a number.'''

def unsaid():
    pass

def first():
    '''.. keras-model::'''

def shaped() -> keras.Model:
    '''
    .. keras-model::
       :input-shape: (3,)
    '''

def left_alone() -> keras.Model:
    '''Not to be drawn.'''
"""


def test_what_is_wrong_is_told_once_and_says_what_to_write(tmp_path):
    page = ".. keras-model::\n\n.. keras-model:: (depth=2)\n\n.. automodule:: mod_a\n"
    module = DOCSTRINGS.format(module=".. keras-model::", init="")
    build = read(tmp_path, page, "kerasgraph_autodoc = ['*.build']\n", mod_a=module)
    nothing = (
        "No model is named, and no function or class is documented here. Write its path after "
        "'.. keras-model::', or put the directive into the docstring, or the description, of what "
        "makes the model. [kerasgraph.target]"
    )
    first, second, third, fourth = build.warnings
    assert "index.rst:4: WARNING: keras-model (no name): No" in first
    assert "index.rst:6: WARNING: keras-model (depth=2): No" in second
    assert "mod_a.py:docstring of mod_a:3" in third
    assert [line.endswith(nothing) for line in (first, second, third)] == [True] * 3
    assert "mod_a.py:docstring of mod_a.build:" in fourth
    assert fourth.endswith(
        "keras-model mod_a.build: 'mod_a.build' needs 'depth'. Write '.. keras-model:: (depth=…)' "
        "in its docstring. [kerasgraph.target]"
    )


@pytest.mark.parametrize("init", ["", "\n\n        .. keras-model:: (units=5)\n        "])
def test_a_class_with_two_docstrings_is_drawn_once(tmp_path, init):
    conf = """
autoclass_content = "both"
kerasgraph_autodoc = ["mod_a.*", "library.*"]
kerasgraph_shapes = {"mod_a.Both": {"input_shape": [3]}, "mod_a.build": None, "*.left_*": None}
"""
    page = """
.. autosummary::

   mod_a.Both
   mod_a.first
   mod_a.shaped
   mod_a.unsaid

.. automodule:: mod_a
   :undoc-members:

.. autoclass:: library.texts.Tagger
   :no-members:

   .. keras-model:: (tags=7)
      :input-shape: (5,)
"""
    module = DOCSTRINGS.format(module="", init=init)
    build = read(tmp_path, page, conf, mod_a=module)
    assert build.warnings == []
    path = build.folder.parent / f"{build.folder.name}.doctrees/index.doctree"
    tree = pickle.loads(path.read_bytes())
    requests = [(one.request.target, one.request.input_shape) for one in tree.findall(Asking)]
    assert requests == [
        ("mod_a.Both(units=5)" if init else "mod_a.Both", "[3]"),
        ("mod_a.first", None),
        ("mod_a.shaped", "(3,)"),
        ("mod_a.unsaid", None),
        ("library.texts.Tagger(tags=7)", "(5,)"),
    ]
    summaries = [row[-1].astext() for row in next(tree.findall(nodes.table)).findall(nodes.row)]
    assert summaries == ["A class.", "", "", ""]


@pytest.mark.parametrize(
    ("show", "shown"),
    [("summary", ["keras_summary"]), ("both", ["keras_model", "keras_summary"])],
)
def test_a_summary_may_be_shown_as_well(tmp_path, show, shown):
    conf = f"kerasgraph_autodoc = True\nkerasgraph_autodoc_show = {show!r}\n"
    page = ".. autofunction:: library.tables.build_mlp"
    module = DOCSTRINGS.format(module="", init="")
    page += "\n\n.. automodule:: mod_a\n   :exclude-members: left_alone\n"
    build = read(tmp_path, page, conf, mod_a=module)
    [needs] = build.warnings  # told once
    assert "'mod_a.build' needs 'depth'" in needs
    tree = pickle.loads((build.folder.parent / "dummy.doctrees/index.doctree").read_bytes())
    first = next(tree.findall(addnodes.desc_content))
    assert [type(node).__name__ for node in first.findall(Asking)] == shown


FACTORY = """
import keras

class Net(keras.Model):
    '''A class.'''

    @classmethod
    def a_tiny(cls) -> keras.Model:
        '''Makes one.'''

    def call(self, x):
        '''Calls.'''
"""


def test_a_method_that_comes_first_has_its_own_diagram(tmp_path):
    conf = "kerasgraph_autodoc = ['mod_a.*']\n"
    page = ".. autoclass:: mod_a.Net\n\n.. autoclass:: mod_a.Net\n   :no-index:\n"
    build = read(tmp_path, page, conf, mod_a=FACTORY)
    assert build.warnings == []
    tree = pickle.loads((build.folder.parent / "dummy.doctrees/index.doctree").read_bytes())
    targets = [node.request.target for node in tree.findall(Asking)]
    assert targets == ["mod_a.Net", "mod_a.Net.a_tiny"] * 2


def test_without_autodoc_the_setting_is_of_no_use(tmp_path):
    build = make_project(tmp_path, "kerasgraph_autodoc = True\n", index="A\n=\n").build("dummy")
    [warning] = build.warnings
    assert "nothing is documented by autodoc" in warning
    assert "[kerasgraph.option]" in warning


def test_numpydoc_reads_docstrings_before_anything_is_added(tmp_path):
    if importlib.util.find_spec("numpydoc") is None:
        missing("numpydoc is not installed")
    conf = LIBRARY + 'extensions.remove("sphinx.ext.napoleon"); extensions.append("numpydoc")\n'
    build = read(tmp_path, PAGES["texts"], conf + "numpydoc_show_class_members = False\n")
    assert build.warnings == []
    assert asked(build) == DRAWN["texts"]
    tree = pickle.loads((build.folder.parent / "dummy.doctrees/index.doctree").read_bytes())
    [tagger] = [one for one in tree.findall(addnodes.desc) if one[0]["fullname"] == "Tagger"]
    parts = [type(node).__name__ for node in tagger[-1]]
    # What numpydoc makes of "See Also" comes before, and the methods after.
    assert parts.index("field_list") < parts.index("seealso") < parts.index("keras_model")
    assert parts.index("keras_model") < parts.index("desc")
