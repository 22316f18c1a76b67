"""What values options take: each kind reads and checks those from pages, conf.py and Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

from sphinxcontrib_kerasgraph.written import texts


class Kind:
    """What values an option takes. ``check`` raises `ValueError` for one that it doesn't.

    Plain classes: Sphinx's start would wait for dataclasses to be made.
    """

    def __init__(self, words: str) -> None:
        #: The values in words, completing "must be …".
        self.words = words

    def parse(self, text: str) -> Any:
        """The value of the text after ``:option:`` on a page."""
        return self.check(text.strip())

    def check(self, value: Any) -> Any:
        """The value, in its proper type, of an object from conf.py or Python."""
        if isinstance(value, str) and value:
            return value
        raise ValueError


class MethodName(Kind):
    """The name of a method."""

    def __init__(self) -> None:
        super().__init__("the name of a method")

    def check(self, value: Any) -> str:
        """Accepts names of Python's."""
        if isinstance(value, str) and value.isidentifier():
            return value
        raise ValueError


class Flag(Kind):
    """Yes or no; on a page, the bare option means yes."""

    def __init__(self) -> None:
        super().__init__("yes or no")

    def parse(self, text: str) -> bool:
        """A bare option is a yes; YAML has ``null`` for it."""
        text = text.strip()
        return text in {"", "null", "~"} or self.check(text)

    def check(self, value: Any) -> bool:
        """Accepts bools, and the words that sphinx-build's ``-D`` can give."""
        match value.lower() if isinstance(value, str) else value:
            case True | "yes" | "true" | "on" | "1":
                return True
            case False | "no" | "false" | "off" | "0":
                return False
        raise ValueError


class Choice(Kind):
    """One of a few words."""

    def __init__(self, *values: str) -> None:
        super().__init__(f"one of {', '.join(values)}")
        self.values = values

    def check(self, value: Any) -> str:
        """Accepts the words in any case."""
        for known in self.values:
            if isinstance(value, str) and value.lower() == known.lower():
                return known
        raise ValueError


class PositiveInt(Kind):
    """A whole number above zero."""

    def __init__(self, most: int = 1_000_000) -> None:
        super().__init__(f"a whole number from 1 to {most:,}")
        self._most = most

    def check(self, value: Any) -> int:
        """Accepts ints, and texts that hold one."""
        number = int(value) if isinstance(value, str) else value
        if type(number) is int and 0 < number <= self._most:
            return number
        raise ValueError


class Length(Kind):
    """How wide or high something is, in the units that docutils has."""

    _UNITS = "em|ex|ch|rem|px|in|cm|mm|Q|pt|pc"

    def __init__(self, *, in_text: bool) -> None:
        words = "a length such as 300px, 20em or 8cm"
        super().__init__(f"{words}, or 50% of the width of the text" if in_text else words)
        units = f"{self._UNITS}|%" if in_text else self._UNITS
        self._form = re.compile(rf"(\d+(?:\.\d+)?|\.\d+)\s*({units})?")

    def check(self, value: Any) -> str:
        """Accepts texts, and numbers of pixels; gives a number and a unit."""
        found = self._form.fullmatch(str(value).strip())
        if found is None or not 0 < float(found[1]) <= 100_000:
            raise ValueError
        return f"{found[1]}{found[2] or 'px'}"


class Percentage(Kind):
    """How large, beside what it would be."""

    def __init__(self) -> None:
        super().__init__("a percentage from 1 to 1,000")

    def check(self, value: Any) -> int:
        """Accepts ints, and texts that hold one, with a sign or without."""
        number = int(value.removesuffix("%")) if isinstance(value, str) else value
        if type(number) is int and 0 < number <= 1000:
            return number
        raise ValueError


class Depth(Kind):
    """How many levels deep."""

    def __init__(self) -> None:
        super().__init__("a whole number from 0, or all")

    def check(self, value: Any) -> int | str:
        """Accepts ints, texts that hold one, and the word."""
        if isinstance(value, str) and value.lower() == "all":
            return "all"
        number = int(value) if isinstance(value, str) else value
        if type(number) is int and number >= 0:
            return number
        raise ValueError


class Levels(Kind):
    """How many levels of what is inside of each other; or none of it."""

    def __init__(self) -> None:
        super().__init__("a whole number from 0, all, or none")

    def check(self, value: Any) -> int | str:
        """Accepts ints, texts that hold one, and the words; zero is none."""
        if isinstance(value, str) and value.lower() in {"all", "none"}:
            return value.lower()
        number = int(value) if isinstance(value, str) else value
        if type(number) is int and number >= 0:
            return number or "none"
        raise ValueError


class Columns(Kind):
    """How many columns."""

    def __init__(self) -> None:
        super().__init__("a whole number from 1 to 20, or auto")

    def check(self, value: Any) -> int | None:
        """Accepts ints, texts that hold one, and the word, which is ``None``."""
        if isinstance(value, str) and value.lower() == "auto":
            return None
        number = int(value) if isinstance(value, str) else value
        if type(number) is int and 1 <= number <= 20:
            return number
        raise ValueError


class Patterns(Kind):
    """Patterns with the wildcards of shells."""

    def __init__(self) -> None:
        super().__init__("patterns, separated by commas")

    def check(self, value: Any) -> tuple[str, ...]:
        """Accepts a text, or a list of texts."""
        if isinstance(value, str):
            value = texts(value)
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise ValueError
        return tuple(one.strip() for one in value if one.strip())


class Folders(Kind):
    """Paths of folders."""

    def __init__(self) -> None:
        super().__init__("a list of paths of folders")

    def check(self, value: Any) -> tuple[str, ...]:
        """Accepts a text, or a list of texts."""
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise ValueError
        return tuple(filter(None, value))


class Documented(Kind):
    """Which documented objects; or yes, for those that are known by themselves."""

    def __init__(self) -> None:
        super().__init__("True, False, or a list of patterns such as 'mypkg.models.*'")

    def check(self, value: Any) -> bool | tuple[str, ...]:
        """Accepts bools, a text, or a list of texts."""
        try:
            return Flag().check(value)
        except ValueError:
            return Patterns().check(value)


class OptionValues(Kind):
    """Values of options, of the kinds given by their names in Python.

    Those that are texts on a page may be Python values.
    """

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        super().__init__(f"a dict with any of {', '.join(kinds)}")
        self._kinds = kinds

    def check(self, value: Any) -> dict[str, Any]:
        """Accepts a dict."""
        return {name: self._checked(name, one) for name, one in dict(value).items()}

    def _checked(self, name: Any, value: Any) -> Any:
        kind = self._kinds.get(name)
        if kind is None:
            raise ValueError
        is_text = type(kind) is Kind
        return kind.check(repr(value) if is_text and not isinstance(value, str) else value)


class ByName(Kind):
    """Something for each name, or pattern of names; ``None`` for nothing."""

    def __init__(self, kind: Kind, example: str) -> None:
        super().__init__(f"a dict of names or patterns, such as {example}: {kind.words}, or None")
        self._kind = kind

    def check(self, value: Any) -> dict[str, Any]:
        """Accepts a dict."""
        name = Kind("a name")
        return {
            name.check(key): None if one is None else self._kind.check(one)
            for key, one in dict(value).items()
        }


class ColumnNames(Kind):
    """The names of columns of a table."""

    def __init__(self, of: str = "columns") -> None:
        super().__init__(f"names of {of}, separated by commas")

    def check(self, value: Any) -> tuple[str, ...]:
        """Accepts a text, or a list of texts; spaces may stand for commas, as names have none."""
        words = value.replace(",", " ").split() if isinstance(value, str) else value
        if not isinstance(words, list | tuple) or len({*words}) < len(words):
            raise ValueError
        if not all(isinstance(one, str) and one.isidentifier() for one in words):
            raise ValueError
        return tuple(words)


class ConfigNames(ColumnNames):
    """The names of entries of the configuration of layers."""

    def __init__(self) -> None:
        super().__init__("entries of the configuration")


class Widths(Kind):
    """How wide columns are, beside each other."""

    def __init__(self) -> None:
        super().__init__("auto, or a whole number above zero for each column")

    def check(self, value: Any) -> tuple[int, ...] | None:
        """Accepts numbers, with commas between them or without, and the word, which is ``None``."""
        if isinstance(value, str) and value.strip().lower() == "auto":
            return None
        words = value.replace(",", " ").split() if isinstance(value, str) else value
        widths = tuple(map(int, words))
        if widths and min(widths) > 0:
            return widths
        raise ValueError


class ClassNames(Kind):
    """Words for the HTML ``class`` attribute."""

    def __init__(self) -> None:
        super().__init__("class names, separated by spaces")

    def parse(self, text: str) -> str:
        """A list of YAML counts, too."""
        return self.check(texts(text))

    def check(self, value: Any) -> str:
        """Accepts a text, or a list of texts."""
        return super().check(value if isinstance(value, str) else " ".join(value)) if value else ""


class Environment(Kind):
    """Variables for the worker process."""

    def __init__(self) -> None:
        super().__init__("a dict of strings")

    def check(self, value: Any) -> dict[str, str]:
        """Accepts a dict of strings."""
        if not isinstance(value, dict) or not all(name and "=" not in name for name in value):
            raise ValueError
        for word in (*value, *value.values()):
            if not isinstance(word, str) or "\0" in word:
                raise ValueError
        return value


class LinkTemplates(Kind):
    """Addresses of pages, by patterns of names."""

    def __init__(self) -> None:
        super().__init__(
            "a dict of patterns, such as 'mypkg.*', to addresses of pages with '{name}' in them, "
            "or None"
        )

    def check(self, value: Any) -> dict[str, str | None]:
        """Accepts a dict of pages on the web: nothing else, such as a script, is linked."""
        given = dict(value).items()
        return {super(LinkTemplates, self).check(pattern): _page(url) for pattern, url in given}


def _page(url: Any) -> str | None:
    if url is None or url == "":
        return None
    if isinstance(url, str) and url.startswith(("https://", "http://")) and url.isprintable():
        return url
    raise ValueError
