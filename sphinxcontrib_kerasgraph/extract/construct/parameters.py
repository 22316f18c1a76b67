"""What a ``call``, another method or a function of tensors can be given: tensors, and the rest."""

from __future__ import annotations

import difflib
import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinxcontrib_kerasgraph.extract.read.arguments import CONTEXT
from sphinxcontrib_kerasgraph.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import keras

    from sphinxcontrib_kerasgraph.calling import Calling

#: Names of what is switched on and off, as the libraries that people learn from have them.
_FLAG = re.compile(r"training|(return|use|is|with|output|include)_\w+")
#: And of numbers and the like.
_NUMBER = re.compile(r"(num|n)_\w+|(\w+_)?(units|filters|dim|rate|size|activation|name)")
_MASK = re.compile(r"(\w+_)?masks?")
#: Annotations of what is no tensor, as types and as the text of one.
_PLAIN = re.compile(r"(bool|int|float|str)\b")


@dataclass(frozen=True)
class Parameters:
    """The parameters of what is called with tensors, but for ``self``."""

    #: What has them, in words: ``'call' of Net``.
    owner: str
    #: All but ``**kwargs``.
    all: tuple[inspect.Parameter, ...]
    #: Whether there is a ``**kwargs``.
    takes_any: bool
    #: What is called.
    function: Callable[..., Any]

    @classmethod
    def of(cls, function: Callable[..., Any], owner: str) -> Parameters:
        """Those of the function, or of the bound method."""
        every = inspect.signature(function).parameters.values()
        known = tuple(one for one in every if one.kind is not one.VAR_KEYWORD)
        return cls(owner, known, len(known) < len(every), function)

    @classmethod
    def of_layer(cls, layer: keras.Layer) -> Parameters:
        """Those of what is run when the layer is called."""
        # A method or function that was made a layer of has given it its name.
        held: Any = getattr(layer, "owner", layer)
        if held is layer:
            return cls.of(layer.call, f"'call' of {type(layer).__name__}")
        name = repr(layer.name)
        return cls.of(layer.call, name if held is None else f"{name} of {type(held).__name__}")

    @property
    def several(self) -> str | None:
        """The name of ``*args``, if there is one."""
        return next((one.name for one in self.all if one.kind is one.VAR_POSITIONAL), None)

    @property
    def names(self) -> list[str]:
        """Their names, but that of ``*args``."""
        return [one.name for one in self.all if one.name != self.several]

    @property
    def tensors(self) -> list[str]:
        """Those that can be given a tensor by place: Keras gives the others by itself."""
        return [name for name in self.names if name not in CONTEXT]

    @property
    def required(self) -> list[str]:
        """Those without a default."""
        return [
            one.name for one in self.all if one.default is one.empty and one.name != self.several
        ]

    @property
    def possible(self) -> list[str]:
        """Those of `tensors` that aren't plainly flags or texts."""
        return [
            name
            for name in self.tensors
            if not _FLAG.fullmatch(name)
            and not _PLAIN.match(self._annotation(name))
            and not isinstance(self[name].default, bool | str)
        ]

    @property
    def likely(self) -> list[str]:
        """Those of `tensors` that are meant for tensors, by their names, annotations, defaults."""
        return [
            name
            for name in self.tensors
            if not self.is_plain(name) and self[name].default in {inspect.Parameter.empty, None}
        ]

    def __getitem__(self, name: str) -> inspect.Parameter:
        return next(one for one in self.all if one.name == name)

    def is_mask(self, name: str) -> bool:
        """Whether the argument is a mask, which may be left out."""
        return _MASK.fullmatch(name) is not None

    def is_plain(self, name: str) -> bool:
        """Whether the argument is a flag, a number or a text."""
        named = _FLAG.fullmatch(name) or _NUMBER.fullmatch(name)
        return named is not None or _PLAIN.match(self._annotation(name)) is not None

    def literal(self, name: str) -> str:
        """What to write for an argument that is no tensor; dots where that is the author's."""
        if self.is_mask(name):
            return "None"
        kind = _PLAIN.match(self._annotation(name))
        word = kind[0] if kind else "int" if _NUMBER.fullmatch(name) else "bool"
        return {"bool": "False", "str": '"…"'}.get(word, "…")

    def sample(self, name: str) -> Any:
        """A value for an argument that is no tensor, for a run that only looks."""
        return {"False": False, "None": None, '"…"': ""}.get(self.literal(name), 1)

    def _annotation(self, name: str) -> str:
        annotation = self[name].annotation
        if annotation is inspect.Parameter.empty:
            return ""
        text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
        return re.sub(r"^(typing\.)?Optional\[", "", text.strip("'\""))

    def literals(self, calling: Calling, *, of_keras: bool) -> dict[str, Any]:
        """The arguments that are no tensors, by name.

        ``training`` without a default is the mode that is drawn; one with a default is given where
        the author says so, or ``of_keras``, which tells the layers inside of it, whatever the
        parameters are. Raises `Fault` ``build`` for a name that there isn't.
        """
        for name in calling.call:
            if not self.takes(name):
                raise self.unknown(name)
        given = dict(calling.call)
        if calling.training is not None and (of_keras or "training" in self.names):
            given.setdefault("training", calling.training)
        if "training" in self.required:
            given.setdefault("training", False)
        return given

    def takes(self, name: str) -> bool:
        """Whether there is such an argument."""
        return name in self.names or self.takes_any

    def unknown(self, name: str) -> Fault:
        """That there is no such argument, and which there are."""
        near = difflib.get_close_matches(name, self.names)
        there = f"Did you mean {listed(near, 'or')}? " if near else ""
        return Fault(
            "build",
            f"{self.owner} has no argument {name!r}.",
            f"{there}It takes {listed(self.names)}." if self.names else "",
        )

    def place_of(self, name: str) -> int | None:
        """Where the argument stands; ``None`` for one that is given by its name alone."""
        if self[name].kind is inspect.Parameter.KEYWORD_ONLY:
            return None
        return [one.name for one in self.all].index(name)


def listed(names: Collection[str], word: str = "and") -> str:
    """Names in words: ``'a', 'b' and 'c'``."""
    *most, last = map(repr, names)
    return f"{', '.join(most)} {word} {last}" if most else last
