"""Brings what is shown to the browsers of this machine."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.serve.page import FILES, POLICY, page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinxcontrib_kerasgraph.serve.board import Board
    from sphinxcontrib_kerasgraph.serve.shown import Shown

_ADDRESS = "127.0.0.1"
#: The port where nothing is said, so that tabs find the next server; another if it is taken.
_USUAL_PORT = 8417
_PACKAGE = Path(__file__).parent.parent
_TYPES = {".js": "text/javascript", ".css": "text/css"}
#: Names of this machine. A page from elsewhere may have its own name lead here, to read what the
#: server says (DNS rebinding).
_HOSTS = {"127.0.0.1", "localhost", "::1"}
#: So often a browser is told that the server lives, and the server finds out whether it does.
_BEAT_SECONDS = 10
#: So long a browser may take to send or to read; and to come back, in milliseconds.
_STALLED_SECONDS = 30
_COME_BACK = 500


@contextmanager
def served(board: Board, title: str, port: int | None = None) -> Iterator[str]:
    """Serve what the board shows, under the address that is given; a free port if none is asked.

    Raises `Fault` ``option`` if the port can't be had.
    """

    class Handler(_Handler):
        pass

    Handler.board = board
    Handler.title = title
    server = _bound(Handler, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://{_ADDRESS}:{server.server_address[1]}/"
    finally:
        board.close()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingMixIn, TCPServer):
    """Not that of `http.server`, which asks for the name of the machine, maybe a network."""

    daemon_threads = True  # of browsers that don't read: they aren't waited for
    allow_reuse_address = os.name == "posix"  # elsewhere it means that ports are shared

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves is no error."""


def _bound(handler: type[_Handler], port: int | None) -> _Server:
    try:
        return _Server((_ADDRESS, _USUAL_PORT if port is None else port), handler)
    except (OSError, OverflowError) as error:
        if port is None:
            return _Server((_ADDRESS, 0), handler)
        raise Fault(
            "option",
            f"The port {port} can't be had: {str(error).rstrip('.')}.",
            "Leave out {option port}, and a free one is chosen.",
        ) from error


class _Handler(BaseHTTPRequestHandler):
    """Answers one request, in a thread of its own."""

    board: Board
    title: str
    timeout = _STALLED_SECONDS
    server_version = "kerasgraph"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer; other methods are refused by the library."""
        try:
            host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        except ValueError:
            host = None
        folder, _, name = urlsplit(self.path).path.lstrip("/").partition("/")
        if host not in _HOSTS:
            self._send("Only this machine is served.\n", "text/plain", 403)
        elif not folder:
            self._send(page(self.title, self.board.shown), "text/html")
        elif folder == "favicon.ico":  # which browsers ask for
            self._send("", "text/plain", 204)
        elif folder == "events":
            self._send_events()
        elif folder == "files" and name in FILES:
            content = (_PACKAGE / FILES[name] / name).read_text(encoding="utf-8")
            self._send(content, _TYPES[Path(name).suffix])
        elif folder == "drawings" and (script := self.board.script(name)) is not None:
            self._send(script, "text/javascript")
        else:
            self._send("There is nothing here.\n", "text/plain", 404)

    def _send(self, content: str, type_: str, status: int = 200) -> None:
        sent = content.encode(errors="surrogatepass")
        self._begin(status, f"{type_}; charset=utf-8")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def _begin(self, status: int, type_: str) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": type_,
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        }.items():
            self.send_header(name, value)

    def _send_events(self) -> None:
        """What is shown now, and whatever is shown later, until the browser leaves."""
        self._begin(200, "text/event-stream")
        self.end_headers()
        self._write(f"retry: {_COME_BACK}\n\n")
        shown: Shown | None = None
        while not self.board.is_closed:
            found = self.board.other_than(shown, _BEAT_SECONDS)
            self._write(": alive\n\n" if found is None else f"data: {found.to_json()}\n\n")
            shown = found or shown

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing is printed for a request."""
