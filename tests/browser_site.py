"""Sites of explorable diagrams in several themes, and ways to serve them."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: By the names that tests have for them.
THEMES = {
    "furo": "furo",
    "pydata": "pydata_sphinx_theme",
    "book": "sphinx_book_theme",
    "rtd": "sphinx_rtd_theme",
    "alabaster": "alabaster",
}
#: Those that are dark where the reader wants it.
SWITCHING = ("furo", "pydata", "book")

PAGES = {
    "small": """
.. keras-model:: zoo.first.branches
   :caption: Two branches.
""",
    "tall": """
.. keras-model:: keras.applications.VGG16(weights=None)
   :view: full
""",
    "still": """
.. keras-model:: keras.applications.VGG16(weights=None)
   :view: full
   :interactive: no
""",
    "deep": """
.. keras-model:: keras.applications.ResNet50(weights=None)
   :view: full
""",
    "overview": """
.. keras-model:: keras.applications.ResNet50(weights=None)
""",
    "blocks": """
.. keras-model:: zoo.shapes.nested
""",
    "styles": "\n".join(
        f"""
.. keras-model:: zoo.first.branches
   :theme: {theme}
   :view: {view}
   :style: {{"left": {{"kind": "mine", "color": "#b5179e"}}, "right": {{"color": "#5f7a00"}}}}
   :highlight: stem
   :legend:
"""
        for theme in ("default", "keras", "mono", "paper")
        for view in ("full", "overview")
    ),
}
#: Those that a script makes explorable.
EXPLORED = tuple(name for name in PAGES if name not in {"still", "styles"})
#: The strictest policy under which a page of ours works.
POLICY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'",
    "X-Frame-Options": "DENY",
}


@contextmanager
def served(folder: Path, headers: dict[str, str] | None = None) -> Iterator[str]:
    """The address of a server of a folder, which adds headers to what it serves."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_GET(self):
            if self.path == "/favicon.ico":  # which browsers ask for
                self.send_response(204)
                self.end_headers()
            else:
                super().do_GET()

        def end_headers(self):
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            super().end_headers()

    handler = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
