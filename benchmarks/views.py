"""The time that views take, from 1,000 to 20,000 calls.

Run as ``.venv/bin/python benchmarks/views.py``. NASNetLarge is put after itself again and again.
"""

from __future__ import annotations

import time
from dataclasses import replace


def curve() -> None:
    """Print the seconds that all views take, for residual networks of so many calls."""
    import keras

    from sphinxcontrib_kerasgraph import model_to_graph
    from sphinxcontrib_kerasgraph.graph import CallGraph, Edge, Port
    from sphinxcontrib_kerasgraph.options import DrawOptions
    from sphinxcontrib_kerasgraph.view.views import views

    with keras.StatelessScope(initialize_variables=False):
        graph = model_to_graph(keras.applications.NASNetLarge(weights=None))
    print(f"{'calls':>8}{'seconds':>9}")
    for times in (1, 2, 5, 10, 20):
        calls, edges, last = [], [], None
        for number in range(times):
            mark = f"{number}." if number else ""
            for call in graph.graph.calls:
                calls.append(replace(call, id=mark + call.id, name=mark + call.name))  # noqa: PERF401
            first = mark + graph.graph.calls[0].id
            if last is not None:
                edges.append(Edge(last, Port(first)))
            edges += [
                replace(
                    edge,
                    source=replace(edge.source, call=mark + edge.source.call),
                    target=replace(edge.target, call=mark + edge.target.call),
                )
                for edge in graph.graph.edges
            ]
            last = Port(mark + graph.graph.outputs[0].call)
        inputs = graph.graph.inputs
        large = replace(graph, graph=CallGraph(tuple(calls), tuple(edges), inputs, (last,)))
        start = time.perf_counter()
        views(large, DrawOptions.of(view="overview"))
        print(f"{len(calls):>8,}{time.perf_counter() - start:>9.2f}", flush=True)


if __name__ == "__main__":
    curve()
