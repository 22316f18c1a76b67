"""The geometry of what pages show by default: how large text is, what crosses, what is cut off.

``python benchmarks/geometry.py --csv FILE`` draws all of keras.applications, the gallery with the
options of its pages, and twenty everyday models, for HTML and for A4 paper, and reads the drawings.
``--compare BEFORE.csv`` writes ``docs/howto/geometry.csv`` with both; ``--pictures FOLDER`` draws
what is to be looked at; ``--only NAME`` takes a part.

Graphs are kept as JSON, so that only the first run needs Keras. Text on paper is computed from the
size of a drawing, which ``--latex`` holds against the PDF that LaTeX makes of a document.
"""

from __future__ import annotations

import argparse
import csv
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
# This tree is measured, wherever the package is installed from; `drawn` and the zoo are in tests/.
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from corpus import Model, graph_of, models  # noqa: E402

from drawn_svg import drawing_of  # noqa: E402
from sphinxcontrib_kerasgraph.draw.fit import COLUMN, PAGE  # noqa: E402
from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz  # noqa: E402
from sphinxcontrib_kerasgraph.faults import Fault  # noqa: E402
from sphinxcontrib_kerasgraph.options import parse_drawing  # noqa: E402
from sphinxcontrib_kerasgraph.pictures import Pictures  # noqa: E402
from sphinxcontrib_kerasgraph.store import Store  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from drawn import Drawing
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.picture import Picture

TABLE = ROOT / "docs" / "howto" / "geometry.csv"
GRAPHS = ROOT / "docs" / "_build" / "geometry"

#: The text block of A4 paper, and the part of its height that a drawing with a caption may take.
BLOCK, FRACTION = (451.0, 698.0), 0.92
#: A page of HTML shrinks what is wider than its column so far at most, then it is scrolled.
SHRUNK = 0.7
#: The box around a drawing is 90 % of a window of 900 pixels.
HIGHEST = 810
PIXELS_A_POINT = 96 / 72
#: Text on paper: what is too small, and for which models less is enough.
SMALLEST, SMALLER, LESS = 6.0, 5.5, re.compile("NASNet")


@dataclass(frozen=True)
class Measured:
    """What one drawing is like; lengths are in points."""

    text: float
    width: float
    height: float
    boxes: int
    #: Pairs of numbered circles.
    connectors: int
    crossings: int
    #: Those of edges that have no end in common.
    crossings_apart: int
    over_boxes: int
    through_frames: int
    out_of_frames: int
    length: float
    clipped: int
    seconds: float

    @classmethod
    def of(cls, drawing: Drawing, text: float, seconds: float) -> Measured:
        """Of a drawing that was made in so many seconds, and whose text is so large on paper."""
        crossings = drawing.crossings()
        return cls(
            text,
            drawing.width,
            drawing.height,
            len(drawing.boxes),
            len(drawing.numbers),
            len(crossings),
            sum(
                not {one.source, one.target} & {other.source, other.target}
                for one, other, _ in crossings
            ),
            len(drawing.over_boxes()),
            len(drawing.through_frames()),
            len(drawing.out_of_frames()),
            drawing.length,
            len(drawing.clipped()),
            seconds,
        )


@dataclass(frozen=True)
class Row:
    """Both drawings of a model; their text is as large as on paper, or in a column of HTML."""

    model: str
    group: str
    html: Measured
    page: Measured

    @property
    def is_wide(self) -> bool:
        """Whether a page of HTML has to be scrolled sideways."""
        return self.html.width > COLUMN.width / SHRUNK

    @property
    def is_tall(self) -> bool:
        """Whether it is higher than its box in HTML."""
        scale = max(SHRUNK, COLUMN.scale(self.html.width, self.html.height))
        return self.html.height * scale * PIXELS_A_POINT > HIGHEST

    @property
    def is_small(self) -> bool:
        """Whether its text is too small on paper."""
        return self.page.text < (SMALLER if LESS.search(self.model) else SMALLEST)

    def to_line(self) -> dict[str, Any]:
        """The row as a line of a table."""
        values = {
            f"{kind}_{name}": round(value, 2)
            for kind, one in (("html", self.html), ("page", self.page))
            for name, value in asdict(one).items()
        }
        return {"model": self.model, "group": self.group} | values

    @classmethod
    def from_line(cls, line: Mapping[str, str]) -> Row:
        """What `to_line` made."""
        drawings = (
            Measured(**{one.name: _number(line[f"{kind}_{one.name}"]) for one in fields(Measured)})
            for kind in ("html", "page")
        )
        return cls(line["model"], line["group"], *drawings)


def _number(text: str) -> Any:
    return float(text) if "." in text else int(text)


class AsSvg(Graphviz):
    """Draws an SVG of what is to be a PDF: laid out for paper, and can be read."""

    def render(self, code: str, image_format: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """As `Graphviz.render`, in another format."""
        return super().render(code, "svg", *args, **kwargs)


def drawn(
    model: Model, graph: ModelGraph, image_format: str, work: Path
) -> tuple[Drawing, Picture, float]:
    """The drawing as a page of that format shows it, and the seconds that it took."""
    graphviz = AsSvg() if image_format == "pdf" else Graphviz()
    pictures = Pictures(graphviz, image_format, work, BLOCK, Store(work / "store"))
    options = parse_drawing(model.options, {})
    start = time.perf_counter()
    picture = pictures.draw(graph, model.name, options, FRACTION)
    seconds = time.perf_counter() - start
    return drawing_of(work.joinpath(picture.image.name).read_bytes()), picture, seconds


def measured(model: Model, graph: ModelGraph, images: Path | None) -> Row:
    """Both drawings of a model, with pictures in the folder if there is one."""
    found = []
    for image_format, space in (("svg", COLUMN), ("pdf", PAGE)):
        with tempfile.TemporaryDirectory() as work:
            drawing, picture, seconds = drawn(model, graph, image_format, Path(work))
        scale = space.scale(drawing.width, drawing.height)
        if image_format == "svg":
            scale = max(SHRUNK, scale)
        found.append(Measured.of(drawing, drawing.text * scale, seconds))
        if images is not None:
            images.mkdir(parents=True, exist_ok=True)
            kind = "page" if image_format == "pdf" else "html"
            name = f"{model.stem}-{kind}.png"
            images.joinpath(name).write_bytes(Graphviz().render(picture.code, "png").content)
    return Row(model.name, model.group, *found)


#: What is told of all rows together, by the lines of the issue that it answers.
SUMMARY: dict[str, Callable[[list[Row]], object]] = {
    "Text on paper under 6 pt (NASNet 5.5)": lambda rows: _named(rows, lambda row: row.is_small),
    "Text on paper, median": lambda rows: f"{statistics.median(row.page.text for row in rows):.1f}",
    "Clipped on paper": lambda rows: _named(rows, lambda row: bool(row.page.clipped)),
    "Clipped in HTML": lambda rows: _named(rows, lambda row: bool(row.html.clipped)),
    "Wider than the column at 70 %": lambda rows: _named(rows, lambda row: row.is_wide),
    "Taller than 810 px": lambda rows: _named(rows, lambda row: row.is_tall),
    "Connectors": lambda rows: _total(rows, "connectors"),
    "Out of their frames": lambda rows: _total(rows, "out_of_frames"),
    "Over boxes": lambda rows: _total(rows, "over_boxes"),
    "Through frames": lambda rows: _total(rows, "through_frames"),
    "Crossings": lambda rows: _total(rows, "crossings"),
    "Crossings without a common end": lambda rows: _total(rows, "crossings_apart"),
    "Length of edges": lambda rows: _total(rows, "length"),
    "Boxes": lambda rows: _total(rows, "boxes"),
    "Seconds": lambda rows: _total(rows, "seconds"),
}


def _named(rows: Iterable[Row], is_meant: Callable[[Row], bool]) -> str:
    names = [row.model for row in rows if is_meant(row)]
    return f"{len(names)} ({', '.join(names)})" if names else "0"


def _total(rows: list[Row], name: str) -> str:
    told = []
    for kind in ("html", "page"):
        values = [getattr(getattr(row, kind), name) for row in rows]
        where = "HTML" if kind == "html" else "paper"
        told.append(f"{where} {sum(values):,.0f} in {sum(map(bool, values))}")
    return ", ".join(told)


def read(path: Path) -> list[Row]:
    """The rows of a table that was written before."""
    with path.open(newline="", encoding="utf-8") as file:
        return [Row.from_line(line) for line in csv.DictReader(file)]


def write(path: Path, lines: list[dict[str, Any]]) -> None:
    """A table as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


#: The columns of the table in the documentation.
COMPARED: dict[str, Callable[[Row], str]] = {
    "PDF text, pt": lambda row: f"{row.page.text:.1f}",
    "HTML size, pt": lambda row: f"{row.html.width:.0f}×{row.html.height:.0f}",
    "Boxes": lambda row: f"{row.html.boxes}",
    "Connectors": lambda row: f"{row.html.connectors}",
    "Crossings": lambda row: f"{row.html.crossings}",
    "Over boxes": lambda row: f"{row.html.over_boxes}",
    "Out of frames": lambda row: f"{row.html.out_of_frames}",
    "Edges, pt": lambda row: f"{row.html.length:,.0f}",
}


def compared(before: list[Row], after: list[Row]) -> list[dict[str, Any]]:
    """Each model before and after; once what is the same."""
    known = {(row.group, row.model): row for row in before}
    lines = []
    for row in after:
        line: dict[str, Any] = {"Model": row.model}
        old = known.get((row.group, row.model))
        for head, shown in COMPARED.items():
            now = shown(row)
            was = now if old is None else shown(old)
            line[head] = now if was == now else f"{was} → {now}"
        lines.append(line)
    return lines


def in_latex(chosen: list[Model]) -> dict[str, tuple[float, bool]]:
    """The smallest text of each model in a PDF that LaTeX made, and whether all is in the margins.

    Sphinx builds a document with a figure for each.
    """
    from overviews import figures

    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "source"), Path(folder, "latex")
        source.mkdir()
        source.joinpath("conf.py").write_text(
            "import sys\n"
            f"sys.path[:0] = [{str(ROOT / 'tests')!r}]\n"
            'project = "Geometry"\nextensions = ["sphinxcontrib_kerasgraph"]\n'
            'latex_elements = {"papersize": "a4paper"}\n',
            encoding="utf-8",
        )
        pages = "".join(
            f"{one.name}\n{'=' * len(one.name)}\n\n"
            f".. keras-model:: {one.target}\n"
            + "".join(f"   :{name}: {text}\n" for name, text in one.options.items())
            + f"   :caption: {one.name}\n\n"
            for one in chosen
        )
        source.joinpath("index.rst").write_text(f"Geometry\n########\n\n{pages}", encoding="utf-8")
        command = [sys.executable, "-m", "sphinx", "-b", "latex", source, out]
        subprocess.run(command, check=True, capture_output=True)
        latex = ["latexmk", "-pdf", "-interaction=nonstopmode", "-silent", "geometry.tex"]
        subprocess.run(latex, cwd=out, check=True, capture_output=True)
        names = [one.name for one in chosen]
        return dict(zip(names, figures(out / "geometry.pdf"), strict=True))


def tell(row: Row) -> None:
    """Print a row of the table."""
    html, page = row.html, row.page
    marks = "".join(
        mark
        for mark, holds in (("s", row.is_small), ("w", row.is_wide), ("t", row.is_tall))
        if holds
    )
    print(
        f"{row.model:<26}{page.text:>5.1f} {html.width:>6.0f}×{html.height:<6.0f}"
        f"{html.boxes:>5}{html.connectors:>5}{html.crossings:>6}{html.over_boxes:>5}"
        f"{html.through_frames:>5}{html.out_of_frames:>5}{html.length:>8.0f}"
        f"{html.seconds + page.seconds:>7.1f}  {marks}",
        flush=True,
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", metavar="NAME", help="models, or groups of models")
    parser.add_argument("--csv", type=Path, help="write all figures into this file")
    parser.add_argument("--compare", type=Path, help=f"write {TABLE.name} with those before")
    parser.add_argument("--pictures", type=Path, help="draw PNGs into this folder")
    parser.add_argument("--graphs", type=Path, default=GRAPHS, help="where graphs are kept")
    parser.add_argument("--latex", action="store_true", help="measure PDFs of LaTeX, too")
    return parser.parse_args()


def main() -> None:
    """Draw, measure, print and write."""
    asked = _asked()
    chosen = [one for one in models() if not asked.only or {one.name, one.group} & set(asked.only)]
    print(
        f"{'':<26}{'text':>5} {'size':>6} {'':<6}{'boxes':>5}{'conn':>5}{'cross':>6}{'over':>5}"
        f"{'thru':>5}{'out':>5}{'length':>8}{'s':>7}  small, wide, tall"
    )
    rows = []
    for model in chosen:
        graph = graph_of(model, asked.graphs)
        try:
            row = measured(model, graph, asked.pictures)
        except Fault as fault:
            print(f"{model.name:<26}NOT DRAWN: {fault}", flush=True)
            continue
        rows.append(row)
        tell(row)
    if asked.latex:
        for name, (points, inside) in in_latex(chosen).items():
            print(f"{name:<26}{points:>5.1f} by LaTeX{'' if inside else ', OVER THE MARGIN'}")
    print(f"{len(rows)} of {len(chosen)} drawn")
    for title, told in SUMMARY.items():
        print(f"{title}: {told(rows)}")
    if asked.csv:
        write(asked.csv, [row.to_line() for row in rows])
    if asked.compare:
        drawn_now = {(row.group, row.model) for row in rows}
        before = [row for row in read(asked.compare) if (row.group, row.model) in drawn_now]
        print(f"Before, of {len(before)}:")
        for title, told in SUMMARY.items():
            print(f"{title}: {told(before)}")
        write(TABLE, compared(before, rows))


if __name__ == "__main__":
    main()
