"""DOT to image files with Graphviz's ``dot``, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import __version__
from sphinxcontrib_kerasgraph.draw import theme
from sphinxcontrib_kerasgraph.draw.dot import PAD
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import release
from sphinxcontrib_kerasgraph.store import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.builders import Builder

#: The pip-installable port, for where there is no Graphviz; it can't write PDF.
_PIP_DOT = "graphviz-pure"

#: TeX and PDF readers fail on lengths above 16,384 and 14,400 points: such a drawing is scaled.
_PDF_LIMIT_INCHES = 150

_SVG_SIZE = re.compile(rb'<svg width="([\d.]+)pt" height="([\d.]+)pt"')
_COMPLAINT = re.compile(r"^(Warning|Error|\S*dot\S*: graph is too large).*", re.MULTILINE)

_COMPLAINTS_KEPT = 3

#: The pip-installed port guesses the width of characters that its font lacks, which harms nothing.
_HARMLESS = "non-ASCII character"


@dataclass(frozen=True)
class RenderedImage:
    """An image file in the builder's image folder."""

    #: The name of the file, made from the DOT and how it was drawn, the release of ``dot`` aside.
    name: str
    #: The size of an SVG in points, zero of others.
    width: float = 0
    height: float = 0
    #: The ``<map>`` of a PNG, which tells the boxes' tooltips; empty where none can be made.
    image_map: str = ""
    #: What ``dot`` complained of, although it drew.
    complaints: str = ""


class Renderer:
    """Draws DOT into the builder's image folder, with ``graphviz_dot`` as conf.py sets it."""

    def __init__(self, builder: Builder) -> None:
        self._folder = Path(builder.outdir, builder.imagedir)
        self._dot: str = builder.config.graphviz_dot
        self._args = [str(arg) for arg in builder.config.graphviz_dot_args]
        self._timeout: int = builder.config.kerasgraph_timeout

    def render(self, code: str, image_format: str) -> RenderedImage:
        """Draw as ``svg``, ``png`` or ``pdf``, unless the very image is there already.

        Raises `Fault` ``graphviz`` if ``dot`` is missing, can't write the format, or fails. An
        image appears under its name only when it is whole, so that a process beside this one
        never reads half of it.
        """
        program, pip_installed = self._program(image_format)
        key = repr((__version__, code, self._dot, self._args, pip_installed))
        stem = f"kerasgraph-{hashlib.sha256(key.encode()).hexdigest()[:32]}"
        image = self._folder / f"{stem}.{image_format}"
        complaints = ""
        if not image.is_file():
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".kerasgraph-", dir=self._folder) as folder:
                unfinished = Path(folder, image.name)
                complaints = self._run(program, code, image_format, unfinished)
                if image_format == "svg":
                    _name_fonts(unfinished)
                if complaints:  # under another name, to be drawn, and complained of, each time
                    image = image.with_stem(f"{stem}-odd")
                unfinished.replace(image)
        name = image.name
        if image_format == "svg":
            return RenderedImage(name, *_svg_size(image), complaints=complaints)
        if image_format == "png" and not pip_installed:  # which makes no maps
            image_map = self._image_map(program, code)
            return RenderedImage(name, image_map=image_map, complaints=complaints)
        return RenderedImage(name, complaints=complaints)

    def read(self, name: str) -> bytes:
        """The image of that name. Raises `OSError`."""
        return self._folder.joinpath(name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Put an image, drawn before, in its place, unless it is there. Raises `OSError`."""
        image = self._folder / name
        if not image.is_file():
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(image, content)

    def identity(self, image_format: str) -> tuple[str, ...]:
        """What tells one ``dot`` from others. Raises `Fault` as `render` if there is none."""
        program, pip_installed = self._program(image_format)
        said = release(_PIP_DOT) if pip_installed else _version(program)
        return (said, *self._args)

    def sizes(self, codes: Sequence[str]) -> list[tuple[float, float]]:
        """Width and height of each drawing in points. Raises `Fault` as `render`.

        Each in a process of its own: in one that draws several, the later ones come out otherwise.
        """
        program, _ = self._program("plain")

        def size(code: str) -> tuple[float, float]:
            said, _ = self._dot_run([program, *self._args, "-Tplain"], code)
            _, _, width, height = said.split(maxsplit=4)[:4]
            return float(width) * 72 + 2 * PAD, float(height) * 72 + 2 * PAD

        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return list(threads.map(size, codes))

    def _program(self, image_format: str) -> tuple[str, bool]:
        """The path of ``dot``, and whether it is the pip-installed one."""
        found = shutil.which(self._dot or "")
        if found:
            return found, False
        pip_dot = self._dot == "dot" and _pip_dot()
        if not pip_dot:
            raise Fault(
                "graphviz",
                f"Graphviz's {self._dot!r} was not found.",
                "Install Graphviz (https://graphviz.org/download), or "
                "pip install 'sphinxcontrib-kerasgraph[graphviz]', or set graphviz_dot in conf.py.",
            )
        if image_format == "pdf":
            raise Fault(
                "graphviz",
                "The pip-installed Graphviz can't write PDF, which LaTeX needs.",
                "Install Graphviz itself: https://graphviz.org/download.",
            )
        return pip_dot, True

    def _run(self, program: str, code: str, image_format: str, out: Path) -> str:
        command = [program, *self._args, f"-T{image_format}", f"-o{out}"]
        if image_format == "pdf":
            command.append(f"-Gsize={_PDF_LIMIT_INCHES},{_PDF_LIMIT_INCHES}")
        _, complaints = self._dot_run(command, code)
        if not out.is_file() or not out.stat().st_size:
            raise Fault("graphviz", f"{program} wrote no {image_format}.", details=complaints)
        return complaints

    def _image_map(self, program: str, code: str) -> str:
        image_map, _ = self._dot_run([program, *self._args, "-Tcmapx"], code)
        return image_map

    def _dot_run(self, command: list[str], code: str) -> tuple[str, str]:
        """What ``dot`` wrote, and what it complained of. Raises `Fault` if it failed."""
        program = command[0]
        try:
            done = subprocess.run(
                command,
                input=code.encode(),
                capture_output=True,
                timeout=self._timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Fault(
                "graphviz",
                f"{program} took longer than {self._timeout} seconds.",
                "Draw less of the model, or raise kerasgraph_timeout in conf.py.",
            ) from error
        except OSError as error:
            raise Fault(
                "graphviz", f"{program} can't be run: {error}.", "Check graphviz_dot in conf.py."
            ) from error
        said = done.stderr.decode(errors="replace").strip()
        if done.returncode:
            how = f"exit code {done.returncode}"
            if done.returncode < 0:
                how = f"signal {-done.returncode}"
            last = said.splitlines()[-1:] or ["it said nothing"]
            advice = "'sphinx-build -vv' shows all that it said." if said else ""
            if "splines=ortho" in code:
                advice = "Graphviz often fails with ':splines: ortho'; use another value."
            raise Fault("graphviz", f"{program} failed with {how}: {last[0]}.", advice, said)
        complaints = dict.fromkeys(
            match.group() for match in _COMPLAINT.finditer(said) if _HARMLESS not in match.group()
        )
        written = done.stdout.decode(errors="replace")
        return written, "; ".join(list(complaints)[:_COMPLAINTS_KEPT])


@cache
def _version(program: str) -> str:
    try:
        done = subprocess.run([program, "-V"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (done.stdout + done.stderr).decode(errors="replace").strip()


def _pip_dot() -> str | None:
    """The pip-installed port, beside this Python or on the PATH."""
    beside = os.path.dirname(sys.executable)
    return shutil.which(_PIP_DOT, path=beside) or shutil.which(_PIP_DOT)


def _name_fonts(svg: Path) -> None:
    """Name the fonts that take the place of the one that the drawing was measured with."""
    one, all_ = (f'font-family="{fonts}"'.encode() for fonts in (theme.FONT, theme.SVG_FONTS))
    svg.write_bytes(svg.read_bytes().replace(one, all_))


def _svg_size(path: Path) -> tuple[float, float]:
    with path.open("rb") as file:
        match = _SVG_SIZE.search(file.read(4096))
    return (float(match[1]), float(match[2])) if match else (0, 0)
