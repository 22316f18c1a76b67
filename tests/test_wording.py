"""Words of ours: each is in every catalog, and what isn't English is told from what is."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import sphinxcontrib_kerasgraph
from edit_graphs import changed
from make_graphs import model
from sphinxcontrib_kerasgraph import wording
from sphinxcontrib_kerasgraph.diff import ModelDiff
from sphinxcontrib_kerasgraph.ext.language import LOCALES, names, read_catalog
from sphinxcontrib_kerasgraph.graph import Amount, Marks, Parameters
from sphinxcontrib_kerasgraph.label.alike import Alike
from sphinxcontrib_kerasgraph.label.details import Detail, amount_text, details
from sphinxcontrib_kerasgraph.label.size import text_width
from sphinxcontrib_kerasgraph.label.words import sentence
from sphinxcontrib_kerasgraph.options import LabelOptions
from sphinxcontrib_kerasgraph.summary.columns import column
from sphinxcontrib_kerasgraph.summary.rows import Row
from sphinxcontrib_kerasgraph.summary.totals import Totals
from sphinxcontrib_kerasgraph.view.flops import UNKNOWN

PACKAGE = Path(sphinxcontrib_kerasgraph.__file__).parent
CATALOGS = {path.parent.parent.name: path for path in LOCALES.glob("*/LC_MESSAGES/kerasgraph.po")}
IN_SCRIPT = re.compile(r'\b_\(\s*"((?:[^"\\]|\\.)*)"')
PLACEHOLDER = re.compile(r"\{\w*\}")


@pytest.fixture
def in_language():
    """Has words be those of a language."""
    yield lambda name: wording.use(read_catalog(CATALOGS[name]))
    wording.use(wording.ENGLISH)


def messages():
    """All that is wrapped in the package; of what has a plural, both."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name("_" | "N_"), [ast.Constant(str() as message), *_]):
                    yield message
                case ast.Call(ast.Name("ngettext"), [ast.Constant(one), ast.Constant(many), *_]):
                    yield one, many
    for path in PACKAGE.joinpath("script").glob("*.js"):
        yield from IN_SCRIPT.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CATALOGS)
def test_each_message_is_translated_and_no_other_is(name):
    catalog = read_po(BytesIO(CATALOGS[name].read_bytes()))
    entries = [message for message in catalog if message.id]
    assert {message.id for message in entries} == set(messages())
    assert not catalog.obsolete
    for message in entries:
        is_plural = isinstance(message.id, tuple)
        ids = message.id if is_plural else (message.id,)
        texts = message.string if is_plural else (message.string,)
        assert len(texts) == (catalog.num_plurals if is_plural else 1), message.id
        assert not message.fuzzy, message.id
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        for text in texts:
            assert text, message.id
            said = set(PLACEHOLDER.findall(text))
            # One of a thing may be told without its number.
            assert said == wanted or (is_plural and said == wanted - {"{number}"}), message.id


def test_german_and_chinese_are_there():
    assert CATALOGS.keys() >= {"de", "zh_CN"}


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("de_AT", ["de_AT", "de"]),
        ("zh", ["zh", "zh_CN"]),
        ("zh-Hans-CN", ["zh_Hans_CN", "zh_Hans", "zh_CN", "zh"]),
        ("zh_TW", ["zh_TW", "zh"]),
    ],
)
def test_a_catalog_serves_for_languages_that_are_written_alike(language, found):
    assert list(names(language)) == found


MLP = replace(model("x InputLayer\ny Dense/4 <- x\n-> y"), layers=2, qualname="Sequential")


def test_a_model_is_told_in_german(in_language):
    english = sentence(MLP)
    in_language("de")
    said = sentence(MLP)
    assert said.startswith("net, ein Sequential-Modell: 2 Schichten und 0 Parameter, von Eingabe (")
    wording.use(wording.ENGLISH)
    assert sentence(MLP) == english
    assert wording.key() == ""


def test_numbers_are_written_as_the_language_has_them(in_language):
    numbers = "1,234", "0.5", "7.75 G", "12", "1,234,567 … 9,999"
    assert tuple(map(wording.numbers, numbers)) == numbers
    params = Detail("params", ("1,234",), number=1234)
    in_language("de")
    said = tuple(map(wording.numbers, numbers))
    assert said == ("1.234", "0,5", "7,75 G", "12", "1.234.567 … 9.999")
    assert (params.named, params.values, params.alone(each=True)) == (
        "Parameter",
        ("1.234",),
        "je 1.234",
    )
    # What is a name of Keras's stays so, as do values of a configuration.
    rate = Detail("momentum", ("0.99",))
    assert (rate.named, rate.values) == ("momentum", ("0.99",))


def test_amounts_are_written_as_the_language_has_them(in_language):
    large, part = Amount(7_751_424_000), Amount(12_345_678, complete=False)
    calls = "".join(f"d{n} Dense <- d{n - 1}\n" for n in range(1, 4))
    chain = model(f"d0 InputLayer\n{calls}-> d3").graph.calls[1:]

    def told(amount):
        """The FLOPs of three calls in a row."""
        marked = tuple(replace(one, marks=Marks(flops=amount)) for one in chain)
        return column("flops").text(Row(Alike(marked, ((0,), (1,), (2,))), "d"))

    assert [told(large), told(part)] == ["3 × 7.75 G", "37 M + unknown"]
    in_language("de")
    assert amount_text(large) == "7,75 G"
    assert amount_text(part) == "12,3 M + unbekannt"
    assert [told(large), told(part)] == ["3 × 7,75 G", "37 M + unbekannt"]
    # There is none of what isn't known, in any language.
    assert [told(UNKNOWN), told(Amount())] == ["unbekannt", "0"]
    flops = Totals(Parameters(), None, large).lines()[-1]
    assert flops == ("FLOPs", "7,75 G")
    [detail] = details(replace(chain[0], marks=Marks(flops=large)), LabelOptions(), {})
    assert detail.values == ("7,75 G",)


def test_plurals_are_those_of_the_language(in_language):
    def said(number):
        return wording.ngettext("{number} layer", "{number} layers", number)

    assert [said(1), said(2000)] == ["1 layer", "2,000 layers"]
    in_language("de")
    assert [said(1), said(2000)] == ["1 Schicht", "2.000 Schichten"]
    in_language("zh_CN")
    assert [said(1), said(2000)] == ["1 层", "2,000 层"]


def test_wide_characters_are_as_wide_as_the_font_is_large():
    assert text_width("层", 10) == 10
    assert text_width("层a", 10) == 15.56


#: Words of ours that must not be left where another language is spoken.
ENGLISH = re.compile(
    r"\b(the|its?|from|to|of|is|isn't|any more|tensor goes|added|removed|moved|input|output|none)\b"
)


def pairs_of_models():
    """Two models each, which differ in what is told in words of ours."""
    chain = "x InputLayer\na Dense/1 <- x\nb Dense/2 <- a\nsum Sub <- b, a\n-> sum"
    old = model(chain)
    yield old, model(chain.replace("b, a", "b, x"))
    yield old, model(chain.replace("b, a", "a, b"))
    yield old, model(chain.replace("-> sum", "-> sum, a"))
    yield old, model(chain.replace("sum Sub <- b, a", "drop Dropout <- b\nsum Sub <- drop, a"))
    yield old, replace(old, name="other", qualname="Net", opaque="why", model_type="Subclassed")
    yield old, replace(old, parameters=Parameters(9, 9, 9))
    for change in (
        {"parameters": Parameters(9, 9, 9)}, {"layer": "a"}, {"outputs": ()},
        {"is_operation": True}, {"module": "demo"}, {"kind": "custom"}, {"opaque": "why"},
    ):  # fmt: skip
        yield old, changed(old, "b", **change)


@pytest.mark.parametrize("name", CATALOGS)
def test_what_differs_between_two_models_is_said_in_the_language(name, in_language):
    in_language(name)
    for old, new in (way for each in pairs_of_models() for way in (each, each[::-1])):
        diff = ModelDiff.of(old, new)
        # Names of classes and layers, and of arguments, are as they are.
        said = [diff.headline, *diff.lines, *(one.text for one in diff.statements)]
        said += [text for row in diff.rows for text in (row.name, *row.cells)]
        assert not [text for text in said if ENGLISH.search(text)]


def test_warnings_of_drift_stay_english(in_language):
    in_language("de")
    before = wording.key()
    with wording.in_english():
        assert wording.key() == ""
    assert wording.key() == before
