"""Names that are no names, and graphs that have them wherever a name goes. Needs no Keras."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

from make_graphs import TENSOR
from sphinxcontrib_kerasgraph.graph import (
    Call,
    CallGraph,
    CallKind,
    Edge,
    ModelGraph,
    Parameters,
    Port,
    Tensor,
)

#: What would call this in a browser is alive.
ALIVE = "window.alive=1,alert(1)"

#: By what is odd about them.
NAMES = {
    "the node's escape sequence": r"a\Nb",
    "all of Graphviz's escape sequences": r"\G \L \E \T \H",
    "escape sequences of lines": r"one\ntwo\lthree\rfour",
    "a backslash at the end": "back\\",
    "two backslashes at the end": "back\\\\",
    "a backslash before a quote": 'back\\"quote',
    "an entity of HTML": "&lt;b&gt;",
    "a number of a character": "&#60;b&#x3e;",
    "an escaped entity": "&amp;amp;amp;",
    "what is no entity": "&none; & &",
    "quotes": """it's "quoted" `so`""",
    "a tag": "<b>bold</b>",
    "a script": f"<script>{ALIVE}</script>",
    "the end of a script": f"</script><script>{ALIVE}</script>",
    "an image that fails": f"<img src=x onerror={ALIVE}>",
    "an attribute that is code": f'" onload="{ALIVE}" x="',
    "foreign content of SVG": f"<foreignObject><iframe srcdoc='<script>{ALIVE}</script>'/>",
    "the end of SVG": f"</title></svg><svg onload={ALIVE}>",
    "the end of CDATA": "]]>",
    "a comment of HTML": "<!-- a -- b -->",
    "an address that is code": f"javascript:{ALIVE}",
    "a template": "{{ 7*7 }} {% raw %} ${7*7} <%= 7*7 %> %(name)s {0} {name}",
    "markup of reST": "*a* **b** ``c`` |d| `e`_ f_ :ref:`g` [1]_",
    "a directive of reST": ".. raw:: html",
    "DOT": 'a"]; b [label="c',
    "a record of DOT": "{a|b}|<p> c",
    "TeX": r"\input{x} \end{document} $x_1$ #1 %2 ~ ^^M",
    "roff": ".TH x\\fBy\\*(z",
    "Texinfo": "@node{x} @bye",
    "a path up": "../../a//b/./c",
    "a path of Windows": "C:\\new\\table",
    "an ending of a line": "one\ntwo",
    "a tab, a return and a form feed": "tab\tret\rfeed\f",
    "NUL": "nu\0l",
    "escape sequences of terminals": "\x1b[31mred\x1b[0m\x07",
    "controls of C1": "c1\x85b\x9bc\x7fd",
    "separators of lines": "line\u2028and\u2029par",
    "what is no character": "no\ufffechar\uffff",
    "a lone surrogate": "half\ud800a\udfffchar",
    "overrides of direction": "\u202egnp.\u202c\u2066a\u2069",
    "characters without width": "a\u200bb\u200dc\ufeffd",
    "combining marks": "e\u0301 " + "z\u0300\u0301\u0302\u0303",
    "characters beyond the first plane": "\U0001f600 \U0001d51e \U00020bb7",
    "text from right to left": "שלום عالم",
    "several spaces": "a  b   c",
    "a space that isn't broken": "a\xa0b",
    "10,000 characters": "n" * 10_000,
}
#: What a page of LaTeX can't say by pdflatex, whatever it is of: no font of it has these letters.
NOT_LATEX = frozenset(
    {
        "characters without width",
        "combining marks",
        "characters beyond the first plane",
        "text from right to left",
    }
)
_KINDS = [CallKind.DENSE, CallKind.CONVOLUTION, CallKind.ACTIVATION, CallKind.CUSTOM]


def id_of(name: str) -> str:
    """What a layer with that name is known by."""
    return name.replace("/", "_")


def call_named(name: str, at: int = 0) -> Call:
    """A layer with the name wherever one goes."""
    return Call(
        id=id_of(name),
        name=name,
        module=name,
        qualname=name,
        kind=_KINDS[at % len(_KINDS)],
        inputs=(TENSOR,),
        outputs=(Tensor((None, 8), name if at % 5 == 1 else "float32"),),
        layer=id_of(name),
        parameters=Parameters(8, 8, 8),
        activation=name,
        constants=((name, name),),
        config={"name": name, "units": name, name: name, "nested": {name: [name]}},
        output_names=(name,),
        attribute=name,
        opaque=name if at % 7 == 1 else None,
    )


def named(*names: str, model: str = "model") -> ModelGraph:
    """A chain of layers with these names; the last but one is in a block with its name."""
    calls = [replace(call_named(name, at)) for at, name in enumerate(names)]
    last = calls[-1]
    inside = CallGraph(
        (replace(last, opaque=None),),
        (Edge(Port("", 0), Port(last.id, 0), names[-1]),),
        (),
        (Port(last.id, 0),),
    )
    block = replace(last, id=f"{last.id}2", kind=CallKind.CUSTOM, body=inside, opaque=None)
    start = Call("input", "input", "keras", "InputLayer", CallKind.INPUT, (), (TENSOR,), "input")
    calls = [start, *calls, block]
    edges = tuple(
        Edge(Port(one.id, 0), Port(other.id, 0), other.id) for one, other in pairwise(calls)
    )
    graph = CallGraph(tuple(calls), edges, ("input",), (Port(block.id, 0),))
    return ModelGraph(
        model, model, model, "Functional", Parameters(16, 16, 16), len(calls), graph,
        passed_over=(model,),
    )  # fmt: skip


def as_file(graph: ModelGraph) -> str:
    """The graph as a file holds it that ``kerasgraph draw`` writes; hostile as it is."""
    return json.dumps(json.loads(graph.to_json()))
