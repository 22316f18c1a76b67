"""The directive's argument and the input shape."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.target import (
    Arguments,
    Attribute,
    Item,
    Target,
    parse_input_shape,
)


@pytest.mark.parametrize(
    ("text", "module", "path", "steps"),
    [
        ("pkg.build", None, "pkg.build", []),
        ("pkg.mod:Class.build", "pkg.mod", "Class.build", []),
        ("pkg:build", "pkg", "build", []),
        ("pkg.build()", None, "pkg.build", [Arguments()]),
        (
            "pkg.build(50, depth=-1, top=False, shape=(1, None), names=['a:b', \"(c)\"])",
            None,
            "pkg.build",
            [
                Arguments(
                    (50,),
                    (
                        ("depth", -1),
                        ("top", False),
                        ("shape", (1, None)),
                        ("names", ["a:b", "(c)"]),
                    ),
                )
            ],
        ),
        ("pkg.build(\n   depth=50\n)", None, "pkg.build", [Arguments((), (("depth", 50),))]),
        ("pkg.Gan().generator", None, "pkg.Gan", [Arguments(), Attribute("generator")]),
        ("pkg.pair()[0]", None, "pkg.pair", [Arguments(), Item(0)]),
        ("pkg:MODELS['small']", "pkg", "MODELS", [Item("small")]),
        (
            'pkg.MODELS["a.b"](1).blocks[-1].build_generator( top = True )',
            None,
            "pkg.MODELS",
            [
                Item("a.b"),
                Arguments((1,)),
                Attribute("blocks"),
                Item(-1),
                Attribute("build_generator"),
                Arguments((), (("top", True),)),
            ],
        ),
        ("pkg.build()()", None, "pkg.build", [Arguments(), Arguments()]),
    ],
)
def test_parse(text, module, path, steps):
    target = Target.parse(text)
    assert (target.module, target.path, list(target.steps)) == (module, path, steps)
    assert Target.parse(target.text) == target
    assert target.calls == any(isinstance(step, Arguments) for step in steps)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a path"),
        ("build", "names no module"),
        ("pkg.", "not a path"),
        ("pkg.1st", "not a path"),
        ("pkg:mod:name", "not a path"),
        ("pkg.build(depth=N)", "'N' in .* is not a literal"),
        ("pkg.build(*[1])", "is not a literal"),
        ("pkg.build(**{})", "is not a literal"),
        ("pkg.build(open('x'))", "is not a literal"),
        ("pkg.build(", "not valid Python"),
        ("pkg.build() + 1", "more than calls, items and attributes"),
        ("pkg.build()[1:]", "more than calls, items and attributes"),
        ("pkg.build()[x]", "'x' in .* is not a literal"),
        ("pkg.build() if 1 else 2", "more than calls, items and attributes"),
        ("pkg.build()[0] = 1", "not valid Python"),
        ("(lambda: 1)()", "not a path"),
        ("__import__('os').system('x')", "names no module"),
        ("notebooks/train.ipynb", "notebooks aren't read"),
        ("weights/best.h5", "is a file of HDF5, which isn't read"),
        ("pkg.models.hdf5", "is a file of HDF5, which isn't read"),
        ("best.weights.h5", "has weights alone"),
        ("models/export/1", "'models/export/1' is the path of a folder, as of a SavedModel"),
        ("models/export/", "is the path of a folder"),
        ("models/export/saved_model.pb", "is part of a SavedModel of TensorFlow"),
        (r"models\net.tflite", "is a file of TensorFlow Lite"),
        ("models/net.pt", "is a file of PyTorch"),
        ("models/net.py", "is the path of a file of Python"),
        ("models/net.yaml", "is the path of a file that isn't read"),
    ],
)
def test_faulty_targets_are_refused(text, says):
    with pytest.raises(Fault, match=says) as caught:
        Target.parse(text)
    assert caught.value.subtype == "target"
    assert caught.value.advice


def test_names_that_end_as_files_do_are_names():
    assert Target.parse("pkg.formats.onnx").path == "pkg.formats.onnx"
    assert Target.parse("pkg.build('a/b.pb')").calls


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("(224, 224, 3)", (224, 224, 3)),
        ("224, 224, 3", (224, 224, 3)),
        ("[224, 224, 3]", (224, 224, 3)),
        ("(None, 64)", (None, 64)),
        ("7", (7,)),
        ("()", ()),
        ("[(3,), (4, 5)]", [(3,), (4, 5)]),
        ("((3,), (4, 5))", [(3,), (4, 5)]),
        ("{'image': (32, 32, 3), 'label': ()}", {"image": (32, 32, 3), "label": ()}),
    ],
)
def test_input_shape(text, shape):
    assert parse_input_shape(text) == shape


@pytest.mark.parametrize(
    "text", ["", "(7,", "(a, b)", "'abc'", "(-1, 3)", "{1: (2,)}", "True", "1.5"]
)
def test_faulty_input_shapes_are_refused(text):
    with pytest.raises(Fault, match="is not a shape") as caught:
        parse_input_shape(text)
    assert caught.value.subtype == "target"


def test_strings_are_kept_and_writings_are_made_one():
    target = Target.parse("pkg.build( 'a   b',\n   depth = 1 )")
    assert target.steps == (Arguments(("a   b",), (("depth", 1),)),)
    assert target.text == "pkg.build('a   b', depth=1)"


@pytest.mark.parametrize(
    "text",
    [
        "pkg.build(a=1, a=2)",
        "pkg.build(" + "-" * 20_000 + "1)",
        "pkg.build(a" + ".b" * 5_000 + ")",
        "pkg.build(" + "1+" * 5_000 + "1)",
        "pkg.build(" + "(" * 300 + ")",
    ],
)
def test_odd_calls_are_refused(text):
    with pytest.raises(Fault) as caught:
        Target.parse(text)
    assert caught.value.subtype == "target"
    assert len(caught.value.message) < 700
