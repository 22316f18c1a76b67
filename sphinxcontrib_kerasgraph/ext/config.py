"""The values in conf.py: registered and checked as `options` declares them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

from sphinxcontrib_kerasgraph import option_fields, options
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

logger = logging.getLogger(__name__)


def register(app: Sphinx) -> None:
    """Add every configurable option to Sphinx's configuration.

    Any type is let through here: `check` reports a wrong one in our words, with our type.
    """
    for option in options.configurable():
        app.add_config_value(
            option_fields.conf_name(option),
            option_fields.default_of(option),
            option.metadata["rebuild"],
            types=Any,
            description=option.metadata["summary"],
        )


def check(app: Sphinx, config: Config) -> None:
    """Replace each value by its checked form; warn of a wrong one, and take the default."""
    for option in options.configurable():
        name = option_fields.conf_name(option)
        try:
            config[name] = option_fields.check_value(option, name, config[name])
        except Fault as fault:
            default = option_fields.default_of(option)
            logger.warning(
                "%s The default, %r, is used.",
                fault,
                default,
                type="kerasgraph",
                subtype=fault.subtype,
                location=_location(Path(app.confdir, "conf.py"), name),
            )
            config[name] = default
    for rule in config.kerasgraph_style:
        if rule.unreadable:
            logger.warning(
                "kerasgraph_style: %r: %s.",
                rule.pattern,
                rule.unreadable,
                type="kerasgraph",
                subtype="style",
                location=_location(Path(app.confdir, "conf.py"), "kerasgraph_style"),
            )


def _location(conf: Path, name: str) -> str | None:
    """File and line of the setting; ``None`` if it isn't set there (but by ``-D``)."""
    text = conf.read_text(encoding="utf-8", errors="replace") if conf.is_file() else ""
    setting = re.compile(rf"\s*{name}\b")
    number = next((at for at, line in enumerate(text.splitlines(), 1) if setting.match(line)), None)
    return f"{conf}:{number}" if number else None


def checked_config(config: Config) -> dict[str, Any]:
    """The values by their names in conf.py."""
    return {name: config[name] for name in map(option_fields.conf_name, options.configurable())}


def deciding_settings(config: Config) -> dict[str, Any]:
    """Of `checked_config`, those by which pages are read."""
    return {
        name: config[name]
        for option in options.configurable()
        if option.metadata["rebuild"] == "env"
        for name in [option_fields.conf_name(option)]
    }
