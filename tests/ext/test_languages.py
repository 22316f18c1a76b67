"""Documentation in another language than English."""

from __future__ import annotations

import re
from html import unescape

import pytest
from babel.messages.pofile import read_po

from sphinx_project import make_project
from sphinxcontrib_kerasgraph.ext.language import read_catalog

INDEX = """
Models
======

.. keras-model:: zoo.first.mlp
   :show-shapes:
   :show-params:
   :caption: A *small* model.
   :alt: Three layers in a row.

.. keras-model:: zoo.first.branches

.. keras-model:: 1st

.. keras-gallery::

   Two <zoo.first.branches>
"""
#: What catalogs of the documentation have.
TRANSLATED = {"A *small* model.": "Ein *kleines* Modell.", "Three layers in a row.": "Drei & mehr."}


@pytest.fixture(scope="module")
def project(tmp_path_factory, known):
    folder = tmp_path_factory.mktemp("languages")
    made = make_project(folder, "locale_dirs = ['locale']\n", known=known, index=INDEX)
    catalog = made.source / "locale" / "de" / "LC_MESSAGES" / "index.po"
    catalog.parent.mkdir(parents=True)
    entries = (f'msgid "{one}"\nmsgstr "{other}"\n' for one, other in TRANSLATED.items())
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    catalog.write_text("\n".join([header, *entries]), encoding="utf-8")
    return made


def in_language(project, language, builder="html"):
    build = project.build(builder, "-D", f"language={language}", out=f"{builder}-{language}")
    [warning] = build.warnings  # stays English, for who looks it up
    assert "WARNING: keras-model 1st: '1st' is " in warning
    return build


def told_at(build):
    """What is told to those who don't see the diagrams."""
    return [
        unescape(said)
        for said in re.findall(
            r'"graphics-document" aria-label="([^"]*)"', build.read("index.html")
        )
    ]


def texts(svg):
    return set(re.findall(r">([^<>\s][^<>]*)</text>", svg))


def test_pages_are_in_german(dot, project):
    build = in_language(project, "de")
    page = build.read("index.html")
    own, made = told_at(build)
    # What the author wrote is translated by the documentation's catalogs, the rest by ours.
    assert own == "Drei & mehr."
    assert re.match(r"Diagramm: \w+, ein Functional-Modell: \d+ Schichten und [\d.]+ Param", made)
    assert "Ein <em>kleines</em> Modell." in page
    assert 'alt="Diagramm: branches, ein Functional-Modell: ' in page  # of the thumbnail
    assert "<summary>Schichten als Text</summary>" in page
    assert ">Nur die Zeichnung</a>" in page
    fault = re.search(r"Das Diagramm von <code.*?>1st<.*</code> konnte nicht", page)
    assert fault is not None
    assert {"Eingabe", "Ausgabe", "Parameter", "100.480"} <= texts(build.drawings()[0])
    words, script = (page.index(f"kerasgraph{name}.js") for name in ("-words", ""))
    assert words < script
    words = build.read("_static/kerasgraph-words.js")
    assert '"Find a layer":"Schicht suchen"' in words
    assert '"Trainable":"Trainierbar"' in words
    assert "Diagramm" not in words  # nor what the script doesn't say


def test_the_script_speaks_german(dot, project, chromium):
    build = in_language(project, "de")
    page = chromium.new_page(viewport={"width": 1200, "height": 900})
    page.goto(f"file://{build.folder}/index.html")
    host = page.locator(".kerasgraph").first
    host.get_by_role("button", name="Schicht suchen").click()
    host.get_by_role("searchbox", name="Suchen").fill("dense")
    host.get_by_text("1 von 2").wait_for()
    host.locator(".boxes a").nth(1).click()
    panel = host.get_by_role("region", name="Einzelheiten")
    panel.get_by_text("100.480").wait_for()
    keys = panel.locator("th").all_inner_texts()
    assert keys[:3] == ["Klasse", "Kennwerte", "Eingabe"]
    assert "units" in keys  # a setting of Keras's
    names = host.locator("button").evaluate_all("all => all.map(one => one.title)")
    assert {"Kleiner", "Alles zeigen", "Vollbild", "Schließen"} <= set(names)
    assert "Nur die Zeichnung" in host.locator(".menu").inner_text()
    page.close()


def test_drawings_of_one_language_are_not_those_of_another(dot, project):
    chinese = in_language(project, "zh_CN")
    assert {"输入", "输出", "参数", "100,480"} <= texts(chinese.drawings()[0])
    assert re.match(r"结构图：\w+，Functional 模型，\d+ 层、", told_at(chinese)[1])
    english = in_language(project, "en")  # with the same cache
    assert {"input", "output", "params", "100,480"} <= texts(english.drawings()[0])
    assert "kerasgraph-words" not in english.read("index.html")
    assert not (english.folder / "_static" / "kerasgraph-words.js").exists()
    traditional = in_language(project, "zh_TW", "text").read("index.txt")
    assert "Diagram of " in traditional  # rather than signs that are not its own


def test_a_catalog_of_the_documentation_comes_first(project):
    folder = project.source / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    entry = 'msgid "Diagram of {sentence}"\nmsgstr "Diagramme : {sentence}"\n'
    catalog = folder.joinpath("kerasgraph.po")
    project.write(other=":orphan:\n\nOther\n=====\n\n.. keras-model:: zoo.shapes.shared\n")
    catalog.write_text(header + entry, encoding="utf-8")
    text = in_language(project, "fr", "text").read("index.txt")
    assert "Diagramme : branches, a Functional model" in " ".join(text.split())
    # Pages without faults, too, are written again when it changes.
    catalog.write_text(header + entry.replace("Diagramme", "Le diagramme"), encoding="utf-8")
    text = in_language(project, "fr", "text").read("other.txt")
    assert "Le diagramme : shared, a Functional model" in " ".join(text.split())


def test_a_language_that_babel_does_not_know_has_numbers_as_in_english(tmp_path):
    path = tmp_path / "tlh" / "LC_MESSAGES" / "kerasgraph.po"
    path.parent.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(header + 'msgid "input"\nmsgstr "el"\n', encoding="utf-8")
    words = read_catalog(path)
    assert words.translations.gettext("input") == "el"
    assert (words.group, words.decimal) == (",", ".")


def test_captions_and_alternatives_are_extracted(project):
    build = project.build("gettext")
    with build.folder.joinpath("index.pot").open("rb") as template:
        found = {message.id for message in read_po(template)}
    assert found >= {"Models", *TRANSLATED}
    assert not any("Diagram of" in one for one in found)  # nor a word of ours
