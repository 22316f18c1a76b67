"""What extraction takes: keras.applications, a decoder of 70 billion parameters, a long chain.

Run as ``.venv/bin/python benchmarks/extraction.py``. Each line is two processes, with and without
extraction: seconds without the import of Keras, peak memory in all, and both as a ratio to what
Keras alone takes to make the same models, without weights too.
"""

from __future__ import annotations

import inspect
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"


def applications() -> list:
    """All of keras.applications."""
    import keras

    return [
        (lambda make=make: make(weights=None), None, None)
        for name, make in inspect.getmembers(keras.applications, inspect.isfunction)
        if name[0].isupper()
    ]


def llama() -> list:
    """80 blocks, 70 billion parameters, a length that isn't known."""
    from zoo.llama import Llama

    return [(Llama, (None,), "int32")]


def tower() -> list:
    """1,000 composite layers in composite layers."""
    from zoo.nested import Tower

    return [(lambda: Tower(1000), (6,), None)]


def run(name: str, extracts: bool) -> None:
    """Print the calls, the seconds and the megabytes of one of the above."""
    import keras

    from sphinxcontrib_kerasgraph import model_to_graph

    calls = 0
    cases = globals()[name]()
    start = time.perf_counter()
    for function, shape, dtype in cases:
        keras.utils.clear_session()
        with keras.StatelessScope(initialize_variables=False):
            model = function()
            if extracts:
                graph = model_to_graph(model, shape, dtype)
                calls += sum(1 for _ in graph.graph.walk())
            elif shape is not None:
                model(keras.Input(shape, dtype=dtype))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(calls, seconds, peak)


def measured(name: str, *, extracts: bool) -> tuple[int, float, float]:
    """What a process prints."""
    environment = os.environ | {"PYTHONPATH": str(TESTS), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, __file__, name, "extract" if extracts else "build"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    calls, seconds, peak = done.stdout.split()
    return int(calls), float(seconds), float(peak)


def main() -> None:
    """Print a line for each."""
    print(f"{'':14}{'calls':>8}{'seconds':>9}{'MB':>7}   of Keras alone")
    for name in ("applications", "llama", "tower"):
        calls, seconds, peak = measured(name, extracts=True)
        _, before, least = measured(name, extracts=False)
        print(
            f"{name:14}{calls:>8,}{seconds:>9.1f}{peak:>7.0f}   "
            f"{seconds / before:.2f} of its time, {peak / least:.2f} of its memory"
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(sys.argv[1], sys.argv[2] == "extract")
    else:
        main()
