"""A graph held against what the model really does.

Of every layer: it is called as often as the graph says, by the same code, in the same order, with
the same shapes. Of every output, of the model and of each call: where another input, or another
weight, changes its numbers, a way leads there in the graph. What is opaque isn't looked into.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import keras

from reach import Ways, flat, label
from recorder import Experiment, RealCall, differ, is_finite, is_keras
from sphinxcontrib_kerasgraph.graph import Call, CallGraph, CallKind, ModelGraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: How many other numbers are tried before an output is held to be independent of an input.
_TRIES = 4

_CONTAINERS = (
    keras.Model,
    keras.layers.Wrapper,
    keras.layers.StackedRNNCells,
    keras.layers.Lambda,
)
#: Layers whose code calls those inside once for each step.
_LOOPS = (keras.layers.RNN, keras.layers.TimeDistributed)


class Truth:
    """What was found to be otherwise than the graph says."""

    def __init__(
        self,
        model: keras.Model,
        graph: ModelGraph,
        args: Any,
        kwargs: Any,
        sizes: Iterable[str] = (),
    ) -> None:
        """``args`` and ``kwargs`` are arrays; ``sizes`` are classes that take sizes alone."""
        #: What the graph says and isn't so, or what it doesn't say.
        self.faults: list[str] = []
        #: Outputs that don't depend on an input although a way leads there.
        self.dead: list[str] = []
        self._model = model
        self._graph = graph.graph
        self._parameters(model, graph)
        if graph.opaque is not None:
            return
        self._labels = {(layer.name, type(layer).__qualname__) for layer in model._flatten_layers()}
        self._experiment = Experiment(model, args, kwargs)
        self._run = self._experiment.run()
        self._paired: dict[int, list[tuple[str, Call, bool]]] = defaultdict(list)
        #: By the paths that name layers in the graph, the layers, each as one of a class; and the
        #: other way round.
        self._layers: dict[str, tuple[keras.Layer, type]] = {}
        self._names: dict[tuple[keras.Layer, type], str] = {}
        #: By the path of a call.
        self._places: dict[str, keras.Layer] = {}
        top = self._run.top
        if len(top) == 1 and top[0].layer is model:
            top = top[0].inside
        self._compare("", self._graph, top, model, type(model))
        self._ways = Ways(self._graph, self._weights_of, sizes)
        if len(self._run.outputs) != len(self._ways.outputs):
            self._fault("", f"{len(self._ways.outputs)} outputs, not {len(self._run.outputs)}")
            return
        self._look_at_inputs()
        self._look_at_weights()

    def _fault(self, path: str, what: str) -> None:
        self.faults.append(f"{path or 'the model'}: {what}")

    # Parameters.

    def _parameters(self, model: keras.Model, graph: ModelGraph) -> None:
        own = {call.layer: call.parameters.own for _, call in graph.graph.walk()}
        found = sum(own.values()) + graph.parameters.own
        if found != model.count_params():
            self._fault("", f"{found} parameters in its boxes, not {model.count_params()}")

    # Calls.

    def _compare(
        self,
        prefix: str,
        body: CallGraph,
        real: Sequence[RealCall],
        around: keras.Layer,
        cls: type[keras.Layer],
    ) -> None:
        """The calls that a layer's code makes, by that of a class, and what is inside them."""
        is_loop = isinstance(around, _LOOPS) and is_keras(cls)
        drawn = [one for one in flat(body, prefix, is_loop) if one[1].kind != CallKind.INPUT]
        by_label: dict[Any, list[tuple[str, Call, bool]]] = defaultdict(list)
        for one in drawn:
            by_label[self._label_of(label(one[1]))].append(one)
        real_by_label: dict[Any, list[RealCall]] = defaultdict(list)
        for call in real:
            real_by_label[self._label_of(_label(call))].append(call)
        for key in {**by_label, **real_by_label}:
            if _is_recorded(around):
                by_label[key] = self._in_order_of_runs(by_label[key], real_by_label[key])
            self._same_layer(prefix, key, by_label[key], real_by_label[key])
            if _is_recorded(around):  # which of them Keras runs first isn't told
                for call in real_by_label[key]:
                    self._paired[id(call)] = by_label[key]
        certain = [self._label_of(label(call)) for _, call, loop in drawn if not loop]
        if len(certain) == len(drawn) and not _is_recorded(around):
            order = [self._label_of(_label(call)) for call in real]
            if Counter(order) == Counter(certain) and order != certain:
                self._fault(prefix, f"calls {_names(order)}, not {_names(certain)}")

    def _label_of(self, found: tuple[str, str]) -> tuple[str, str]:
        """The label; without the name, if it is none of the model's layers.

        Layers that the code makes when it runs are named anew each time.
        """
        return found if found in self._labels else ("", found[1])

    def _same_layer(
        self,
        prefix: str,
        key: tuple[str, str],
        drawn: list[tuple[str, Call, bool]],
        real: list[RealCall],
    ) -> None:
        """Calls of layers of one name and class: as many, and each pair of them the same."""
        any_times = any(loop for *_, loop in drawn)
        if not any_times and len(drawn) != len(real):
            self._fault(prefix, f"calls {' '.join(key)} {len(real)} times, not {len(drawn)}")
        if any_times and len(real) < sum(not loop for *_, loop in drawn):
            self._fault(prefix, f"calls {' '.join(key)} only {len(real)} times")
        if not drawn:
            return
        for call, one in zip(real, itertools.cycle(drawn) if any_times else drawn, strict=False):
            self._same_call(one, call)

    def _in_order_of_runs(
        self, drawn: list[tuple[str, Call, bool]], real: Sequence[RealCall]
    ) -> list[tuple[str, Call, bool]]:
        """Calls that Keras has recorded, in the order in which it runs them, as shapes tell."""
        left, found = list(drawn), []
        for call in real:
            fitting = [at for at, one in enumerate(left) if _told_right(one[1], call)]
            if left:
                found.append(left.pop(fitting[0] if fitting else 0))
        return [*found, *left]

    def _same_call(self, one: tuple[str, Call, bool], real: RealCall) -> None:
        path, call, _ = one
        self._paired[id(real)].append(one)
        self._places[path] = real.layer
        layer = (real.layer, real.cls)
        known = self._layers.setdefault(call.layer, layer)
        name = self._names.setdefault(layer, call.layer)
        if known != layer or name != call.layer:
            self._fault(path, f"is said to be a call of {call.layer}, but is one of {name}")
        if real.given > len(call.inputs):
            self._fault(path, f"takes {real.given} tensors, not {len(call.inputs)}")
        if not _told_right(call, real):
            made = [(tuple(output.shape), _dtype(output)) for output in real.outputs]
            told = [(tensor.shape, tensor.dtype) for tensor in call.outputs]
            self._fault(path, f"returns {made}, not {told}")
        if call.opaque is not None:
            return
        if call.body is not None:
            self._compare(f"{path}/", call.body, _by_its_code(real), real.layer, real.cls)
        elif real.inside and not _is_leaf(real):
            inside = [_label(inner) for inner in real.inside]
            self._fault(path, f"calls {_names(inside)} inside, of which nothing is drawn")

    # What depends on what.

    def _weights_of(self, path: str, call: Call) -> Iterable[int]:
        """The weights that the box of a call stands for, by their identity."""
        if call.kind == CallKind.WEIGHT:
            return map(id, self._weights_named(path, call))
        layer, _ = self._layers.get(call.layer, (None, None))
        if layer is None or (call.body is not None and call.opaque is None):
            return ()
        return map(id, layer.weights)

    def _weights_named(self, path: str, call: Call) -> list[Any]:
        """The weight that a box is of: of the layer around, or else of any, by name and shape."""
        around = path
        while around and around not in self._places:
            around = around.rpartition("/")[0]
        found = [
            weight
            for weight in self._model.weights
            if f"/{weight.path}".endswith(f"/{call.name}")
            and tuple(weight.shape) == call.outputs[0].shape
        ]
        own = {id(weight) for weight in self._places.get(around, self._model).weights}
        return [weight for weight in found if id(weight) in own] or found

    def _look_at_inputs(self) -> None:
        for at, output in enumerate(self._run.outputs):
            if output is None or output.size == 0 or not is_finite(output):
                self._fault("", f"output {at} is no number, for these inputs")
        again = self._experiment.run()
        for at, (one, other) in enumerate(zip(self._run.outputs, again.outputs, strict=True)):
            if differ(one, other):
                self._fault("", f"output {at} is another in each run")
        for place, at in enumerate(self._order()):
            self._look_at_input(place, at)

    def _order(self) -> list[int]:
        """Where each input of the graph is among those of the experiment."""
        if not isinstance(self._model, keras.Function) or not is_keras(type(self._model)):
            return list(range(len(self._experiment.inputs)))
        places = {id(one): at for at, one in enumerate(keras.tree.flatten(self._model.input))}
        return [places[id(tensor)] for tensor in self._model.inputs]

    def _look_at_input(self, place: int, place_of_numbers: int) -> None:
        waiting = {(-1, at) for at, way in enumerate(self._ways.outputs) if place in way.must}
        for index, real in enumerate(self._run.calls):
            paired = self._paired[id(real)]
            for at, output in enumerate(self._run.values[index]):
                is_certain = len(paired) == 1 and not paired[0][2] and output is not None
                if is_certain and place in self._reached(paired, at, must=True):
                    waiting.add((index, at))
        found: set[tuple[int, int]] = set()
        for _ in range(_TRIES):
            if found and not waiting - found:
                break
            found |= self._changed(
                {place_of_numbers: self._experiment.another_input(place_of_numbers)}
            )
        for index, at in sorted(found):
            if index < 0:
                if place not in self._ways.outputs[at].may:
                    self._fault("", f"output {at} depends on input {place}, to which no way leads")
                continue
            paired = self._paired[id(self._run.calls[index])]
            if paired and place not in self._reached(paired, at):
                self._fault(
                    paired[0][0], f"output {at} depends on input {place}, to which no way leads"
                )
        for index, at in sorted(waiting - found):
            path = "" if index < 0 else self._paired[id(self._run.calls[index])][0][0]
            self.dead.append(f"{path or 'the model'}: output {at} of input {place}")

    def _reached(self, paired: Any, at: int, must: bool = False) -> frozenset[Any]:
        """What an output of a call is reached from, by any of the calls that it may be."""
        ways = [self._ways.calls[path][at : at + 1] for path, *_ in paired]
        return frozenset().union(*(one.must if must else one.may for way in ways for one in way))

    def _changed(self, inputs: dict[int, Any]) -> set[tuple[int, int]]:
        """The outputs that other inputs change: the place of the call, and the output's.

        The place of the model is -1. Calls after one that the other numbers led to aren't known.
        """
        other = self._experiment.run(inputs)
        pairs = zip(self._run.outputs, other.outputs, strict=True)
        found = {(-1, at) for at, (one, two) in enumerate(pairs) if differ(one, two)}
        for index in range(self._run.calls_in_common(other)):
            both = zip(self._run.values[index], other.values[index], strict=True)
            found |= {(index, at) for at, (one, two) in enumerate(both) if differ(one, two)}
        return found

    def _look_at_weights(self) -> None:
        """Whatever no way leads from: all of it at once changes nothing."""
        weights = self._experiment.weights()
        for at, way in enumerate(self._ways.outputs):
            without = [weight for weight in weights if id(weight) not in way.may]
            if guilty := sorted(weight.path for weight in self._guilty(at, without)):
                self._fault("", f"output {at} depends on {guilty}, from which no way leads")

    def _guilty(self, output: int, weights: Sequence[Any]) -> list[Any]:
        """Those of the weights that the output depends on, found by halving."""
        if not weights or not self._depends(output, weights):
            return []
        if len(weights) == 1:
            return list(weights)
        half = len(weights) // 2
        return [
            weight
            for part in (weights[:half], weights[half:])
            for weight in self._guilty(output, part)
        ]

    def _depends(self, output: int, weights: Sequence[Any]) -> bool:
        other = self._experiment.run(other_weights=weights)
        return differ(self._run.outputs[output], other.outputs[output])


def _by_its_code(real: RealCall) -> list[RealCall]:
    """The calls inside; but not those by which an RNN makes its cells' masks for dropout."""
    if isinstance(real.layer, keras.layers.RNN) and is_keras(real.cls):
        return [call for call in real.inside if call.layer is real.layer.cell]
    return real.inside


def _label(call: RealCall) -> tuple[str, str]:
    """By what the layer of a call is known; one as of a base class has the class's name."""
    if call.cls is type(call.layer):
        return call.layer.name, call.cls.__qualname__
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=\w)(?=[A-Z][a-z])", "_", call.cls.__name__)
    return words.lower(), call.cls.__qualname__


def _names(labels: Iterable[tuple[str, str]]) -> str:
    return ", ".join(name for name, _ in labels) or "nothing"


def _dtype(tensor: Any) -> str:
    return keras.backend.standardize_dtype(tensor.dtype)


def _told_right(call: Call, real: RealCall) -> bool:
    """Whether the outputs of a call have the shapes and dtypes that the graph tells."""
    made = [(tuple(output.shape), _dtype(output)) for output in real.outputs]
    told = [(tensor.shape, tensor.dtype) for tensor in call.outputs]
    return len(made) == len(told) and all(map(_fits, told, made))


def _fits(told: tuple[Any, str], made: tuple[Any, str]) -> bool:
    """Whether a tensor of the graph can be the real one; sizes that aren't known may be any."""
    if told[1] != made[1] or len(told[0]) != len(made[0]):
        return False
    pairs = zip(told[0], made[0], strict=True)
    return all(size is None or real is None or size == real for size, real in pairs)


def _is_recorded(layer: keras.Layer) -> bool:
    """Whether the order of the calls is Keras's own, by the depth of each in a graph."""
    return isinstance(layer, keras.Sequential | keras.Function) and is_keras(type(layer))


def _is_leaf(real: RealCall) -> bool:
    """Whether the layer is one of Keras's that calls but Keras's: how it does isn't drawn."""
    is_rnn = real.cls.call is keras.layers.RNN.call
    if isinstance(real.layer, _CONTAINERS) or is_rnn:
        return False
    return all(is_keras(call.cls) for call in real.walk())
