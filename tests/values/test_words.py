"""Values in the words of languages."""

from __future__ import annotations

import pytest

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.graph.memory import Bytes
from sphinxcontrib_kerasgraph.values.question import parse_question
from sphinxcontrib_kerasgraph.values.words import in_words


def said(value, text="params", language="en"):
    return in_words(value, parse_question(text), language).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (950, "950"),
        (999, "999"),
        (1000, "1 k"),
        (4_200, "4.2 k"),
        (25_636_712, "25.6 M"),
        (999_499, "999 k"),
        (999_999, "1 M"),
        (70_553_706_496, "70.6 G"),
        (123 * 10**18, "123,000 P"),
    ],
)
def test_numbers_of_parameters_have_three_digits(value, text):
    assert said(value) == said(value, "flops") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(512, "512 bytes"), (102_546_848, "97.8 MB"), (1_048_575, "1 MB"), (2**30 * 1010, "1,010 GB")],
)
def test_sizes_are_told_as_keras_tells_them(value, text):
    assert said(Bytes(value), "size") == text


@pytest.mark.parametrize(
    ("value", "question", "text"),
    [
        (1041, "layers", "1,041"),
        (2048, "fc.units", "2,048"),
        (2, "up.size", "2"),
        (0.001, "norm.epsilon", "0.001"),
        (1e-7, "norm.epsilon", "1e-07"),
        (True, "fc.use_bias", "True"),
        (None, "fc.activation", "None"),
        ([3, 3], "conv.kernel_size", "(3, 3)"),
        ([7, 7, 64], "r.target_shape", "(7, 7, 64)"),
        ({"class_name": "GlorotUniform", "config": {"seed": None}}, "f.i", "glorot_uniform"),
        ((None, 224, 224, 3), "input_shape", "224×224×3"),
        ([(None, 8), (None, None, 4)], "input_shape", "8, ?×4"),
    ],
)
def test_other_values(value, question, text):
    assert said(value, question) == text


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("de", ("25,6 M", "25.636.712", "2,56e+07", "1.041", "0,5")),
        ("zh_CN", ("25.6 M", "25,636,712", "2.56e+07", "1,041", "0.5")),
        ("none_such", ("25.6 M", "25,636,712", "2.56e+07", "1,041", "0.5")),
    ],
)
def test_separators_are_those_of_the_language(language, texts):
    asked = (
        *((25_636_712, f"params{form}") for form in ("", ":,", ":.3g")),
        *((1041, "layers"), (0.5, "drop.rate")),
    )
    assert tuple(said(value, text, language) for value, text in asked) == texts


def test_a_format_is_of_the_number_itself_or_of_the_text():
    assert said(25_636_712, "params:.1e") == "2.6e+07"
    assert said((None, 224, 224, 3), "input_shape:s") == "(None, 224, 224, 3)"
    with pytest.raises(Fault, match="'q' is no format for '8'"):
        said(8, "params:q")
