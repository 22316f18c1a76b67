"""The words of ours in the language of the documentation, read from gettext's catalogs."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

from sphinxcontrib_kerasgraph import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

LOCALES = Path(__file__).parent.parent / "locale"
#: What gives the script of diagrams its words.
SCRIPT = "kerasgraph-words.js"

#: Simplified Chinese by its other names.
_ALIASES = {"zh": "zh_CN", "zh_SG": "zh_CN", "zh_Hans": "zh_CN"}
#: Where the script has words from: its own messages, and the keys of what its panel shows.
_OF_SCRIPT = (".js", "label/card.py")


def use_words(app: Sphinx) -> None:
    """Have all texts made in the language of the documentation; on ``builder-inited``."""
    path = _catalog(app)
    if path is None:  # as of English
        wording.use(wording.ENGLISH)
        return
    try:
        wording.use(read_catalog(path))
    except (OSError, ValueError) as error:
        wording.use(wording.ENGLISH)
        logger.warning(
            "The catalog can't be read: %s. Words are English.",
            error,
            type="kerasgraph",
            subtype="option",
            location=str(path),
        )


def names(language: str) -> Iterator[str]:
    """The names that a catalog for the language may have, best first: ``de_AT``, ``de``."""
    parts = language.replace("-", "_").split("_")
    for end in range(len(parts), 0, -1):
        name = "_".join(parts[:end])
        yield name
        if name in _ALIASES and (name != "zh" or language == "zh"):  # zh_TW is written otherwise
            yield _ALIASES[name]


def _catalog(app: Sphinx) -> Path | None:
    """The catalog of the language: one of the documentation's ``locale_dirs``, or ours."""
    folders = [*(Path(app.srcdir, name) for name in app.config.locale_dirs), LOCALES]
    for name in names(app.config.language or "en"):
        for folder in folders:
            path = folder / name / "LC_MESSAGES" / "kerasgraph.po"
            if path.is_file():
                return path
    return None


def read_catalog(path: Path) -> wording.Wording:
    """The words of a catalog, which is small enough to be read at each start.

    Raises `ValueError` for what is none.
    """
    # Imported where there are words to be read.
    from babel.core import Locale, UnknownLocaleError
    from babel.messages.mofile import write_mo
    from babel.numbers import get_decimal_symbol, get_group_symbol

    content = path.read_bytes()
    compiled = BytesIO()
    write_mo(compiled, _messages(content))
    compiled.seek(0)
    try:
        locale = Locale.parse(path.parent.parent.name)
    except UnknownLocaleError:  # it has words, and numbers as in English
        locale = Locale("en")
    return wording.Wording(
        GNUTranslations(compiled),
        hashlib.sha256(content).hexdigest(),
        get_group_symbol(locale),
        get_decimal_symbol(locale),
    )


@lru_cache(maxsize=1)
def _messages(content: bytes) -> Catalog:
    """What a catalog holds: for all words, and again for those of the script."""
    from babel.messages.pofile import read_po

    return read_po(BytesIO(content))


def script_words(app: Sphinx) -> str:
    """The script that gives that of diagrams its words in the language that is used."""
    path = _catalog(app)
    if path is None:
        return ""
    words = {
        message.id: message.string
        for message in _messages(path.read_bytes())
        if isinstance(message.id, str) and message.id and message.string and not message.fuzzy
        if any(name.endswith(_OF_SCRIPT) for name, _ in message.locations)
    }
    return f"var kerasgraphWords={json.dumps(words, ensure_ascii=False, separators=(',', ':'))}\n"
