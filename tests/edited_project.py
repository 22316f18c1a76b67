"""A project that is edited at random, as people edit theirs; the same for the same seed."""

from __future__ import annotations

import os
import random
import re
import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NET = """
import keras
from keras import layers
def net(name, *units):
    return keras.Sequential(
        [keras.Input((3,)), *(layers.Dense(one) for one in units)], name=name
    )
"""
#: Modules with a model each, and in which way that is made. A number is one digit, so that edits
#: are of the same size.
MODELS = {
    "mod_direct": "units = 4\ndef build(): return net('direct', units)\n",
    "mod_helped": "from step_units import units\ndef build(): return net('helped', units, 2)\n",
    "mod_far": "import step_far\ndef build(): return net('far', 3, *step_far.more())\n",
    "mod_late": "def build():\n    from step_units import units\n    return net('late', units)\n",
    "mod_data": """
        import json, pathlib
        def build():
            path = pathlib.Path(__file__).parent / "data" / "units.json"
            return net("data", json.loads(path.read_text()) if path.exists() else 1)
        """,
    "mod_folder": """
        import glob, os
        def build():
            found = glob.glob(os.path.join(os.path.dirname(__file__), "data", "parts", "*"))
            return net("folder", *[2] * (1 + len(found)))
        """,
    "mod_variable": """
        import os
        def build(): return net("variable", int(os.environ.get("STEP_UNITS", 2)))
        """,
    "mod_program": """
        import subprocess
        units = subprocess.run("echo ${STEP_UNITS:-3}", shell=True, capture_output=True).stdout
        def build(): return net("program", int(units))
        """,
    "mod_perhaps": """
        try: from step_perhaps import units
        except ImportError: units = 5
        def build(): return net("perhaps", units)
        """,
    "mod_words": """
        import os
        def build():
            words = os.path.join(os.path.dirname(__file__), "data", "words")
            return net("words", layers.StringLookup(vocabulary=words).vocabulary_size())
        """,
    # Changes what others are made from.
    "mod_changing": """
        import os
        import step_units
        step_units.units = 9
        os.environ["STEP_UNITS"] = "8"
        keras.config.set_floatx("float64")
        def build(): return net("changing", step_units.units)
        """,
    # Is no model.
    "mod_wrong": "def build(): raise ValueError('units 4')\n",
}
HELPERS = {
    "step_nets": NET,
    "step_units": "units = 4\n",
    "step_far": "from step_units import units\ndef more(): return [units, 6]\n",
}
DATA = {"units.json": "3", "words": "a\nb\nc\n", "parts/one": ""}
DIGITS = "123456789"
FLAGS = "show-shapes", "show-params", "show-dtype", "show-trainable"
OPTIONS = (
    *(f":{flag}:" for flag in FLAGS), ":view: full", ":view: overview", ":rankdir: LR",
    ":caption: One", ":caption: Two", ":alt: Drawn",
)  # fmt: skip
SETTINGS = {
    "kerasgraph_show_shapes": (True, False),
    "kerasgraph_show_params": (True, False),
    "kerasgraph_rankdir": ("LR", "TB"),
    "kerasgraph_environment": ({}, {"STEP_UNITS": "7"}),
    "kerasgraph_load_weights": (True, False),
}
CONF = """
import sys
sys.path.insert(0, {source!r})
project = "Test"
extensions = ["sphinxcontrib_kerasgraph"]
html_theme = "basic"
html_sidebars = {{"**": []}}
"""
PAST = 1_000_000_000


class EditedProject:
    """The project, in a folder of its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.source = folder / "source"
        self.cache = folder / "cache"
        self.doctrees = folder / "doctrees"
        self.environment: dict[str, str] = {}
        self.edits: list[str] = []
        self._random = random.Random(seed)
        self._settings: dict[str, object] = {}
        self._broken: set[str] = set()
        self._texts: dict[str, str] = {}
        self._pages: dict[str, list[str]] = {"index": []}
        self._made = 0
        for name, text in (HELPERS | MODELS).items():
            begin = "from step_nets import keras, layers, net\n" if name in MODELS else ""
            self._write(f"{name}.py", begin + textwrap.dedent(text))
        for name, text in DATA.items():
            self._write(f"data/{name}", text)
        self._write_conf()
        for _ in range(3):
            self._add_page()
        for _ in range(2):
            self._pages["index"].append(self._block())
        self._write_page("index")

    def edit(self) -> str:
        """Make an edit; in words."""
        kinds: list[tuple[int, Callable[[], str | None]]] = [
            (30, self._change_digit),
            (6, self._break_or_mend),
            (6, self._come_or_go),
            (4, self._touch),
            (3, self._rename_helper),
            (8, self._change_variable),
            (6, self._change_setting),
            (10, self._change_block),
            (6, self._add_block),
            (5, self._remove_block),
            (4, self._add_page),
            (3, self._remove_page),
            (4, self._change_text),
            (2, self._remove_cache),
            (6, self._damage_cache),
            (2, self._remove_doctrees),
        ]
        said = None
        while said is None:
            [kind] = self._random.choices(
                [one for _, one in kinds], weights=[often for often, _ in kinds]
            )
            said = kind()
        self.edits.append(said)
        return said

    def choose(self, *weighted: tuple[int, str]) -> str:
        """One of these, the heavier the more often."""
        [chosen] = self._random.choices(
            [one for _, one in weighted], weights=[often for often, _ in weighted]
        )
        return chosen

    # Code and data

    def _change_digit(self) -> str | None:
        """Another digit somewhere, with whatever time: as an editor, or a checkout, leaves it."""
        name = self._random.choice(sorted(self._texts))
        text = self._texts[name]
        places = [one.start() for one in re.finditer(r"(?<!\w)[1-9](?!\d)", text)]
        if name == "data/words":
            new = text + f"{len(text)}\n"
        elif not places or name == "step_nets.py":
            return None
        else:
            at = self._random.choice(places)
            new = text[:at] + self._random.choice(DIGITS.replace(text[at], "")) + text[at + 1 :]
        path = self.source / name
        before = path.stat().st_mtime_ns
        self._write(name, new)
        when = self._random.choice(["now", "as before", "long ago"])
        if when != "now":
            time = before if when == "as before" else PAST * 10**9
            os.utime(path, ns=(time, time))
        return f"{name} has {new!r}, written {when}"

    def _break_or_mend(self) -> str:
        # No more than two are broken, or all that is built is notes.
        mends = len(self._broken) == 2
        name = self._random.choice(
            sorted(self._broken if mends else {*MODELS, *HELPERS} & {n[:-3] for n in self._texts})
        )
        if name in self._broken:
            self._broken.remove(name)
        else:
            self._broken.add(name)
        self._write(f"{name}.py", self._texts[f"{name}.py"])
        return f"{name} is {'broken' if name in self._broken else 'mended'}"

    def _come_or_go(self) -> str:
        name = self._random.choice(
            ["data/units.json", "step_perhaps.py", "data/parts/two", "data/parts/three"]
        )
        if name in self._texts:
            del self._texts[name]
            (self.source / name).unlink()
            return f"{name} is removed"
        digit = self._random.choice(DIGITS)
        self._write(name, f"units = {digit}\n" if name.endswith(".py") else digit)
        return f"{name} is there, with {digit}"

    def _touch(self) -> str:
        name = self._random.choice(sorted(self._texts))
        time = self._random.choice([PAST, PAST + 5])
        os.utime(self.source / name, (time, time))
        return f"{name} is as old as {time}"

    def _rename_helper(self) -> str:
        [old] = [name for name in self._texts if name.startswith("step_units")]
        new = "step_units_too.py" if old == "step_units.py" else "step_units.py"
        self._texts[new] = self._texts.pop(old)
        (self.source / old).rename(self.source / new)
        for name, text in list(self._texts.items()):
            for keyword in ("from", "import"):
                text = text.replace(  # noqa: PLW2901
                    f"{keyword} {old[:-3]}", f"{keyword} {new[:-3]}"
                ).replace(f"{old[:-3]}.units", f"{new[:-3]}.units")
            if text != self._texts[name]:
                self._write(name, text)
        if old[:-3] in self._broken:
            self._broken.remove(old[:-3])
            self._broken.add(new[:-3])
        return f"{old} is called {new}"

    def _change_variable(self) -> str:
        name = self._random.choice(["STEP_UNITS", "STEP_UNITS", "STEP_OTHER"])
        if name in self.environment and self._random.random() < 0.5:
            del self.environment[name]
            return f"{name} isn't set"
        self.environment[name] = self._random.choice(DIGITS)
        return f"{name} is {self.environment[name]}"

    # Pages

    def _change_setting(self) -> str:
        name = self._random.choice(sorted(SETTINGS))
        value = self._random.choice(SETTINGS[name])
        self._settings[name] = value
        self._write_conf()
        return f"conf.py: {name} = {value!r}"

    def _block(self) -> str:
        model, other = (f"{self._random.choice(sorted(MODELS))}.build" for _ in range(2))
        kind = self.choose(
            (8, "model"), (2, "diff"), (1, "table"), (1, "words"), (2, "summary"), (2, "value"),
            (1, "only"), (1, "gallery"),
        )  # fmt: skip
        options = self._random.sample(OPTIONS, self._random.randrange(4))
        options = list({one.split(":")[1]: one for one in options}.values())
        if kind == "value":
            return f"It has :keras-value:`{model} params` weights."
        if kind == "only":
            format_ = self._random.choice(["html", "latex"])
            return f".. only:: {format_}\n\n   .. keras-model:: {model}"
        if kind == "gallery":
            return f".. keras-gallery::\n\n   {model}\n   {other}"
        if kind == "summary":
            return f".. keras-summary:: {model}"
        if kind in {"diff", "table", "words"}:
            as_ = "" if kind == "diff" else f"\n   :as: {kind}"
            return f".. keras-diff:: {model} {other}{as_}"
        return "\n".join([f".. keras-model:: {model}", *(f"   {one}" for one in options)])

    def _change_block(self) -> str | None:
        found = [(page, at) for page, blocks in self._pages.items() for at in range(len(blocks))]
        if not found:
            return None
        page, at = self._random.choice(found)
        self._pages[page][at] = self._block()
        self._write_page(page)
        return f"{page}: {self._pages[page][at]!r}, in the place {at}"

    def _add_block(self) -> str:
        page = self._random.choice(sorted(self._pages))
        blocks = self._pages[page]
        at = self._random.randrange(len(blocks) + 1)
        blocks.insert(at, self._block())
        self._write_page(page)
        return f"{page}: {blocks[at]!r} is added, at {at}"

    def _remove_block(self) -> str | None:
        page = self._random.choice(sorted(self._pages))
        if not self._pages[page]:
            return None
        at = self._random.randrange(len(self._pages[page]))
        del self._pages[page][at]
        self._write_page(page)
        return f"{page}: what was at {at} is removed"

    def _change_text(self) -> str:
        page = self._random.choice(sorted(self._pages))
        self._made += 1
        self._pages[page].append(f"Text {self._made}.")
        self._write_page(page)
        return f"{page}: text {self._made} is added"

    def _add_page(self) -> str | None:
        if len(self._pages) > 5:
            return None
        self._made += 1
        name = f"page{self._made}"
        self._pages[name] = [self._block() for _ in range(self._random.randrange(1, 3))]
        self._write_page(name)
        self._write_page("index")
        return f"{name}: {self._pages[name]!r}"

    def _remove_page(self) -> str | None:
        names = sorted(self._pages.keys() - {"index"})
        if not names:
            return None
        name = self._random.choice(names)
        del self._pages[name]
        (self.source / f"{name}.rst").unlink()
        self._write_page("index")
        return f"{name} is removed"

    # What builds keep

    def _remove_cache(self) -> str:
        shutil.rmtree(self.cache, ignore_errors=True)
        return "the cache is removed"

    def _damage_cache(self) -> str | None:
        files = sorted(path for path in self.cache.rglob("*") if path.is_file())
        if not files:
            return None
        path = self._random.choice(files)
        content = path.read_bytes()
        how = self._random.choice(["removed", "cut", "emptied", "overwritten", "another's"])
        if how == "removed":
            path.unlink()
        else:
            new = {
                "cut": content[: self._random.randrange(len(content) + 1)],
                "emptied": b"",
                "overwritten": self._random.randbytes(50),
                "another's": self._random.choice(files).read_bytes(),
            }[how]
            path.chmod(0o644)
            path.write_bytes(new)
        return f"a file of the cache is {how}: {path.relative_to(self.cache)}"

    def _remove_doctrees(self) -> str:
        shutil.rmtree(self.doctrees, ignore_errors=True)
        return "the doctrees are removed"

    # Files

    def _write(self, name: str, text: str) -> None:
        self._texts[name] = text
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        broken = name.removesuffix(".py") in self._broken and name.endswith(".py")
        path.write_text(f"raise ValueError('it is broken')\n{text}" if broken else text)

    def _write_page(self, name: str) -> None:
        title = f"{name}\n{'=' * len(name)}"
        parts = [title, *self._pages[name]]
        if name == "index":
            others = [f"   {one}" for one in sorted(self._pages) if one != "index"]
            parts.append("\n".join([".. toctree::", "", *others]))
        path = self.source / f"{name}.rst"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(parts) + "\n")

    def _write_conf(self) -> None:
        settings = [f"{name} = {value!r}\n" for name, value in self._settings.items()]
        text = CONF.format(source=str(self.source)) + "".join(settings)
        path = self.source / "conf.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
