"""What is drawn to see what drawings are like: applications, the gallery and everyday models.

The package and ``tests/`` have to be on the path.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.options import parse_options
from sphinxcontrib_kerasgraph.settings import ModelOptions
from sphinxcontrib_kerasgraph.target import ModelRequest, Target

if TYPE_CHECKING:
    from collections.abc import Mapping

GALLERY = Path(__file__).parents[1] / "docs" / "gallery"

DIRECTIVE = re.compile(r"^\.\. keras-model:: (.+)\n((?:   :.*\n)*)", re.MULTILINE)
OPTION = re.compile(r"^   :([\w-]+): ?(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Model:
    """A diagram on a page."""

    name: str
    group: str
    target: str
    #: The directive's options, as texts.
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """How its files are called."""
        return f"{self.group}-{'_'.join(re.findall('[A-Za-z0-9]+', self.name))}"

    @property
    def request(self) -> ModelRequest:
        """What its graph is asked for by."""
        return ModelRequest(
            Target.parse(self.target).text, **vars(parse_options(ModelOptions, self.options, {}))
        )


def models() -> list[Model]:
    """All that are measured; what is the same in two places is measured once."""
    import keras

    from zoo.everyday import EVERYDAY

    found = [
        Model(name, "applications", f"keras.applications.{name}(weights=None)")
        for name, _ in inspect.getmembers(keras.applications, inspect.isfunction)
        if name[0].isupper()
    ]
    known = {(one.target, tuple(one.options.items())) for one in found}
    for page in sorted(GALLERY.glob("*.rst")):
        for number, match in enumerate(DIRECTIVE.finditer(page.read_text(encoding="utf-8")), 1):
            options = dict(OPTION.findall(match[2]))
            name = page.stem if number == 1 else f"{page.stem} {number}"
            if (match[1], tuple(options.items())) not in known:
                found.append(Model(name, "gallery", match[1], options))
    return found + [Model(name, "everyday", *given) for name, given in EVERYDAY.items()]


def graph_of(model: Model, folder: Path) -> ModelGraph:
    """The graph, from the folder if it was kept there."""
    kept = folder / f"{model.stem}.json"
    if kept.is_file():
        try:
            return ModelGraph.from_json(kept.read_text(encoding="utf-8"))
        except ValueError:  # of another format
            pass
    import keras

    from sphinxcontrib_kerasgraph.calling import Calling
    from sphinxcontrib_kerasgraph.extract.extraction import target_to_graph

    keras.utils.clear_session()
    request = model.request
    graph = target_to_graph(Target.parse(request.target), Calling.of(request))
    folder.mkdir(parents=True, exist_ok=True)
    kept.write_text(graph.to_json(), encoding="utf-8")
    return graph
