"""What the options show of a call, and what of several calls in one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from make_graphs import leaf
from sphinxcontrib_kerasgraph.graph import Amount, Parameters, Tensor
from sphinxcontrib_kerasgraph.label.details import (
    Detail,
    amount_text,
    details,
    merged,
    short_activations,
    short_details,
)
from sphinxcontrib_kerasgraph.options import LabelOptions
from sphinxcontrib_kerasgraph.values.question import Question
from sphinxcontrib_kerasgraph.values.words import in_words


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Amount(0), "0"),
        (Amount(0, complete=False), "unknown"),
        (Amount(999), "999"),
        (Amount(1000), "1 k"),
        (Amount(7_751_424_000), "7.75 G"),
        (Amount(1_234_567), "1.23 M"),
        (Amount(12_345_678, complete=False), "12.3 M + unknown"),
        (Amount(10**15), "1 P"),
        (Amount(999_499), "999 k"),
        (Amount(999_999), "1 M"),
        (Amount(3 * 10**20), "300,000 P"),
    ],
)
def test_amounts_have_three_digits_and_a_unit(amount, text):
    assert amount_text(amount) == text
    if amount.complete:  # as in a text
        said = in_words(amount.known, Question("flops"), "en")
        assert said.replace("\N{NO-BREAK SPACE}", " ") == text


def detail(key: str, *lines: str, **facts) -> Detail:
    return Detail(key, lines, **facts)


def in_a_row(details_of_each: list[list[Detail]]) -> list[Detail]:
    return merged(details_of_each, [(at,) for at in range(len(details_of_each))])


def test_what_is_the_same_is_told_once():
    assert in_a_row([[detail("dtype", "float32")]] * 3) == [detail("dtype", "float32")]


def test_what_differs_is_told_in_order():
    each = [[detail("params", number)] for number in ("10", "20", "10", "40")]
    assert in_a_row(each) == [detail("params", "10, 20, 10, 40")]
    many = [[detail("params", f"{n * n % 71}", number=n * n % 71)] for n in range(1, 31)]
    assert in_a_row(many) == [detail("params", "1 … 64", number=1)]


def test_lines_are_merged_one_by_one():
    each = [[detail("input", "(8,)", first)] for first in ("(1,)", "(2,)")]
    assert in_a_row(each) == [detail("input", "(8,)", "(1,); (2,)")]


def test_what_some_have_is_told_as_such():
    first = [detail("activation", "relu")]
    assert in_a_row([first, []]) == [detail("activation", "relu, none")]
    params = [detail("params", str(number), number=number) for number in (64, 512, 32, 128)]
    assert [one.lines for one in in_a_row([[one] for one in params])] == [("64, 512, 32, 128",)]
    assert [one.lines for one in in_a_row([params[:1], []])] == [("64, 0",)]
    several = [detail("input", "(8,)", "(8,)")]
    assert in_a_row([several, [detail("input", "(8,)")]]) == several


def test_a_detail_alone_has_its_phrase_and_says_each_of_numbers():
    params = detail("params", "10", phrase="{} params", number=10)
    assert params.alone() == "10 params"
    assert params.alone(each=True) == "10 params each"
    assert detail("dtype", "float32", "int8").alone(each=True) == "float32, int8"


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ({}, "float32"),
        ({"dtype": "float32"}, "float32"),
        ({"dtype": "float16"}, "float32, float16"),
        ({"dtype": {"config": {"name": "mixed_float16"}}}, "float32, mixed_float16"),
        (
            {"dtype": {"config": {"mode": "int8", "source_name": "float32"}}},
            "float32, int8_from_float32",
        ),
    ],
)
def test_the_dtype_policy_is_told_where_it_is_another(config, text):
    call = replace(leaf("d", "Dense"), config=config)
    [found] = details(call, LabelOptions(show_dtype=True), {})
    assert found == detail("dtype", text)


def test_dtypes_of_outputs_are_told_once_each():
    outputs = (Tensor((), "float32"), Tensor((), "int32"), Tensor((), "float32"))
    [found] = details(replace(leaf("d", "D"), outputs=outputs), LabelOptions(show_dtype=True), {})
    assert found.lines == ("float32, int32",)


def test_what_a_call_has_not_is_not_told():
    call = replace(leaf("d", "Dense"), outputs=(), parameters=Parameters())
    everything = LabelOptions(
        show_shapes=True, show_dtype=True, show_params=True, show_trainable=True,
        show_layer_activations=True,
    )  # fmt: skip
    assert details(call, everything, {}) == []
    assert short_details([call], everything) == []


def test_an_activation_does_not_tell_its_activation_twice():
    relu = replace(leaf("r", "ReLU"), activation="relu")
    options = LabelOptions(show_layer_activations=True)
    assert short_activations([relu], options) == []
    assert short_activations([replace(leaf("d", "Dense"), activation="relu")], options) == ["relu"]


@pytest.mark.parametrize("key", ["a}b", "{", "{}", "{0}", "{{key}}"])
def test_a_key_may_be_any_text(key):
    one, other = (replace(leaf("d", "Dense"), config={key: value}) for value in (1, 2))
    options = LabelOptions(show_config=(key,))
    assert short_details([one], options) == [f"{key}: 1"]
    assert f"{key}: 1, 2" in short_details([one, other], options)
