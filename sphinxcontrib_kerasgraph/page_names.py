"""The names of options on a page: whether there are such, and what was meant."""

from __future__ import annotations

import difflib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.option_fields import page_name
from sphinxcontrib_kerasgraph.options import DIRECTIVE
from sphinxcontrib_kerasgraph.settings import ModelOptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinxcontrib_kerasgraph.options import Tell

#: How alike a name is, from 0 to 1, that is proposed for an unknown one.
_NEAR = 0.75
#: What to write for what `keras.utils.plot_model` and Sphinx's ``figure`` have, and pages haven't.
_IN_PLACE_OF = {
    "layer-range": "Write ':from:' for the first layer and ':to:' for the last one.",
    "to-file": "A page has its drawing by itself; 'kerasgraph draw' writes one into a file.",
    "target": "Boxes lead to the pages of their classes; see 'kerasgraph_links'.",
    "loading": "Drawings are part of the page.",
}


def check_page_names(
    given: Iterable[str], groups: Iterable[type[Any]] = DIRECTIVE, tell: Tell | None = None
) -> None:
    """Raise `Fault` ``option`` if a directive's options have a name that no group has.

    Or tell of it, where it is like none that the model is built with.
    """
    known = [page_name(option) for group in groups for option in fields(group)]
    for name in given:
        if name not in known:
            near = _near(name, known)
            meant = " or ".join(f"':{one}:'" for one in near)
            advice = _IN_PLACE_OF.get(name.replace("_", "-")) or (
                f"Did you mean {meant}?" if near else f"Known are: {', '.join(known)}."
            )
            fault = Fault("option", f"The option ':{name}:' is unknown.", advice)
            if tell is None or set(near) & set(map(page_name, fields(ModelOptions))):
                raise fault
            tell(fault)


def _near(name: str, known: Iterable[str]) -> list[str]:
    """The known name that is written almost so; else those with all words of the name in them."""
    alike = difflib.get_close_matches(name, known, n=1, cutoff=_NEAR)
    words = set(name.replace("_", "-").split("-"))
    return alike or [one for one in known if words <= set(one.split("-"))]
