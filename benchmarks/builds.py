"""Documentation builds: in the way of today and in ours, side by side; and how they grow.

``python benchmarks/builds.py`` prints all; ``python benchmarks/builds.py twelve`` (or ``nothing``,
``models``, ``layers``, ``jobs``) a part. Today's way is a conf.py that calls
``keras.utils.plot_model(show_shapes=True, show_layer_names=True)``. Times are those of whole
processes of sphinx-build; memory is that of the largest process of a build.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

TWELVE = [
    *("VGG16", "ResNet50", "ResNet152", "DenseNet201", "InceptionV3", "MobileNetV2", "Xception"),
    *("ConvNeXtTiny", "NASNetMobile", "InceptionResNetV2", "ResNet101V2", "ResNet50V2"),
]

TODAY = f"""
import os
import keras

images = os.path.join(os.path.dirname(__file__), "images")
os.makedirs(images)
for name in {TWELVE}:
    model = getattr(keras.applications, name)(weights=None)
    path = os.path.join(images, name + ".png")
    try:
        keras.utils.plot_model(model, path, show_shapes=True, show_layer_names=True)
    except Exception as error:
        print("failed", name)
"""

OURS = """
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
extensions = ["sphinxcontrib_kerasgraph"]
"""

#: Installed packages are compiled, as pip does.
ENVIRONMENT = {"TF_CPP_MIN_LOG_LEVEL": "3", "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": ""}

#: A residual network of so many layers, in towers: Keras fails on chains of more than a thousand.
MODELS = """
import keras
from keras import layers


def tower(x, count, units):
    while count > 0:
        branch = layers.Dense(units, activation="relu")(x)
        x = layers.add([x, layers.Dense(8)(branch)])
        count -= 3
    return x


def residual(count, seed=0):
    inputs = keras.Input((8,))
    towers = [tower(inputs, min(600, count - at), 8 + seed % 7) for at in range(0, count, 600)]
    x = layers.add(towers) if len(towers) > 1 else towers[0]
    return keras.Model(inputs, layers.Dense(1)(x), name=f"residual{seed}")
"""


@dataclass(frozen=True)
class Run:
    """What one build took."""

    seconds: float
    megabytes: float
    said: str


class Project:
    """A project in a folder of its own, which is built again and again."""

    def __init__(self, folder: Path, conf: str, pages: dict[str, str]) -> None:
        self.source, self.out = folder / "source", folder / "out"
        self.source.mkdir(parents=True)
        toctree = "\n".join(f"   {name}" for name in pages)
        index = f"Models\n======\n\n.. toctree::\n\n{toctree}\n"
        for name, text in {**pages, "index": index}.items():
            title = "" if name == "index" else f"{name}\n{'=' * len(name)}\n\n"
            self.source.joinpath(f"{name}.rst").write_text(title + text)
        self.source.joinpath("conf.py").write_text(conf)
        self.source.joinpath("models.py").write_text(MODELS)

    def build(self, *options: str, clean: bool = True) -> Run:
        """Run sphinx-build, from nothing unless it isn't to be ``clean``."""
        if clean:
            shutil.rmtree(self.out, ignore_errors=True)
            shutil.rmtree(self.source / "images", ignore_errors=True)
        command = [sys.executable, "-m", "sphinx", *options, str(self.source), str(self.out)]
        with tempfile.TemporaryFile("w+") as said:
            begin = time.perf_counter()
            process = os.posix_spawn(
                sys.executable,
                command,
                os.environ | ENVIRONMENT,
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, said.fileno(), 1),
                    (os.POSIX_SPAWN_DUP2, said.fileno(), 2),
                ],
            )
            _, status, usage = os.wait4(process, 0)
            seconds = time.perf_counter() - begin
            said.seek(0)
            text = said.read()
        if status:
            raise SystemExit(f"{' '.join(command)} failed:\n{text}")
        return Run(seconds, usage.ru_maxrss / 1024, text)

    def image_bytes(self) -> int:
        """Bytes of the images that the pages show."""
        return sum(path.stat().st_size for path in self.out.joinpath("_images").iterdir())


def applications(options: str = "   :show-shapes:\n") -> dict[str, str]:
    """A page for each of the twelve."""
    line = ".. keras-model:: keras.applications.{}(weights=None)\n{}"
    return {name: line.format(name, options) for name in TWELVE}


def residuals(numbers: list[int]) -> dict[str, str]:
    """A page for each residual network of so many layers."""
    return {
        f"page{at}": f".. keras-model:: models.residual({count}, seed={at})\n"
        for at, count in enumerate(numbers)
    }


def twelve(folder: Path) -> None:
    """Print today's way and ours."""
    images = {name: f".. image:: images/{name}.png\n" for name in TWELVE}
    today = Project(folder / "today", TODAY, images)
    cache = f"kerasgraph_cache_dir = {str(folder / 'cache')!r}\n"
    ours = Project(folder / "ours", OURS + cache, applications())
    full = Project(folder / "full", OURS, applications("   :show-shapes:\n   :view: full\n"))
    before = today.build()
    failed = before.said.count("failed ")
    print(f"{'twelve models':34}{'s':>7}{'MB':>7}{'image MB':>10}{'failed':>8}   of today's")
    _line("plot_model in conf.py", before, before, today, failed)
    cold = ours.build()
    _line("ours, cold", cold, before, ours, cold.said.count("WARNING"))
    kept = ours.build()
    _line("ours, _build removed, cache kept", kept, before, ours, kept.said.count("WARNING"))
    shutil.rmtree(folder / "cache")
    cold_2 = ours.build("-j", "2")
    _line("ours, cold, -j 2", cold_2, before, ours, cold_2.said.count("WARNING"))
    all_calls = full.build()
    _line("ours, cold, view: full", all_calls, before, full, all_calls.said.count("WARNING"))
    print(f"cold is {before.seconds / cold.seconds:.1f} times as fast as today's way")
    print(f"with the cache kept, {cold.seconds / kept.seconds:.1f} times as fast as cold")


def _line(name: str, run: Run, before: Run, project: Project, failed: int) -> None:
    print(
        f"{name:34}{run.seconds:>7.1f}{run.megabytes:>7.0f}"
        f"{project.image_bytes() / 2**20:>10.2f}{failed:>8}   "
        f"{run.seconds / before.seconds:.2f} of its time, "
        f"{run.megabytes / before.megabytes:.2f} of its memory"
    )


def nothing(folder: Path, runs: int = 25) -> None:
    """Print what the extension adds to a build in which nothing changed."""
    ours = Project(folder / "with", OURS, applications())
    plain = Project(folder / "without", "extensions = ['sphinx.ext.graphviz']", applications(""))
    for page in plain.source.glob("*.rst"):
        if page.name != "index.rst":
            page.write_text(page.read_text().partition("..")[0])
    ours.build()
    plain.build()
    times = [[project.build(clean=False).seconds for project in (ours, plain)] for _ in range(runs)]
    with_, without = (statistics.median(taken) for taken in zip(*times, strict=True))
    print(
        f"nothing changed: {with_:.3f} s, without the extension {without:.3f} s, "
        f"ratio {with_ / without:.3f} (medians of {runs})"
    )


def models(folder: Path) -> None:
    """Print how builds grow with the number of models."""
    print(f"{'models of 40 layers':34}{'cold':>7}{'kept':>7}{'again':>7}   seconds")
    for count in (1, 2, 5, 10, 20, 50):
        _grown(f"{count}", Project(folder / f"models{count}", OURS, residuals([40] * count)))


def layers(folder: Path) -> None:
    """Print how builds grow with the layers of a model."""
    print(f"{'layers of one model':34}{'cold':>7}{'kept':>7}{'again':>7}   seconds")
    for count in (10, 100, 1_000, 5_000, 20_000):
        _grown(f"{count:,}", Project(folder / f"layers{count}", OURS, residuals([count])))


def _grown(name: str, project: Project) -> None:
    cache = ("-D", f"kerasgraph_cache_dir={project.source.parent / 'cache'}")
    runs = [project.build(*cache), project.build(*cache), project.build(*cache, clean=False)]
    print(f"{name:34}" + "".join(f"{run.seconds:>7.1f}" for run in runs))


def jobs(folder: Path) -> None:
    """Print what ``-j`` saves, for the twelve models and for fifty small ones."""
    print(f"{'jobs':34}{'12':>7}{'50':>7}   seconds, on {os.cpu_count()} processors")
    projects = [
        Project(folder / "twelve", OURS, applications()),
        Project(folder / "fifty", OURS, residuals([300] * 50)),
    ]
    for count in (1, 2, 3, 4):
        runs = [project.build("-j", str(count)) for project in projects]
        print(f"{count:<34}" + "".join(f"{run.seconds:>7.1f}" for run in runs))


PARTS = {"twelve": twelve, "nothing": nothing, "models": models, "layers": layers, "jobs": jobs}


def main() -> None:
    """Print the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    chosen = parser.parse_args().parts or list(PARTS)
    for name in chosen:
        with tempfile.TemporaryDirectory() as folder:
            PARTS[name](Path(folder))


if __name__ == "__main__":
    main()
