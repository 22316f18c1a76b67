"""What is known of documented objects without Keras: here of classes that have its names."""

from __future__ import annotations

import abc
import sys
import types
from functools import partial
from typing import Annotated, ForwardRef, Optional, Self, TypeVar

import pytest
from sphinx.ext.autodoc.mock import mock

from sphinxcontrib_kerasgraph.ext import python_objects


def _of(module, name, *bases):
    return type(name, bases, {"__module__": module})


Layer = _of("keras.src.layers.layer", "Layer")
Model = _of("keras.src.models.model", "Model", Layer)
Sequential = _of("keras.src.models.sequential", "Sequential", Model)
OldModel = _of("tf_keras.src.engine.training", "Model")
OwnKeras = _of("mykeras.models", "Model")
Some = TypeVar("Some", bound=Model)


class Net(Model):
    def __init__(self, units, depth=2):
        pass

    def call(self, x):
        return x

    def other(self) -> Self:
        return self


class Mixin(Model):
    """Adds but a method."""

    def parameters(self):
        return []


class Unwritten(Model):
    def call(self, inputs):
        raise NotImplementedError


class Abstract(Model, abc.ABC):
    def call(self, inputs):
        return inputs


class Concrete(Abstract):
    pass


@pytest.mark.parametrize(
    ("cls", "is_one"),
    [
        (Net, True),
        (Concrete, True),
        (type("Old", (OldModel,), {"call": lambda self, x: x}), True),
        (type("Functional", (Sequential,), {"__init__": lambda self: None}), True),
        (Model, False),
        (Mixin, False),
        (Unwritten, False),
        (Abstract, False),
        (type("Wide", (Layer,), {"call": lambda self, x: x}), False),
        (type("Other", (OwnKeras,), {"call": lambda self, x: x}), False),
        (Net(2), False),
    ],
)
def test_classes_of_models_are_known_by_names(cls, is_one):
    assert python_objects.is_model_class(cls) is is_one


@pytest.mark.parametrize(
    ("annotation", "is_model"),
    [
        (Model, True),
        (Net, True),
        (OldModel, True),
        (Optional[Net], True),  # noqa: UP045
        (Annotated[Net, "deep"], True),
        (Some, True),
        ("Net", True),
        ("'Net'", True),
        ("Net | None", True),
        ("Optional[Net]", True),
        ("keras.Model", True),  # imported for type checkers alone
        ("tf.keras.models.Sequential", True),
        ("keras.layers.Layer", False),
        ("Unknown", None),
        ("no annotation!", None),
        ("None", False),
        (None, False),
        (Layer, False),
        (int, False),
        (list[Net], False),
        (tuple[Net, Net], False),
        (Net | int, False),
        (OwnKeras, False),
    ],
)
def test_functions_are_known_by_what_they_are_annotated_to_return(annotation, is_model):
    def build(): ...

    build.__annotations__["return"] = annotation
    assert python_objects.returns_model(build) is is_model
    assert python_objects.returns_model(partial(build)) is is_model


def test_what_is_not_annotated_is_not_known():
    assert python_objects.returns_model(lambda: None) is None
    assert python_objects.returns_model(len) is None
    assert python_objects.returns_model(Net.other, Net) is True
    assert python_objects.returns_model(Net.other, int) is False


def test_models_themselves_are_known():
    assert python_objects.is_model(Net(3)) is True
    assert python_objects.is_model(Net) is False
    assert python_objects.is_model(5) is False


def test_what_has_to_be_given():
    def build(depth: int, *rest, width=3, name: str): ...

    def head(model: Model, units=2): ...

    def typed(layer: keras.Layer): ...  # noqa: F821

    assert python_objects.missing_arguments(build) == ["depth", "name"]
    assert python_objects.missing_arguments(Net) == ["units"]
    assert python_objects.missing_arguments(Net(2)) == []
    found = [python_objects.wants_objects(one) for one in (build, head, typed)]
    assert found == [False, True, True]


UNQUOTED = """
def build(depth, of: keras.Model, to: keras.Model | None = None) -> keras.Model: ...
def other() -> keras.layers.Layer: ...
"""


@pytest.mark.skipif(sys.version_info < (3, 14), reason="annotations are looked at at once")
def test_names_for_type_checkers_alone_stand_for_themselves():
    found = {}
    exec(compile(UNQUOTED, "unquoted", "exec", dont_inherit=True), found)
    assert python_objects.missing_arguments(found["build"]) == ["depth", "of"]
    assert python_objects.wants_objects(found["build"])
    assert python_objects.returns_model(found["build"]) is True
    assert python_objects.returns_model(found["other"]) is False


def test_what_cannot_be_looked_at_ends_nothing(monkeypatch):
    def build(of): ...

    build.__annotations__["of"] = ForwardRef("keras.Model")
    assert python_objects.wants_objects(build)

    def fails(*_args, **_more):
        raise NameError("keras")

    monkeypatch.setattr(python_objects.inspect, "signature", fails)
    assert python_objects.missing_arguments(build) == []
    assert not python_objects.wants_objects(build)


def test_mocks_of_autodoc_are_known_by_what_they_stand_for():
    with mock(["keras", "tensorflow"]):
        import keras
        import tensorflow as tf

        class Mocked(keras.Model):
            def __init__(self, units): ...

            def call(self, x): ...

        class MockedLayer(keras.layers.Layer):
            def call(self, x): ...

        def build() -> tf.keras.Sequential: ...

        def layer() -> keras.layers.Layer: ...

        build.__annotations__["return"] = tf.keras.Sequential
        layer.__annotations__["return"] = keras.layers.Layer
        model = keras.Sequential([])
        again = keras.Sequential
    assert python_objects.is_model_class(Mocked)
    assert not python_objects.is_model_class(MockedLayer)
    assert python_objects.missing_arguments(Mocked) == ["units"]
    assert python_objects.returns_model(build) is True
    assert python_objects.returns_model(layer) is False
    assert python_objects.is_model(model)
    assert not python_objects.is_model(again)


def test_a_name_leads_to_the_definition_if_that_is_the_same_object(monkeypatch):
    package, inner = types.ModuleType("a_pkg"), types.ModuleType("a_pkg._inner")
    inner.Net = package.Net = type("Net", (), {"__module__": "a_pkg._inner"})
    package.build = lambda: None
    package.other = type("Net", (), {"__module__": "a_pkg._inner"})
    monkeypatch.setitem(sys.modules, "a_pkg", package)
    monkeypatch.setitem(sys.modules, "a_pkg._inner", inner)
    assert python_objects.first_name("a_pkg.Net") == "a_pkg._inner.Net"
    for name in ("a_pkg.build", "a_pkg.other", "a_pkg.nothing", "no_such.Net"):
        assert python_objects.first_name(name) == name
