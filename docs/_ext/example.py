"""``.. example::``, which shows its content twice: as it is written, and as it is built."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from markup import to_myst
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx

_WRITTEN = """
.. only:: html and not epub

   .. tab-set::
      :sync-group: markup

      .. tab-item:: reStructuredText
         :sync: rst

         .. code-block:: rst

{rst}

      .. tab-item:: MyST Markdown
         :sync: myst

         .. code-block:: md

{myst}

.. only:: epub or not html

   .. code-block:: rst

{plain}
"""


class Example(SphinxDirective):
    """What stands on our pages as code is built with them, and so can't be wrong."""

    has_content = True

    def run(self) -> list[Node]:
        text = "\n".join(self.content)
        far = " " * 12
        written = _WRITTEN.format(
            rst=textwrap.indent(text, far),
            myst=textwrap.indent(to_myst(text), far),
            plain=textwrap.indent(text, " " * 6),
        )
        return [*self.parse_text_to_nodes(written), *self.parse_content_to_nodes()]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("example", Example)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
