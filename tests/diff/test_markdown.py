"""Markdown for a pull request, as a reader of Markdown has it."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from compared_models import ODD, odd, same, two
from sphinxcontrib_kerasgraph.diff import code, markdown


def rendered(text: str) -> str:
    """With HTML in it let through, as GitHub does, so that what is injected shows."""
    return MarkdownIt("commonmark").enable("table").render(text)


def test_totals_are_a_table_and_statements_are_unfolded():
    html = rendered(markdown(two()))
    assert re.findall(r"<h3>(.*)</h3>", html) == ["<code>mypkg.v1</code> → <code>mypkg.v2</code>"]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in html.split("<tr>")[1:]]
    assert cells[0] == ["", "Before", "After", "Change"]
    assert ["Parameters", "1,000", "1,500", "+50\N{NO-BREAK SPACE}%"] in cells
    assert "<details><summary>3 differences</summary>" in html
    [block] = re.findall(r'<code class="language-diff">(.*?)</code>', html, re.DOTALL)
    assert [line[0] for line in block.strip().splitlines()] == ["-", "+", "!"]


def test_heading_is_as_asked_for():
    assert markdown(two(), "**net**", level=2).startswith("## **net**\n")


def test_same_models_say_so():
    assert markdown(same()).endswith("\n\nNo differences\n")


def test_nothing_in_names_and_values_means_anything():
    text = markdown(odd())
    html = rendered(text)
    assert "<script" not in html
    assert "<img" not in html
    # In code nobody is mentioned, and nothing is linked.
    outside = re.sub(r"<code.*?</code>", "", html, flags=re.DOTALL)
    assert "octocat" not in outside
    assert "#1" not in outside
    assert len(re.findall("<details>", html)) == len(re.findall("</details>", html)) == 1


@pytest.mark.parametrize("text", [ODD, "`", "``a`", " a ", "a\nb", "a|b", "\\", "<b>&amp;"])
def test_code_is_the_text_in_a_line_and_in_a_table(text):
    plain = " ".join(text.split())
    [_, found] = re.split("<code>", rendered(f"x {code(text)} x"))
    assert unescaped(found.split("</code>")[0]) == plain
    table = rendered(f"| a | b |\n|--|--|\n| {code(text, in_table=True)} | y |")
    [_, found] = re.split("<code>", table)
    assert unescaped(found.split("</code>")[0]) == plain
    assert "<td>y</td>" in table


def unescaped(text: str) -> str:
    for name, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(name, sign)
    return text
