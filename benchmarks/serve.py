"""How long `kerasgraph serve` takes from a saved file to the picture.

Saves a model several times, each time when a worker waits, and prints the medians in seconds: of
what the model's code takes, of the drawing, and of all else between the file and what browsers are
sent: ``python benchmarks/serve.py [RUNS]``.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

MODELS = {
    "3 layers": "keras.Sequential([keras.Input((8,)), keras.layers.Dense({width}, name='w')])",
    "ResNet50": "keras.applications.ResNet50(weights=None, classes={width})",
    "ResNet50, full": "keras.applications.ResNet50(weights=None, classes={width})",
}
COMMAND = "import sys; from sphinxcontrib_kerasgraph.cli import main; sys.exit(main())"
#: The worker that waits has imported Keras by then.
PAUSE = 5


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{'':16} {'model':>8} {'drawing':>8} {'else':>8} {'all':>8}")
    for name, text in MODELS.items():
        with tempfile.TemporaryDirectory() as folder:
            view = ["--view", "full"] if name.endswith("full") else []
            found = measured(Path(folder), text, runs, view)
        said = (f"{statistics.median(one):8.2f}" for one in zip(*found, strict=True))
        print(f"{name:16} {' '.join(said)}")


def measured(folder: Path, text: str, runs: int, options: list[str]) -> list[tuple[float, ...]]:
    """What each of the runs took: the model, the drawing, all else, all."""

    def save(width: int) -> float:
        file = folder / "net.py"
        text_ = text.format(width=width)
        file.write_text(f"import keras\n\ndef build():\n    return {text_}\n")
        return time.time()

    save(3)
    with (
        folder.joinpath("said").open("w") as said,
        subprocess.Popen(
            [sys.executable, "-u", "-c", COMMAND, "serve", "net.build", "--port", "0", *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        ) as process,
    ):
        try:
            line = process.stdout.readline()
            at = urlsplit(next(word for word in line.split() if word.startswith("http")))
            connection = http.client.HTTPConnection(at.hostname, at.port)
            connection.request("GET", "/events")
            stream = connection.getresponse()
            next_picture(stream)
            found = []
            for run in range(runs):
                time.sleep(PAUSE)
                begin = save(10 + run)
                whole = next_picture(stream) - begin
                time.sleep(0.1)
                last = folder.joinpath("said").read_text().splitlines()[-1].split()
                model, drawing = float(last[3]), float(last[7])
                found.append((model, drawing, whole - model - drawing, whole))
        finally:
            process.terminate()
    return found


def next_picture(stream: http.client.HTTPResponse) -> float:
    """When the next picture has come."""
    while True:
        line = stream.readline()
        if line.startswith(b"data: ") and not json.loads(line[6:])["building"]:
            return time.time()


if __name__ == "__main__":
    main()
