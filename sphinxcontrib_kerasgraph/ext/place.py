"""Where something of a model stands on a page that is being written, and who is told of faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.option_fields import on_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx.application import Sphinx

    from sphinxcontrib_kerasgraph.diff import ModelDiff
    from sphinxcontrib_kerasgraph.ext.build import ModelBuild
    from sphinxcontrib_kerasgraph.ext.nodes import Asking
    from sphinxcontrib_kerasgraph.graph import ModelGraph
    from sphinxcontrib_kerasgraph.models import Outcome
    from sphinxcontrib_kerasgraph.view.selection import Unmet


@dataclass(frozen=True)
class Place:
    """A node that asks for a model, whose graph is there, on the page of that name."""

    node: Asking
    #: Tells the node from others of the document.
    number: int
    docname: str
    build: ModelBuild

    @property
    def app(self) -> Sphinx:
        """Whose build it is."""
        return self.build.app

    @property
    def outcome(self) -> Outcome:
        """What became of the request."""
        return self.build.models[self.node.request]

    @property
    def graph(self) -> ModelGraph:
        """The graph of the model. Raises `Fault` if there is none; drift is reported."""
        outcome = self.outcome
        if isinstance(outcome.result, Fault):
            raise outcome.result
        if outcome.drift is not None:
            self.report(outcome.drift)
        return outcome.result

    @property
    def diff(self) -> ModelDiff:
        """What differs between both models. Raises `Fault` if one is missing; drift is reported."""
        requests = self.node.requests
        for request in requests:
            drift = self.build.models[request].drift
            if drift is not None:
                self.report(drift)
        return self.build.diffs.of(requests)

    def report(self, fault: Fault) -> None:
        """Warn of what is wrong, once, and have the next build try it again."""
        self.build.report(fault, self.node, self.docname)

    def report_unmet(self, unmet: Iterable[Unmet]) -> None:
        """Report what the options ask for in vain; the rest is shown all the same."""
        for one in unmet:
            name = on_page(one.option or "")
            words = one.in_words(f"':{name}: {{asked}}'")
            message = f"{words[0].upper()}{words[1:]}."
            if one.option is None:
                self.report(Fault("opaque", message, _OPAQUE_ADVICE))
            elif one.option == "style" and one.reason:
                if (one.asked, one.reason) not in self._told_of_conf:
                    self.report(Fault("style", message, one.advice))
            # Those in conf.py are meant for all diagrams.
            elif one.asked not in self._of_all(one.option):
                self.report(Fault("option", message, _UNMATCHED_ADVICE))

    @property
    def _told_of_conf(self) -> set[tuple[str, str]]:
        """What is told where conf.py is read."""
        return {(one.pattern, one.unreadable) for one in self.app.config.kerasgraph_style}

    def _of_all(self, option: str) -> Sequence[str]:
        """The patterns that conf.py has."""
        given = getattr(self.app.config, f"kerasgraph_{option.rstrip('_')}", ())
        return [one if isinstance(one, str) else one.pattern for one in given]


_UNMATCHED_ADVICE = "The tooltips of the boxes show their paths and classes."

#: What the author of an opaque block can do.
_OPAQUE_ADVICE = (
    "It is drawn as one box. Use keras.ops in its 'call', give ':input-shape:' without unknown "
    "sizes, or leave it closed with ':collapse:'."
)
