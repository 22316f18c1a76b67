"""Where classes are documented, by their names alone."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from pathlib import Path

import pytest

from sphinxcontrib_kerasgraph.graph.public_names import names_of
from sphinxcontrib_kerasgraph.web.links import (
    Documented,
    Templates,
    is_safe,
    linked,
    with_links,
)

TENSORFLOW = "https://www.tensorflow.org/api_docs/python/tf"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("pkg.models.resnet.Block", "pkg.models.resnet.Block"),
        ("pkg.models._vit.Encoder", "pkg.models.Encoder"),
        ("pkg._src.api.Public", "pkg.layers.Public"),
        ("pkg._src.nested.Outer.Inner", "pkg.layers.Outer.Inner"),
        # Another one of the same name, where those of the module are documented.
        ("pkg.models.resnet.Head", None),
        # Which of both isn't known.
        ("pkg._src.Twice", None),
        ("pkg._src.nested.Other.Inner", None),
        ("other.models._vit.Encoder", None),
        ("pkg.models.resnet.make.<locals>.Encoder", None),
        ("Encoder", None),
        ("", None),
    ],
)
def test_classes_are_found_under_the_names_that_users_know(name, found):
    documented = Documented(
        [
            "pkg.models.resnet.Block",
            "pkg.models.Encoder",
            "pkg.Encoder",
            "pkg.layers.Public",
            "pkg.layers.Outer.Inner",
            "pkg.layers.Head",
            "pkg.one.Twice",
            "pkg.other.Twice",
        ]
    )
    assert documented.find(name) == found


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("keras.layers.Dense", f"{TENSORFLOW}/keras/layers/Dense"),
        ("keras.Sequential", f"{TENSORFLOW}/keras/Sequential"),
        ("keras.src.models.functional.Functional", f"{TENSORFLOW}/keras/Model"),
        ("keras.src.ops.numpy.ExpandDims", f"{TENSORFLOW}/keras/ops/expand_dims"),
        ("keras.src.ops.nn.BatchNorm", f"{TENSORFLOW}/keras/ops/batch_normalization"),
        ("keras.src.ops.image.Resize", f"{TENSORFLOW}/keras/ops/image/resize"),
        ("tf.linalg.einsum", f"{TENSORFLOW}/linalg/einsum"),
        ("tf.concat", f"{TENSORFLOW}/concat"),
        (
            "tf_keras.layers.Dense",
            "https://www.tensorflow.org/versions/r2.15/api_docs/python/tf/keras/layers/Dense",
        ),
        ("keras.src.applications.convnext.LayerScale", None),
        ("keras.Layer.add_loss", None),
        ("mine.layers.Dense", None),
    ],
)
def test_what_keras_has_leads_to_its_official_page(name, page):
    templates = Templates({})
    assert next(filter(None, map(templates.url, names_of(name))), None) == page


def test_every_operation_of_keras_is_known_by_the_name_of_its_function():
    """Read from the code, since to import Keras takes seconds."""
    [folder] = importlib.util.find_spec("keras").submodule_search_locations
    for module in ("numpy", "nn", "math", "linalg", "core", "image"):
        public = Path(folder, "ops", "image" if module == "image" else "", "__init__.py")
        exported = set(
            re.findall(r" as (\w+),?$", public.read_text(encoding="utf-8"), re.MULTILINE)
        )
        code = Path(folder, "src", "ops", f"{module}.py").read_text(encoding="utf-8")
        own = [one.name for one in ast.parse(code).body if isinstance(one, ast.ClassDef)]
        own = [name for name in own if name != "SegmentReduction"]  # a base of others
        named = {one: names_of(f"keras.src.ops.{module}.{one}")[1] for one in own}
        unknown = [one for one, name in named.items() if name.rpartition(".")[2] not in exported]
        assert unknown == [], module


def test_templates_of_the_author_come_first_and_can_switch_off():
    templates = Templates(
        {
            "mine.*": "https://example.org/{path}/{module}.html#{name}?{full}{other}",
            "keras.layers.Dense": "https://example.org/dense",
            "keras.layers.*": None,
        }
    )
    assert templates.url("mine.a.B") == "https://example.org/a/B/mine.a.html#B?mine.a.B{other}"
    assert templates.url("keras.layers.Dense") == "https://example.org/dense"
    assert templates.url("keras.layers.Conv2D") is None
    assert templates.url("keras.losses.Huber") == f"{TENSORFLOW}/keras/losses/Huber"


@pytest.mark.parametrize("name", ["keras.layers.Dense", "keras.src.ops.nn.Relu"])
def test_official_pages_can_be_switched_off(name):
    templates = Templates({"keras.*": None})
    assert [templates.url(one) for one in names_of(name)] == [None] * len(names_of(name))


def test_names_are_quoted_in_addresses():
    url = Templates({"odd.*": "https://example.org/{path}?{name}"}).url('odd.{name}/b"><x>.ä')
    assert url == "https://example.org/%7Bname%7D%2Fb%22%3E%3Cx%3E/%C3%A4?%C3%A4"


@pytest.mark.parametrize(
    ("url", "is_let_through"),
    [
        ("https://example.org/a#b", True),
        ("../api.html#pkg.Class", True),
        ("#pkg.Class", True),
        ("", False),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://[", False),
    ],
)
def test_links_lead_to_pages_alone(url, is_let_through):
    assert is_safe(url) == is_let_through


def test_addresses_take_the_place_of_classes_and_no_other_text_is_touched():
    text = 'href="kerasgraph:pkg.A" a href="kerasgraph:pkg.A"'
    svg = (
        '<a href="kerasgraph:pkg.&lt;locals&gt;.&quot;A&quot;"><title>A</title></a>'
        f'<a href="kerasgraph:pkg.A"><text>{text}</text></a>'
    )
    links = {'pkg.<locals>."A"': 'https://example.org/?a=1&b="<x>'}
    assert linked(svg, links) == (
        '<a href="https://example.org/?a=1&amp;b=&quot;&lt;x&gt;"><title>A</title></a>'
        f"<a><text>{text}</text></a>"
    )


def test_data_tell_the_addresses_of_their_classes_alone():
    data = json.dumps({"calls": [{"class": 'pkg."A"'}, {"class": "pkg.B"}]})
    links = {'pkg."A"': "a", "pkg": "no", "A": "no", "pkg.C": "no"}
    assert json.loads(with_links(data, links))["links"] == {'pkg."A"': "a"}
