"""What modules offer that makes models, without importing them."""

from __future__ import annotations

import sys

import pytest

from sphinxcontrib_kerasgraph.exports import Exports, Pattern
from sphinxcontrib_kerasgraph.faults import Fault

FILES = {
    "__init__.py": "raise RuntimeError('imported')",
    "nets/__init__.py": """
from .resnet import ResNet2, ResNet10, helper
from ..layers import Block as Block
from keras import Model
__all__ = ["ResNet2", "ResNet10", "helper", "Block", "missing"]
__all__ += ["Net"]
try:
    from ._base import Net
except ImportError:
    pass
""",
    "nets/resnet.py": """
from keras import layers
from ..util import depth as depth
from ._base import Base

def ResNet10(depth=10, *, top=True): ...
def ResNet2() -> "keras.Model": ...
def helper(x): ...
def size() -> int: ...
def keyword(*, of): ...
def _hidden(): ...
class Tail(Base): ...
class Plain: ...
class Own(layers.Layer): ...
""",
    "nets/_base.py": """
import keras
class Base(keras.Model): ...
class Net(Base): ...
""",
    "layers.py": "import keras\nclass Block(keras.layers.Layer): ...\n",
    "util.py": "def depth(): return 3\n",
    "api/__init__.py": "",
    "api/models/__init__.py": "from mod_exports.nets.resnet import ResNet10 as ResNet10\n",
    "hub/__init__.py": "from mod_exports.api import models\n",
    "broken.py": "def (",
    "stars/__init__.py": """
from .a import *
from .b import *
from keras.layers import *
""",
    "stars/a.py": """
from . import *
import keras
__all__: list[str] = ["one"]
__all__.extend(["two"])
__all__.append("_three")
def one(): ...
def two(): ...
def _three(): ...
def four(): ...
""",
    "stars/b.py": """
from ._base import *
from ..nets._base import *
class Own(Net): ...
""",
    "stars/_base.py": """
from .b import *
def five(): ...
def _six(): ...
""",
    "computed/__init__.py": """
from ..stars import a
from ..stars.a import *
__all__ = ["one"]
__all__ += a.__all__
""",
    "computed/more.py": "__all__ = []\n__all__.remove('a')\n",
    "computed/user.py": "from . import *\ndef own(): ...\n",
}


@pytest.fixture(autouse=True)
def package(tmp_path, monkeypatch):
    folder = tmp_path / "mod_exports"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def targets(text, exports=None):
    return (exports or Exports()).targets(Pattern.parse(text))


def test_functions_without_arguments_and_models_are_offered_in_order(package):
    exports = Exports()
    assert targets("mod_exports.nets.*", exports) == [
        "mod_exports.nets.Net",
        "mod_exports.nets.ResNet2",
        "mod_exports.nets.ResNet10",
    ]
    assert str(package / "nets/_base.py") in exports.files
    assert "mod_exports" not in sys.modules
    # Of a module, what it defines, and what it imports by the same name.
    assert targets("mod_exports.nets.resnet.*") == [
        f"mod_exports.nets.resnet.{name}" for name in ("ResNet2", "ResNet10", "Tail", "depth")
    ]


def test_what_a_pattern_calls_may_need_arguments():
    assert targets("mod_exports.nets:h*(3)") == ["mod_exports.nets.helper(3)"]
    assert Pattern.parse("a.b.*(weights=None)").matches("a.b.C(weights=None)")
    assert not Pattern.parse("a.b.*(weights=None)").matches("a.b.C")
    assert not Pattern.parse("a.b.*").matches("a.b.c.D")


def test_modules_are_found_where_packages_import_them_to():
    assert targets("mod_exports.hub.models.*") == ["mod_exports.hub.models.ResNet10"]


def test_a_star_brings_what_its_module_offers():
    names = "Base", "Net", "Own", "_three", "five", "one", "two"
    assert targets("mod_exports.stars.*") == [f"mod_exports.stars.{name}" for name in names]


@pytest.mark.parametrize("module", ["computed", "computed.more", "computed.user"])
def test_a_computed_list_of_names_is_told(module):
    with pytest.raises(Fault, match=r"'mod_exports\.computed\S*' offers can't be read: .__all__"):
        targets(f"mod_exports.{module}.*")


@pytest.mark.parametrize("text", ["pkg.build", "pkg.build('*')", "pkg.MODELS['a*']", "a.keras"])
def test_what_has_no_wildcard_in_its_path_is_no_pattern(text):
    assert Pattern.parse(text) is None


def test_what_cannot_be_found_is_told():
    assert targets("no_such_package.*") is None
    assert targets("mod_exports.layers.*") == []
    for text, words in (
        ("mod_exports.nowhere.*", "source of the module 'mod_exports.nowhere' can't be found"),
        ("math.*", "source of the module 'math'"),
        ("mod_exports.broken.*", "can't be read"),
        ("mod_*.nets.build", "no pattern of targets"),
    ):
        with pytest.raises(Fault, match=words):
            targets(text)


def test_applications_are_those_that_make_models():
    import keras

    found = targets("keras.applications.*")
    names = {name.rpartition(".")[2] for name in found}
    offered = {name for name in dir(keras.applications) if callable(vars(keras.applications)[name])}
    assert names == offered
    assert len(found) >= 38
