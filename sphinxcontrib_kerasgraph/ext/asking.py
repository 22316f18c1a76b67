"""Directives and roles that ask for a model: what they have in common."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from sphinxcontrib_kerasgraph import options, page_names
from sphinxcontrib_kerasgraph.calling import Calling
from sphinxcontrib_kerasgraph.ext.build import build_of
from sphinxcontrib_kerasgraph.ext.config import checked_config
from sphinxcontrib_kerasgraph.ext.documented import ARGUMENTS, documented, nothing_named
from sphinxcontrib_kerasgraph.ext.report import note_of, text_of, warn
from sphinxcontrib_kerasgraph.ext.substitutions import is_substitution, without_refused
from sphinxcontrib_kerasgraph.ext.summaries import is_for_summary, without_summary
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.option_fields import on_page
from sphinxcontrib_kerasgraph.settings import ModelOptions, of_name
from sphinxcontrib_kerasgraph.target import ModelRequest, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docutils.nodes import Node
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_kerasgraph.ext.documented import Documented


class _AnyOption(dict[str, Any]):
    """Lets docutils pass on every option as text, for us to check and to report on.

    docutils would report a wrong one as an error without a type, and drop the directive.
    """

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, name: str) -> Callable[[str | None], str]:
        return lambda text: text or ""


def read_request(
    env: BuildEnvironment, named: str, given: Mapping[str, str], also: str | None = None
) -> ModelRequest:
    """The model that is named on the page that is being read, and what it is built with.

    ``given`` are texts by names of options, those of `ModelOptions` among them; what they leave
    open is that of ``kerasgraph_shapes``, for its name or ``also``, under which it is documented.
    Raises `Fault`.
    """
    model = options.parse_options(ModelOptions, given, checked_config(env.config))
    target = Target.parse(named)
    if target.is_plain:
        names = [target.name] if also is None else [also, target.name]
        noted = of_name(env.config.kerasgraph_shapes, names)[1] or {}
        model = replace(
            model, **{name: one for name, one in noted.items() if on_page(name) not in given}
        )
    request = ModelRequest(target.text, **vars(model))
    Calling.of(request)  # says what is wrong with it where the page is read
    if target.is_file:
        request = replace(request, target=_file(env, target))
    build_of(env).foresee(request)
    return request


def _file(env: BuildEnvironment, target: Target) -> str:
    """The path of a saved model from the source folder on; the page depends on the file."""
    try:
        name, path = env.relfn2path(target.path)
    except (OSError, RuntimeError, ValueError) as error:  # of links that lead to each other, or NUL
        raise Fault("import", f"There is no file {target.path!r}.", "Check the path.") from error
    env.note_dependency(name)
    if not os.path.isfile(path):
        advice = "A path begins where the page is, or with '/' for the source folder."
        if ":" in target.path:
            advice = "Files of revisions are for the command line alone: 'kerasgraph diff'."
        raise Fault("import", f"There is no file {name!r}.", advice)
    if not build_of(env).may_read(path):
        message = f"{name!r} lies outside of the source folder, in no folder that conf.py names."
        raise Fault("target", message, "Put it there, or set kerasgraph_model_dirs in conf.py.")
    return name


def classes_of(words: str) -> list[str]:
    """The classes of a node that an option names."""
    return [nodes.make_id(word) for word in words.split()]


class ModelDirective(SphinxDirective):
    """Checks argument and options, and leaves a node that asks for a model.

    The model can't be built here: pages are read in parallel, and a worker process should be
    started once, for all of them.
    """

    optional_arguments = 1
    has_content = True
    final_argument_whitespace = True
    option_spec = _AnyOption()

    #: The groups of the options that it takes, `ModelOptions` among them.
    groups: ClassVar[tuple[type[Any], ...]]

    @property
    def named(self) -> str:
        """What the argument names, in one line; or the documented object, with the argument."""
        named = " ".join(" ".join(self.arguments).split())
        found = self._documented
        return named if found is None else f"{found.first_name}{named}"

    @property
    def _names_nothing(self) -> bool:
        """Whether the documented object is meant, which the argument may be a call of."""
        return not self.arguments or self.arguments[0].startswith(ARGUMENTS)

    @cached_property
    def _documented(self) -> Documented | None:
        """The documented object, if it is meant."""
        return documented(self) if self._names_nothing else None

    def run(self) -> list[Node]:
        """What stands on the page; or a note of what is wrong."""
        if is_for_summary(self):
            return [without_summary()]
        try:
            return self._run()
        except Fault as fault:
            warn(fault, self.named or "(no name)", self.get_location(), self.name)
            shown = text_of if is_substitution(self) else note_of
            return [shown(fault, self.named or self.name, str(self.env.srcdir), self.name)]

    def _run(self) -> list[Node]:
        if self._documented is None and self._names_nothing:
            raise nothing_named(self.name)
        if self.content:
            raise Fault(
                "option",
                "The directive takes no content.",
                "Write a caption as ':caption:', and leave a line free before what follows.",
            )
        faults = without_refused(self) if is_substitution(self) else []
        page_names.check_page_names(self.options, self.groups, faults.append)
        found = self._found(faults)
        for fault in faults:
            warn(fault, self.named, self.get_location(), self.name)
        return found

    def _found(self, faults: list[Fault]) -> list[Node]:
        """What stands on the page, as of `asked`."""
        return self.asked(self._request(), faults)

    def _request(self) -> ModelRequest:
        found = self._documented
        if found is None:
            return read_request(self.env, self.arguments[0], self.options)
        request = read_request(self.env, self.named, self.options, also=found.name)
        if not self.arguments:
            found.check_call(request, self.name)
        return request

    def name_shown(self, shown: nodes.Element, name: str | None) -> None:
        """Give what stands on the page the label that was checked, if there is one."""
        self.options.pop("name", None)
        if name is not None:
            self.options["name"] = name
        self.add_name(shown)

    def asked(self, request: ModelRequest, faults: list[Fault]) -> list[Node]:
        """What stands on the page for the model.

        Faults that aren't worth it are added to the list, and reported by the caller; the node
        says ``faulty`` then. Others are raised.
        """
        raise NotImplementedError
