"""Pairs of builds at once that share one cache: ``python benchmarks/shared_cache.py [ROUNDS]``.

Each round begins with an empty cache, or one that is damaged, and ends with two outputs whose
images have to be those of a build alone, byte by byte, and with no warning. Every other round has
both builds write with ``-j 2``.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CONF = """
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
extensions = ["sphinxcontrib_kerasgraph"]
"""
MODELS = """
import keras
from keras import layers


def build(count):
    inputs = x = keras.Input((8,))
    for _ in range(count):
        x = layers.add([x, layers.Dense(8, activation="relu")(x)])
    return keras.Model(inputs, x, name=f"net{count}")
"""
COUNTS = (1, 2, 3, 5, 40, 80)


def main() -> None:
    """Run the rounds, and print how many were as they should be."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [_project(folder / which) for which in ("one", "two")]
        cache = folder / "cache"
        alone = _images(_finished(_started(sources[0], folder / "alone", folder / "own")))
        wrong = 0
        for at in range(rounds):
            _spoil(cache, at)
            jobs = ("-j", "2") if at % 2 else ()
            outs = [folder / f"out{which}" for which in (1, 2)]
            for out in outs:
                shutil.rmtree(out, ignore_errors=True)
            pairs = zip(sources, outs, strict=True)
            builds = [_started(source, out, cache, *jobs) for source, out in pairs]
            same = [_images(_finished(build)) == alone for build in builds]
            wrong += not all(same)
            print(f"round {at + 1}: {'as alone' if all(same) else 'WRONG'}", flush=True)
    print(f"{rounds} rounds of two builds, {wrong} wrong; {len(alone)} images each")
    sys.exit(bool(wrong))


def _project(source: Path) -> Path:
    source.mkdir()
    source.joinpath("conf.py").write_text(CONF)
    source.joinpath("models.py").write_text(MODELS)
    pages = "\n".join(f".. keras-model:: models.build({count})\n" for count in COUNTS)
    source.joinpath("index.rst").write_text(f"Models\n======\n\n{pages}")
    return source


def _spoil(cache: Path, at: int) -> None:
    """Remove the cache, or a third of it, or cut and swap its files."""
    if at % 3 == 0:
        shutil.rmtree(cache, ignore_errors=True)
        return
    chance = random.Random(at)
    for path in sorted(cache.glob("*/*")):
        match chance.randrange(4):
            case 0:
                path.unlink()
            case 1:
                path.write_bytes(path.read_bytes()[: chance.randrange(2_000)])
            case 2:
                path.write_bytes(path.read_bytes().replace(b"e", b"a", 1))


def _started(source: Path, out: Path, cache: Path, *options: str) -> tuple[Path, subprocess.Popen]:
    command = [sys.executable, "-m", "sphinx", "-W", "-q", *options]
    command += ["-D", f"kerasgraph_cache_dir={cache}", str(source), str(out)]
    return out, subprocess.Popen(command)


def _finished(build: tuple[Path, subprocess.Popen]) -> Path:
    out, process = build
    if process.wait() != 0:
        print(f"the build of {out.name} failed")
    return out


def _images(out: Path) -> dict[str, bytes]:
    page = out.joinpath("index.html").read_text(encoding="utf-8")
    images = {path.name: path.read_bytes() for path in out.joinpath("_images").glob("*")}
    if page.count("<object") != len(COUNTS) or any(name not in page for name in images):
        print(f"{out.name} shows other images than it has")
    return images


if __name__ == "__main__":
    main()
