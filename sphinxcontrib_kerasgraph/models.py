"""Where the graphs of models come from: the cache, snapshots, or workers that build the models."""

from __future__ import annotations

import json
import os
import time
import traceback
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sphinxcontrib_kerasgraph import snapshot, wording
from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.fingerprint import Fingerprint
from sphinxcontrib_kerasgraph.graph import ModelGraph
from sphinxcontrib_kerasgraph.option_fields import on_page
from sphinxcontrib_kerasgraph.schema import parsed
from sphinxcontrib_kerasgraph.store import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from pathlib import Path

    from sphinxcontrib_kerasgraph.fingerprint import Contents
    from sphinxcontrib_kerasgraph.store import Store
    from sphinxcontrib_kerasgraph.target import ModelRequest
    from sphinxcontrib_kerasgraph.worker.client import Worker
    from sphinxcontrib_kerasgraph.worker.protocol import Answer
    from sphinxcontrib_kerasgraph.worker.toolchain import Toolchain

#: So many differences from a snapshot are told.
_TOLD = 6

_REFRESH = "Refresh it with 'kerasgraph snapshot', or mend the code."


@dataclass(frozen=True)
class Outcome:
    """A model's graph, or the fault that hinders it, and what it was made from."""

    result: ModelGraph | Fault
    #: ``cache``, ``files``, ``snapshots`` or ``built``.
    origin: str
    fingerprint: Fingerprint
    #: Stands for the graph in keys.
    key: str = ""
    #: In which the model differs from its snapshot.
    drift: Fault | None = None
    #: What the author's code printed.
    output: str = ""


@dataclass(frozen=True)
class Snapshots:
    """The folder of the snapshots."""

    folder: Path
    #: Whether they are drawn, since models can't be built; otherwise models are compared with them.
    are_drawn: bool = False


class Models:
    """The graphs of one batch of models, by the requests for them; each is made once."""

    def __init__(
        self,
        store: Store,
        contents: Contents,
        toolchain: Toolchain,
        start: Callable[[], Worker],
        snapshots: Snapshots | None = None,
    ) -> None:
        self._store = store
        self._contents = contents
        self._toolchain = toolchain
        self._start = start
        self._snapshots = snapshots
        self._worker: Worker | None = None
        self._foreseen: dict[ModelRequest, Outcome] = {}
        self._seconds = 0.0
        self._known: dict[ModelRequest, Outcome] = {}
        self._ahead = 0

    def __getitem__(self, request: ModelRequest) -> Outcome:
        """What was found or built."""
        return self._known[request]

    def __contains__(self, request: ModelRequest) -> bool:
        """Whether it was."""
        return request in self._known

    @property
    def is_ready(self) -> bool:
        """Whether the next one needn't be waited for, or there is none."""
        return self._ahead > 0 or self._worker is None or self._worker.is_ready

    def foresee(self, request: ModelRequest) -> None:
        """Start a worker if this model will have to be built, while other things are done."""
        if request not in self._known and self._worker is None:
            outcome = self._found(request)
            if outcome is None:
                self._worker = self._start()
                self._worker.start()
            else:
                self._foreseen[request] = outcome

    def close(self) -> None:
        """End the worker, if one was started."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def find(
        self, requests: Iterable[ModelRequest]
    ) -> Generator[ModelRequest, None, list[ModelRequest]]:
        """Find the graphs of these; yields each that wasn't known, and returns those to `build`."""
        wanted = [one for one in dict.fromkeys(requests) if one not in self._known]
        missing = []
        self._ahead = len(wanted)
        for request in wanted:
            self._ahead -= 1
            outcome = self._foreseen.get(request) or self._found(request)
            if outcome is None:
                missing.append(request)
            else:
                self._known[request] = outcome
                yield request
        return missing

    def build(self, missing: Iterable[ModelRequest]) -> Iterator[ModelRequest]:
        """Build what `find` hasn't found; yields each when it is there."""
        begin = time.monotonic()
        self._worker = self._worker or self._start()
        try:
            for request, answer, started in self._worker.answers(missing):
                self._known[request] = self._outcome(request, answer, started)
                yield request
        finally:
            self.close()
        self._seconds += time.monotonic() - begin

    def summary(self) -> str:
        """How many models there were, and where they came from; empty if there were none."""
        if not self._known:
            return ""
        counts = Counter(
            "failed" if isinstance(one.result, Fault) else one.origin
            for one in self._known.values()
        )
        words = {
            "cache": f"{counts['cache']} from cache",
            "files": f"{counts['files']} from files",
            "snapshots": f"{counts['snapshots']} from snapshots",
            "built": f"{counts['built']} built in {self._seconds:.1f} s",
            "failed": f"{counts['failed']} failed",
        }
        total = len(self._known)
        said = ", ".join(text for origin, text in words.items() if counts[origin])
        return f"{total} Keras model{'s' * (total > 1)}: {said}"

    def failed(self) -> set[ModelRequest]:
        """The requests that can't be drawn."""
        return {one for one, found in self._known.items() if isinstance(found.result, Fault)}

    # Found without Keras

    def _found(self, request: ModelRequest) -> Outcome | None:
        outcome = self._from_file(request)
        if outcome is not None:
            return outcome
        if self._snapshots is not None and self._snapshots.are_drawn:
            return self._from_snapshot(self._snapshots.folder, request)
        content = self._store.get("graphs", key_of(request, self._toolchain.key))
        if content is None:
            return None
        try:
            data = parsed(content.decode(errors="surrogatepass"))
            fingerprint = Fingerprint.from_data(data["fingerprint"])
            if not fingerprint.holds(self._contents):
                return None
            graph = ModelGraph.from_data(data["graph"])
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None  # another release's
        return self._compared(request, graph, "cache", fingerprint, key_of(content))

    def _from_file(self, request: ModelRequest) -> Outcome | None:
        """What is in a file, if that is what is asked for and nothing has to be built."""
        if not request.target.endswith(".json"):
            return None
        path = os.path.join(self._contents.folder, request.target)
        fingerprint = Fingerprint().with_file(path, self._contents)
        try:
            content = snapshot.content_of(path)
        except FileNotFoundError:
            return None  # of which the worker tells
        except ValueError as error:
            fault = Fault("build", f"{request.target!r} can't be read: {error}.", "Save it again.")
            return Outcome(fault, "files", fingerprint)
        given = [on_page(name) for name in request.to_data() if name != "target"]
        try:
            graph = snapshot.finished(content, request.target, given)
        except Fault as fault:
            return Outcome(fault, "files", fingerprint)
        return None if graph is None else Outcome(graph, "files", fingerprint, key_of(content))

    def _from_snapshot(self, folder: Path, request: ModelRequest) -> Outcome:
        path = folder / snapshot.file_name(request)
        fingerprint = Fingerprint().with_file(str(path), self._contents)
        try:
            content = snapshot.content_of(path)
            graph = snapshot.of_request(content, request)
        except (FileNotFoundError, ValueError) as error:
            why = "it isn't there" if isinstance(error, FileNotFoundError) else str(error)
            fault = Fault(
                "keras",
                f"Keras or its backend is not installed, and the snapshot {path.name} can't be "
                f"read: {why}.",
                "Make it with 'kerasgraph snapshot' where Keras is.",
            )
            return Outcome(fault, "snapshots", fingerprint)
        return Outcome(graph, "snapshots", fingerprint, key_of(content))

    def _compared(
        self,
        request: ModelRequest,
        graph: ModelGraph,
        origin: str,
        fingerprint: Fingerprint,
        key: str,
    ) -> Outcome:
        drift = None
        if self._snapshots is not None:
            path = self._snapshots.folder / snapshot.file_name(request)
            fingerprint = fingerprint.with_file(str(path), self._contents)
            try:
                drift = _drift(path, request, graph)
            except Exception as error:  # noqa: BLE001 - the model can be drawn all the same
                drift = _internal(f"Comparing the model with its snapshot {path.name}", error)
        return Outcome(graph, origin, fingerprint, key, drift)

    # Built

    def _outcome(self, request: ModelRequest, answer: Answer, started: float) -> Outcome:
        try:
            outcome = self._kept(request, answer, started)
        except Exception as error:  # noqa: BLE001 - the answer tells of files, and may tell anything
            fault = _internal(f"Keeping what was built of {request.target!r}", error)
            outcome = Outcome(fault, "built", Fingerprint())
        return replace(outcome, output=answer.output)

    def _kept(self, request: ModelRequest, answer: Answer, started: float) -> Outcome:
        fingerprint = Fingerprint.taken(answer.made_from, self._contents, started)
        if isinstance(answer.result, Fault):
            return Outcome(answer.result, "built", fingerprint)
        kept = json.dumps(fingerprint.to_data(), sort_keys=True)
        text = f'{{"fingerprint": {kept}, "graph": {answer.json}}}'
        content = text.encode(errors="surrogatepass")  # as JSON is read
        self._store.put("graphs", key_of(request, self._toolchain.key), content)
        return self._compared(request, answer.result, "built", fingerprint, key_of(content))


def _internal(what: str, error: Exception) -> Fault:
    return Fault(
        "internal",
        f"{what} raised {type(error).__name__}: {error}.",
        "Please report it, with the traceback that {more} shows.",
        traceback.format_exc(),
    )


def _drift(path: Path, request: ModelRequest, graph: ModelGraph) -> Fault | None:
    """In which the model differs from the snapshot in the file."""
    from sphinxcontrib_kerasgraph.compare import (  # noqa: PLC0415 - few builds compare
        compared,
        in_words,
    )

    try:
        before = snapshot.of_request(snapshot.content_of(path), request)
    except FileNotFoundError:
        message = f"There is no snapshot {path.name}."
        return Fault("drift", message, "Make it with 'kerasgraph snapshot'.")
    except ValueError as error:
        message = f"The snapshot {path.name} can't be read: {error}."
        return Fault("drift", message, "Make it anew with 'kerasgraph snapshot'.")
    with wording.in_english():  # as all warnings are
        said = in_words(compared(before, graph).differences)
    if not said:
        return None
    more = f"; and {len(said) - _TOLD} more" if len(said) > _TOLD else ""
    message = (
        f"The model isn't what its snapshot {path.name} says: {'; '.join(said[:_TOLD])}{more}."
    )
    return Fault("drift", message, _REFRESH, "\n".join(said))
