"""What the overviews of keras.applications are like: boxes, size of text on paper, time.

Run as ``.venv/bin/python benchmarks/overviews.py``. Sphinx builds a document with a figure for each
model, pdflatex makes A4 pages of it with Sphinx's own margins, and the text is measured in the PDF.
The table goes to ``docs/howto/overviews.csv`` for the documentation. Then the time that views take
is printed, from 1,000 to 20,000 calls.
"""

from __future__ import annotations

import csv
import inspect
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "howto" / "overviews.csv"
HEADS = ("Model", "Calls", "Boxes", "Text, points", "View, s", "dot, s")

CONF = """
project = "Overviews"
extensions = ["sphinxcontrib_kerasgraph"]
kerasgraph_view = "overview"
latex_elements = {"papersize": "a4paper"}
"""


def applications() -> list[str]:
    """The names of the functions that build a model."""
    import keras

    names = [name for name, _ in inspect.getmembers(keras.applications, inspect.isfunction)]
    return [name for name in names if name[0].isupper()]


def pdf_pages(names: list[str]) -> dict[str, tuple[float, bool]]:
    """For each model: the smallest text in points, and whether the figure is within the margins."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "source"), Path(folder, "latex")
        source.mkdir()
        source.joinpath("conf.py").write_text(CONF)
        pages = "".join(
            f"{name}\n{'=' * len(name)}\n\n"
            f".. keras-model:: keras.applications.{name}(weights=None)\n   :caption: {name}\n\n"
            for name in names
        )
        source.joinpath("index.rst").write_text(f"Overviews\n#########\n\n{pages}")
        command = [sys.executable, "-m", "sphinx", "-b", "latex", source, out]
        subprocess.run(command, check=True, capture_output=True)
        latex = ["latexmk", "-pdf", "-interaction=nonstopmode", "-silent", "overviews.tex"]
        subprocess.run(latex, cwd=out, check=True, capture_output=True)
        return dict(zip(names, figures(out / "overviews.pdf"), strict=True))


def figures(pdf: Path) -> list[tuple[float, bool]]:
    """The figures of a document, in order: see `pdf_pages`."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTChar, LTFigure

    found = []
    for page in extract_pages(pdf):
        for figure in page:
            if not isinstance(figure, LTFigure):
                continue
            sizes = [char.size for char in figure if isinstance(char, LTChar)]
            inside = (
                figure.x0 >= 71
                and figure.x1 <= page.width - 71
                and figure.y0 >= 71
                and figure.y1 <= page.height - 71
            )
            found.append((min(sizes), inside))
    return found


def measured(name: str) -> tuple[int, int, float, float]:
    """Calls, boxes, and the seconds for the views and for ``dot``, of one model."""
    import keras

    from sphinxcontrib_kerasgraph import model_to_graph
    from sphinxcontrib_kerasgraph.draw.fit import PAGE, draw
    from sphinxcontrib_kerasgraph.draw.graphviz import Graphviz
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.view.views import views

    keras.utils.clear_session()
    with keras.StatelessScope(initialize_variables=False):
        graph = model_to_graph(getattr(keras.applications, name)(weights=None))
    options = DrawOptions.of(view="overview")
    start = time.perf_counter()
    found = views(graph, options)
    seconds = time.perf_counter() - start
    code = draw(found, options, PAGE, Graphviz().sizes).dot.to_string()
    start = time.perf_counter()
    svg = subprocess.run(
        ["dot", "-Tsvg"], input=code, capture_output=True, text=True, check=True
    ).stdout
    dot_seconds = time.perf_counter() - start
    titles = re.findall(r'class="node">\s*<title>(.*?)</title>', svg)
    boxes = sum("//" not in title for title in titles)
    return len(graph.graph.calls), boxes, seconds, dot_seconds


def curve() -> None:
    """Print the seconds that all views take, for residual networks of so many calls."""
    import keras

    from sphinxcontrib_kerasgraph import model_to_graph
    from sphinxcontrib_kerasgraph.graph import CallGraph, Edge, Port
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.view.views import views

    with keras.StatelessScope(initialize_variables=False):
        graph = model_to_graph(keras.applications.NASNetLarge(weights=None))
    print(f"{'calls':>8}{'seconds':>9}")
    for times in (1, 2, 5, 10, 20):
        calls, edges, last = [], [], None
        for number in range(times):
            mark = f"{number}." if number else ""
            for call in graph.graph.calls:
                calls.append(replace(call, id=mark + call.id, name=mark + call.name))  # noqa: PERF401
            first = mark + graph.graph.calls[0].id
            if last is not None:
                edges.append(Edge(last, Port(first)))
            edges += [
                replace(
                    edge,
                    source=replace(edge.source, call=mark + edge.source.call),
                    target=replace(edge.target, call=mark + edge.target.call),
                )
                for edge in graph.graph.edges
            ]
            last = Port(mark + graph.graph.outputs[0].call)
        inputs = graph.graph.inputs
        large = replace(graph, graph=CallGraph(tuple(calls), tuple(edges), inputs, (last,)))
        start = time.perf_counter()
        views(large, DrawOptions.of(view="overview"))
        print(f"{len(calls):>8,}{time.perf_counter() - start:>9.2f}", flush=True)


def main() -> None:
    """Print and keep the table, then print the curve."""
    names = applications()
    rows = []
    pages = pdf_pages(names)
    for name in names:
        calls, boxes, seconds, dot_seconds = measured(name)
        points, inside = pages[name]
        rows.append((name, calls, boxes, f"{points:.1f}", f"{seconds:.2f}", f"{dot_seconds:.2f}"))
        print(*rows[-1], "" if inside else "OVER THE MARGIN", sep="\t", flush=True)
    print("median of boxes:", statistics.median(row[2] for row in rows))
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADS, *rows])
    curve()


if __name__ == "__main__":
    main()
