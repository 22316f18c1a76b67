"""Diagrams in all places of a document, those that other extensions make among them."""

from __future__ import annotations

import re

import pytest

from sphinx_project import make_project, missing

EXTENSIONS = "sphinx_design", "sphinx_tabs.tabs", "sphinx_gallery.gen_gallery"

CONF = f"""
extensions += {list(EXTENSIONS)!r}
sphinx_gallery_conf = {{
    "examples_dirs": "examples",
    "gallery_dirs": "made",
    "plot_gallery": "False",
    "download_all_examples": False,
}}
kerasgraph_show_shapes = True
suppress_warnings = ["config.cache"]
exclude_patterns = ["part.rst", "examples"]
"""

#: The places, each with the directive once.
PLACES = {
    "admonition": """
.. note::

   .. keras-model:: zoo.first.mlp
""",
    "list item": """
- An item:

  .. keras-model:: zoo.first.mlp

1. Another.
""",
    "definition": """
term
   .. keras-model:: zoo.first.mlp
""",
    "table cell": """
.. list-table::

   * - Left
     - .. keras-model:: zoo.first.mlp
""",
    "sidebar": """
.. sidebar:: Aside

   .. keras-model:: zoo.first.mlp
""",
    "footnote": """
A word [#f]_.

.. [#f] Of which this is the note:

   .. keras-model:: zoo.first.mlp
""",
    "only": """
.. only:: html or latex

   .. keras-model:: zoo.first.mlp

.. only:: never

   .. keras-model:: zoo.first.branches
""",
    "include": """
.. include:: part.rst
""",
    "substitution": """
Here it is: |net|

.. |net| keras-model:: zoo.first.mlp
""",
    "block quote": """
Said by somebody:

   .. keras-model:: zoo.first.mlp
""",
    "container": """
.. container:: mine

   .. keras-model:: zoo.first.mlp
""",
    "design": """
.. tab-set::

   .. tab-item:: One

      .. keras-model:: zoo.first.mlp

   .. tab-item:: Two

      .. keras-model:: zoo.first.branches
         :caption: In a tab

.. dropdown:: More

   .. keras-model:: zoo.first.mlp

.. grid:: 2

   .. grid-item-card:: A card

      .. keras-model:: zoo.first.mlp

   .. grid-item::

      .. keras-model:: zoo.first.mlp
""",
    "tabs": """
.. tabs::

   .. tab:: One

      .. keras-model:: zoo.first.mlp

   .. tab:: Two

      .. keras-model:: zoo.first.mlp
""",
}

EXAMPLE = '''"""
An example
==========

.. keras-model:: zoo.first.mlp
"""
print("Hello")

# %%
# In the middle of the code:
#
# .. keras-model:: zoo.first.branches
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory, known):
    for name in ("sphinx_design", "sphinx_tabs", "sphinx_gallery"):
        try:
            __import__(name)
        except ImportError:
            missing(f"{name} is not installed")
    pages = {
        name.replace(" ", "_"): f"{name}\n{'=' * len(name)}\n{text}"
        for name, text in PLACES.items()
    }
    index = "All\n===\n\n.. toctree::\n   :glob:\n\n   *\n   made/index\n"
    made = make_project(
        tmp_path_factory.mktemp("everywhere"), CONF, known=known, index=index, **pages
    )
    made.write(part=".. keras-model:: zoo.first.mlp\n")
    examples = made.source / "examples"
    examples.mkdir()
    examples.joinpath("GALLERY_HEADER.rst").write_text("Examples\n========\n", encoding="utf-8")
    examples.joinpath("plot_one.py").write_text(EXAMPLE, encoding="utf-8")
    return made


def test_html_has_each(project, dot):
    build = project.build("html")
    assert (build.returncode, build.warnings) == (0, []), build.output
    for name, text in PLACES.items():
        page = build.read(f"{name.replace(' ', '_')}.html")
        wanted = text.count("keras-model::") - (name == "only") + (name == "include")
        assert page.count("<svg role=") == wanted, name
    assert build.read("made/plot_one.html").count("<svg role=") == 2
    assert not build.read("index.html").count("<svg role=")


def test_latex_has_each_and_makes_a_document(project, compiled_dot):
    build = project.build("latex")
    assert (build.returncode, build.warnings) == (0, []), build.output
    text = build.read("test.tex")
    wanted = sum(one.count("keras-model::") for one in PLACES.values()) - 1 + 1 + 2
    assert len(re.findall(r"sphinxincludegraphics\[[^]]*\]\{kerasgraph-", text)) == wanted
    assert build.pdf().stat().st_size > 20_000
