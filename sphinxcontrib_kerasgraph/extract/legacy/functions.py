"""Functions of tensors that call layers of Keras 2, as models of that."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import tf_keras

from sphinxcontrib_kerasgraph.extract.legacy import history
from sphinxcontrib_kerasgraph.extract.legacy.inputs import symbolic_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: What a function is called with.
Arguments = tuple[tuple[Any, ...], dict[str, Any]]


def legacy_model_of(function: Callable[..., Any], name: str, choices: Iterable[Arguments]) -> Any:
    """What the function makes of the first of these inputs of Keras 2 that it takes, as a model.

    ``None`` where it takes none, or calls no layer of Keras 2: code in TensorFlow alone is no
    model of that only since another module has imported it.
    """
    for args, kwargs in choices:
        with contextlib.suppress(Exception):  # what the function said of Keras 3's tensors is told
            outputs = function(*args, **kwargs)
            if isinstance(outputs, tf_keras.Model):
                return outputs
            model = tf_keras.Model(symbolic_in((args, kwargs)), outputs, name=name)
            if any(map(_is_of_the_author, model.layers)):
                return model
    return None


def _is_of_the_author(layer: Any) -> bool:
    return not isinstance(layer, tf_keras.layers.InputLayer) and not history.is_internal(layer)
