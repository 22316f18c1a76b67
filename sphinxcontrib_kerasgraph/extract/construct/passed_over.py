"""What only loads or changes weights, passed over while the author's code makes a model.

A picture needs no weights: where documentation is built, files of weights are often missing, and
there may be no network. So what would load them does nothing meanwhile, and nothing is downloaded
or trained; and a model whose weights aren't those that its code would have isn't saved.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import sys
import weakref
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

import keras

from sphinxcontrib_kerasgraph.extract.construct.cached_files import CachedFile, is_weights
from sphinxcontrib_kerasgraph.extract.trace.patches import Replacement, replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class PassedOver:
    """What is passed over while one model is made."""

    def __init__(self) -> None:
        self._noted: set[str] = set()
        #: Of these, what the import of the code has asked for.
        self._imported: frozenset[str] | None = None
        self._allocates = True
        #: Files that weren't downloaded.
        self.missing: list[CachedFile] = []
        #: Whether the code wanted to train.
        self.has_trained = False

    @property
    def noted(self) -> tuple[str, ...]:
        """What was passed over for the model, in words, sorted."""
        return tuple(sorted(self._noted))

    @contextlib.contextmanager
    def installed(self) -> Iterator[Self]:
        """Pass over what the code asks for meanwhile."""
        global _now  # noqa: PLW0603 - Keras is the process's, too
        if _now is self:
            yield self
            return
        before, _now = _now, self
        try:
            with replaced((*_in_modules(), *_in_classes())):
                yield self
        finally:
            _now = before

    @contextlib.contextmanager
    def without_weights(self) -> Iterator[None]:
        """Pass over `set_weights`, too: no weights are allocated meanwhile."""
        self._allocates = False
        try:
            yield
        finally:
            self._allocates = True

    def begin(self) -> None:
        """Begin to build the model; once more, forget what was passed over for it before."""
        if self._imported is None:
            self._imported = frozenset(self._noted)
        self._noted = set(self._imported)

    def _note(self, what: str) -> None:
        self._noted.add(what)

    # What is done in the place of a function or method, which is given first

    def load_weights(self, _: Any, model: Any, filepath: Any = "", *__: Any, **___: Any) -> None:
        """Load none."""
        self._note(f"weights of {_name(filepath)}")
        _untrue[id(model)] = model

    def set_weights(self, original: Callable[..., Any], layer: Any, weights: Any) -> None:
        """Set them only where they are allocated."""
        if self._allocates:
            original(layer, weights)
        else:
            self._note("values given to set_weights")

    def get_file(self, original: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
        """Where the file would be, without a download."""
        given = inspect.signature(original).bind(*args, **kwargs).arguments
        if given.get("origin") is None:
            return str(original(*args, **kwargs))  # which raises
        file = CachedFile.of(given)
        if not file.is_there:
            self.missing.append(file)
            what = "weights" if is_weights(file.path) else "the download"
            self._note(f"{what} of {file.name}")
        return file.path

    def application(self, original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A model of `keras.applications`, which would refuse a file of weights that is missing."""
        given = inspect.signature(original).bind_partial(*args, **kwargs)
        weights = given.arguments.get("weights")
        if isinstance(weights, str | os.PathLike) and is_weights(os.fspath(weights)):
            self._note(f"weights of {_name(weights)}")
            given.arguments["weights"] = None
        return original(*given.args, **given.kwargs)

    def fit(self, _: Any, model: Any, x: Any = None, *__: Any, **___: Any) -> Any:
        """Train nothing; the history is empty."""
        self._note("training by fit")
        self._leave_untrained(model, x)
        model.history = keras.callbacks.History()
        model.history.set_model(model)
        return model.history

    def train_on_batch(self, _: Any, model: Any, x: Any = None, *__: Any, **given: Any) -> Any:
        """Train nothing; the loss isn't known."""
        self._note("training by train_on_batch")
        self._leave_untrained(model, x)
        return {} if given.get("return_dict") else float("nan")

    def _leave_untrained(self, model: Any, x: Any) -> None:
        """Build the model as training would."""
        self.has_trained = True
        _untrue[id(model)] = model
        if not model.built:
            with contextlib.suppress(Exception):  # what can't be called has no shapes, either
                model(keras.tree.map_structure(_symbolic, _inputs_of(x)))

    def restore(
        self, original: Callable[..., Any], checkpoint: Any, *args: Any, **named: Any
    ) -> Any:
        """Restore nothing."""
        given = inspect.signature(original).bind(checkpoint, *args, **named).arguments
        if given.get("save_path") is not None:  # the latest checkpoint, where there is none
            self._note(f"weights of {_name(given['save_path'])}")
        return _Restored()

    def save(self, original: Any, model: Any, filepath: Any, *args: Any, **named: Any) -> Any:
        """Save the model, unless that would put other weights into the file."""
        if not _is_untrue(model):
            return original(model, filepath, *args, **named)
        self._note(f"saving {_name(filepath)}")
        return None


#: What the functions and methods that are replaced ask; `None` has them do as ever.
_now: PassedOver | None = None

#: Models whose weights aren't those that their code would have, by identity: some can't be hashed.
_untrue: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()


def _is_untrue(model: Any) -> bool:
    if id(model) in _untrue:
        return True
    return isinstance(model, keras.Model) and any(map(_is_untrue, model.layers))


class _Restored:
    """Stands for the status of a checkpoint that `tf.train.Checkpoint.restore` returns."""

    def _itself(self, *_: Any, **__: Any) -> Self:
        return self

    assert_consumed = assert_existing_objects_matched = assert_nontrivial_match = _itself
    expect_partial = initialize_or_restore = run_restore_ops = _itself


def _name(path: Any) -> str:
    """The name of a file without its folders: it mustn't tell where the model was built."""
    return os.path.basename(str(path).rstrip("/\\")) or "a file"


def _inputs_of(x: Any) -> Any:
    """The inputs among what a model is trained on."""
    spec = getattr(x, "element_spec", x)  # of a tf.data.Dataset
    return spec[0] if spec is not x and isinstance(spec, tuple) else spec


def _symbolic(array: Any) -> keras.KerasTensor:
    dtype = keras.backend.standardize_dtype(array.dtype)
    return keras.KerasTensor((None, *array.shape[1:]), dtype)


# Where functions and methods are replaced


def _stand_in(original: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    """What is called in the place of a function while something is passed over.

    The author's modules keep what they import meanwhile: it does as Keras does afterwards.
    """

    @functools.wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        if _now is None:
            return original(*args, **kwargs)
        return instead(_now, original, *args, **kwargs)

    return function


def _in_classes() -> Iterator[Replacement]:
    methods: list[tuple[Any, str, Callable[..., Any]]] = [
        (keras.Model, "load_weights", PassedOver.load_weights),
        (keras.Layer, "set_weights", PassedOver.set_weights),
        (keras.Model, "fit", PassedOver.fit),
        (keras.Model, "train_on_batch", PassedOver.train_on_batch),
        (keras.Model, "save", PassedOver.save),
        (keras.Model, "save_weights", PassedOver.save),
        (keras.Model, "export", PassedOver.save),
    ]
    tensorflow: Any = sys.modules.get("tensorflow")
    if tensorflow is not None and keras.config.backend() == "tensorflow":
        checkpoint = tensorflow.train.Checkpoint
        methods += [(checkpoint, name, PassedOver.restore) for name in ("restore", "read")]
    for cls, name, instead in methods:
        yield cls, name, functools.partial(_stand_in, instead=instead)


@functools.cache
def _functions() -> dict[str, tuple[Callable[..., Any], Callable[..., Any]]]:
    """Functions of Keras by name, as they are, and what stands in for each."""
    instead: dict[Callable[..., Any], Callable[..., Any]] = {
        keras.utils.get_file: PassedOver.get_file,
        keras.saving.load_weights: PassedOver.load_weights,
        keras.saving.save_model: PassedOver.save,
        keras.saving.save_weights: PassedOver.save,
    }
    applications = inspect.getmembers(keras.applications, inspect.isfunction)
    instead |= {function: PassedOver.application for _, function in applications}
    return {one.__name__: (one, _stand_in(one, method)) for one, method in instead.items()}


#: The names of the modules that were looked at, and what was found there.
_looked_at: set[str] = set()
_found: list[Replacement] = []


def _in_modules() -> Iterator[Replacement]:
    """Where modules have these functions under their names, imported from Keras.

    So have Keras's own, such as `keras.datasets`, and the author's that are there already.
    """
    new = sys.modules.keys() - _looked_at
    _looked_at.update(new)
    functions = _functions()
    for module in map(sys.modules.get, new):
        if not isinstance(module, ModuleType):
            continue
        try:
            held = object.__getattribute__(module, "__dict__")  # nothing is loaded by looking
        except AttributeError:  # what a library has in the place of a module
            continue
        for name in functions.keys() & held.keys():
            original, stand_in = functions[name]
            if held[name] is original:
                _found.append((module, name, _instead(original, stand_in)))
    yield from _found


def _instead(original: Any, stand_in: Any) -> Callable[[Any], Any]:
    """Has what a module held be replaced, if it is still the same."""
    return lambda held: stand_in if held is original else held
