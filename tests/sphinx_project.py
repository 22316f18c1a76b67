"""Real Sphinx projects, built by the real command; and what of the machine they need."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

import fork_hosts

TESTS = Path(__file__).parent

#: Set in CI, where everything has to be there: what a machine lacks then fails the test.
NOTHING_IS_SKIPPED = os.environ.get("KERASGRAPH_SKIP_NOTHING") == "1"


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it in CI."""
    (pytest.fail if NOTHING_IS_SKIPPED else pytest.skip)(reason)


def need(program: str, package: str) -> str:
    """The path of a program; skip the test, or fail it in CI, where it isn't installed."""
    path = shutil.which(program)
    if path is None:
        missing(f"{program} is not on the PATH (Debian: apt-get install {package})")
    return path


def need_port() -> None:
    """Skip the test, or fail it in CI, where the pip-installed Graphviz isn't there."""
    if not shutil.which("graphviz-pure", path=os.path.dirname(sys.executable)):
        missing("graphviz-pure is not installed (pip install 'sphinxcontrib-kerasgraph[graphviz]')")


#: So long a build may take.
_SECONDS = 300


@dataclass
class Build:
    """What one run of sphinx-build left behind."""

    folder: Path
    returncode: int
    output: str
    warnings: list[str] = field(default_factory=list)

    def read(self, name: str) -> str:
        """The text of a file of the output."""
        return self.folder.joinpath(name).read_text(encoding="utf-8")

    def drawings(self, page: str = "index.html") -> list[str]:
        """The drawings alone that a page leads to, in its order."""
        return [
            self.read(f"_images/{name}")
            for name in re.findall(r'href="[^"]*(kerasgraph-\w+\.svg)"', self.read(page))
        ]

    def images(self, ending: str = "svg") -> dict[str, bytes]:
        """The drawn images by name."""
        return {
            path.name: path.read_bytes() for path in self.folder.rglob(f"kerasgraph-*.{ending}")
        }

    def pdf(self, engine: str = "pdf") -> Path:
        """The document that LaTeX makes of it, with another engine than pdfTeX if it is named."""
        need("latexmk", "latexmk texlive-latex-extra texlive-fonts-recommended tex-gyre")
        done = subprocess.run(
            ["latexmk", f"-{engine}", "-interaction=nonstopmode", "test.tex"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:]
        return self.folder / "test.pdf"


def text_of_pdf(pdf: Path, *options: str) -> str:
    """What a document says, in UTF-8, by the options of `pdftotext`."""
    need("pdftotext", "poppler-utils")
    done = subprocess.run(["pdftotext", *options, pdf, "-"], capture_output=True, check=True)
    return done.stdout.decode()


@dataclass
class Project:
    """A Sphinx project in a folder of its own."""

    source: Path

    def write(self, **files: str) -> Project:
        """Write pages and modules; ``conf`` and names of modules get ``.py``, pages ``.rst``."""
        for name, text in files.items():
            ending = ".py" if name == "conf" or name.startswith("mod_") else ".rst"
            path = self.source.joinpath(name + ending)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self

    def build(
        self,
        builder: str = "html",
        *options: str,
        env: dict[str, str] | None = None,
        out: str | None = None,
        files: tuple[str, ...] = (),
    ) -> Build:
        """Run ``sphinx-build -W`` (all warnings are shown); the output goes to ``out``.

        A fork of a process that has imported Sphinx does, where that is the same.
        """
        folder = self.source.parent / (out or builder)
        arguments = [
            *("-b", builder, "-W", "-w", f"{folder}.log"),
            *("-d", f"{folder}.doctrees", *options, str(self.source), str(folder)),
            *(str(self.source / name) for name in files),
        ]
        environment = os.environ | {"NO_COLOR": "1"} | (env or {})
        code, output = _run(arguments, environment)
        log = Path(f"{folder}.log").read_text(encoding="utf-8")
        warnings = [line for line in log.splitlines() if "WARNING" in line or "ERROR" in line]
        return Build(folder, code, output, warnings)


def _run(arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """The exit code and the output of ``sphinx-build``."""
    if fork_hosts.IS_WANTED:
        hosts = fork_hosts.shared_hosts()
        if fork_hosts.deciding(environment) == hosts.environment:
            here = Path.cwd()
            found = hosts.build(*arguments, environment=environment, folder=here, timeout=_SECONDS)
            return found.returncode, found.output
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


#: What hides Keras from an interpreter: its ``sitecustomize``.
WITHOUT_KERAS = """
import sys
class Hide:
    def find_spec(name, path=None, target=None):
        if name == "keras":
            raise ModuleNotFoundError("No module named 'keras'", name="keras")
sys.meta_path.insert(0, Hide)
"""


CONF = f"""
import os, sys
sys.path[:0] = [os.path.dirname(__file__), {str(TESTS)!r}]
project = "Test"
extensions = ["sphinxcontrib_kerasgraph"]
"""


def make_project(
    folder: Path, conf: str = "", *, known: Path | None = None, **files: str
) -> Project:
    """A project with the extension and the zoo; ``conf`` is added to its conf.py.

    ``known`` is a cache whose graphs are in the project's own from the start, so that no worker has
    to import Keras where a test is of what comes after the graph.
    """
    source = folder / "source"
    source.mkdir()
    if known is not None:
        shutil.copytree(known / "graphs", folder / "cache" / "graphs")
        conf += "kerasgraph_cache_dir = '../cache'\n"
    return Project(source).write(conf=CONF + conf, **files)
