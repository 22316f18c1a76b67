"""The start page, word by word: from an empty folder and the built wheel to a picture."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sphinx_project import missing

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "start.rst").read_text(encoding="utf-8")
#: What is to be added to the first page in the end.
TOCTREE = ".. toctree::\n\n   api\n"
assert textwrap.indent(TOCTREE, "   ") in PAGE


def files() -> dict[str, str]:
    """The files that the page has one write, by their paths."""
    found = {"mynets/__init__.py": ""}
    for block in re.split(r"\n(?=\.\. )", PAGE):
        caption = re.search(r"^   :caption: (.+)$", block, re.MULTILINE)
        if caption is None:
            continue
        if included := re.match(r"\.\. literalinclude:: (.+)", block):
            found[caption[1]] = (ROOT / "docs" / included[1]).read_text(encoding="utf-8")
        else:
            content = [line for line in block.split("\n")[1:] if line[:3].strip() == ""]
            text = textwrap.dedent("\n".join(content[content.index("") :]))
            found[caption[1]] = text.strip("\n") + "\n"
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder into which the built wheel is installed, which comes before all other packages."""
    wheels, folder = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "wheel", "--no-deps", "-w", str(wheels), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        missing(f"the wheel can't be built: {done.stderr[-500:]}")
    [wheel] = wheels.glob("*.whl")
    assert f"./{wheel.name}[tensorflow,graphviz]" in PAGE
    subprocess.run([*pip, "install", "--no-deps", "--target", str(folder), str(wheel)], check=True)
    return folder


@pytest.mark.slow
def test_who_follows_the_page_sees_the_pictures(installed, tmp_path, dot):
    made = files()
    assert set(made) == {
        "mynets/__init__.py",
        "mynets/models.py",
        "docs/conf.py",
        "docs/index.rst",
        "docs/api.rst",
    }
    api = made.pop("docs/api.rst")
    commands = re.findall(r"^   (sphinx-build .+)$", PAGE, re.MULTILINE)
    assert len(commands) == 2
    for name, text in made.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def follow(command: str) -> str:
        program, *arguments = command.split()
        assert program == "sphinx-build"
        done = subprocess.run(
            [sys.executable, "-m", "sphinx", "-W", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    out = tmp_path / "docs" / "_build" / "html"
    assert "1 Keras model: 1 built" in follow(commands[0])
    assert (out / "index.html").read_text().count("<svg role=") == 1
    assert (out / "_static" / "kerasgraph.js").is_file()
    (tmp_path / "docs" / "api.rst").write_text(api, encoding="utf-8")
    with (tmp_path / "docs" / "index.rst").open("a", encoding="utf-8") as index:
        index.write(f"\n{TOCTREE}")
    assert "1 from cache, 1 built" in follow(commands[1])
    page = (out / "api.html").read_text()
    assert page.count("<svg role=") == 2
    function = page[page.index('id="mynets.models.build"') :]  # behind the class, by the alphabet
    assert function.count("<svg role=") == 1
