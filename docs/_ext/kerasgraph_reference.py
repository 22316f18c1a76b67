"""Directives that write the reference from the declarations in the package."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sphinx.util.docutils import SphinxDirective

from sphinxcontrib_kerasgraph import faults, option_fields, options, settings
from sphinxcontrib_kerasgraph.view.flops import uncounted

if TYPE_CHECKING:
    from dataclasses import Field

    from docutils.nodes import Node
    from sphinx.application import Sphinx


class PageOptions(SphinxDirective):
    """The directive's options of one group, such as ``LabelOptions``."""

    required_arguments = 1

    def run(self) -> list[Node]:
        group = getattr(settings, self.arguments[0], None) or getattr(options, self.arguments[0])
        # Those of the diagram are indexed; others have some of the same names.
        of_others = "" if group in options.DIRECTIVE else "\n   :no-index:"
        text = "\n".join(_page_option(option, of_others) for option in fields(group))
        return self.parse_text_to_nodes(text)


def _page_option(option: Field[Any], of_others: str) -> str:
    kind = option.metadata["kind"]
    name = option_fields.page_name(option)
    lines = [f".. rst:directive:option:: {name}: {kind.words}{of_others}", ""]
    lines.append(f"   {option.metadata['summary']}")
    if options.has_conf(option) and not of_others:
        name = option_fields.conf_name(option)
        lines.append(f"   Default: {_shown(option)}, or :confval:`{name}`.")
    return "\n".join([*lines, ""])


class ConfValues(SphinxDirective):
    """All values in conf.py."""

    def run(self) -> list[Node]:
        return self.parse_text_to_nodes("\n".join(map(_conf_value, options.configurable())))


def _conf_value(option: Field[Any]) -> str:
    kind = option.metadata["kind"]
    return "\n".join(
        [
            f".. confval:: {option_fields.conf_name(option)}",
            f"   :type: {'bool' if kind.words == 'yes or no' else kind.words}",
            f"   :default: ``{option_fields.default_of(option)!r}``",
            "",
            f"   {option.metadata['summary']}",
            "",
        ]
    )


def _shown(option: Field[Any]) -> str:
    match option_fields.default_of(option):
        case bool() as flag:
            return "yes" if flag else "no"
        case None | "":
            return "none"
        case value:
            return f"``{value}``"


class Warnings(SphinxDirective):
    """All subtypes of warnings."""

    def run(self) -> list[Node]:
        text = "".join(
            f"``kerasgraph.{subtype}``\n   {meaning}\n\n"
            for subtype, meaning in faults.SUBTYPES.items()
        )
        return self.parse_text_to_nodes(text)


class Uncounted(SphinxDirective):
    """Keras's classes whose FLOPs aren't counted, by the reason why."""

    def run(self) -> list[Node]:
        reasons: dict[str, list[str]] = {}
        for name, why in (uncounted.LAYERS | uncounted.OPERATIONS).items():
            reasons.setdefault(why, []).append(f"``{name}``")
        lines = [f"* {why}: {', '.join(names)}" for why, names in reasons.items()]
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("kerasgraph-page-options", PageOptions)
    app.add_directive("kerasgraph-conf-values", ConfValues)
    app.add_directive("kerasgraph-warnings", Warnings)
    app.add_directive("kerasgraph-uncounted", Uncounted)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
