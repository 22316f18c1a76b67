"""What the server says, and to whom."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from urllib.parse import urlsplit

import pytest

from sphinxcontrib_kerasgraph.faults import Fault
from sphinxcontrib_kerasgraph.serve.board import Board
from sphinxcontrib_kerasgraph.serve.drawn import Drawn
from sphinxcontrib_kerasgraph.serve.page import FILES
from sphinxcontrib_kerasgraph.serve.server import served
from sphinxcontrib_kerasgraph.serve.shown import Shown, Trouble

DRAWN = Drawn("<svg width='1'>é</svg>", "kerasgraph({})", "abc.js", 'Of "a" & b.')


@pytest.fixture
def board():
    return Board()


@pytest.fixture
def server(board):
    with served(board, "pkg.<net>", 0) as address:
        yield urlsplit(address)


def ask(server, path, method="GET", **headers):
    connection = http.client.HTTPConnection(server.hostname, server.port, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()
    finally:
        connection.close()


def test_the_page_has_the_drawing_and_a_strict_policy(server, board):
    board.show(Shown(DRAWN, is_building=False))
    status, headers, text = ask(server, "/?query")
    assert status == 200
    assert "<h1>pkg.&lt;net&gt;</h1>" in text
    assert 'data-src="drawings/abc.js"' in text
    assert 'aria-label="Of &quot;a&quot; &amp; b."' in text
    assert "é</svg>" in text
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "<style" not in text
    assert "style=" not in text
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert ask(server, "/drawings/abc.js")[2] == "kerasgraph({})"


def test_before_there_is_one_the_page_says_so(server):
    assert "Building the model…" in ask(server, "/")[2]


def test_what_is_wrong_is_on_the_page_as_text(server, board):
    board.show(Shown(trouble=Trouble("<b>", "</pre>"), is_building=False))
    text = ask(server, "/")[2]
    assert "&lt;b&gt;" in text
    assert "&lt;/pre&gt;" in text


def test_the_files_of_the_page_are_there_and_no_others(server):
    for name in FILES:
        status, headers, text = ask(server, f"/files/{name}")
        assert status == 200, name
        assert headers["Content-Type"].startswith(("text/javascript", "text/css"))
        assert len(text) > 100
    for path in ("/files/page.py", "/files/../page.py", "/drawings/no.js", "/else", "//x/y"):
        assert ask(server, path)[0] == 404, path
    assert ask(server, "/favicon.ico")[0] == 204


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1.evil.com", "["])
def test_a_page_from_elsewhere_is_told_nothing(server, host):
    for path in ("/", "/events", "/files/live.js"):
        status, _, text = ask(server, path, Host=host)
        assert status == 403
        assert "kerasgraph" not in text


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:8000"])
def test_this_machine_has_several_names(server, host):
    assert ask(server, "/", Host=host)[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_nothing_but_reading_is_allowed(server, method):
    assert ask(server, "/", method)[0] == 501


def test_several_browsers_are_told_what_is_shown_now_and_later(server, board):
    board.show(Shown(DRAWN, is_building=False))
    connections = [
        http.client.HTTPConnection(server.hostname, server.port, timeout=10) for _ in "123"
    ]
    streams = []
    for connection in connections:
        connection.request("GET", "/events")
        streams.append(connection.getresponse())

    def told(stream):
        while not (line := stream.readline()).startswith(b"data: "):
            assert line
        return json.loads(line.removeprefix(b"data: "))

    for stream in streams:
        assert told(stream)["drawing"]["src"] == "drawings/abc.js"
    board.show(Shown(DRAWN, Trouble("wrong", "line\nline"), is_building=False))
    for stream in streams:
        assert told(stream)["trouble"] == {"words": "wrong", "details": "line\nline"}
    for connection, stream in zip(connections, streams, strict=True):
        stream.close()
        connection.close()


def test_the_end_is_not_waited_for_by_browsers_that_listen(board, within):
    def end():
        with served(board, "net", 0) as address:
            at = urlsplit(address)
            connection = http.client.HTTPConnection(at.hostname, at.port, timeout=10)
            connection.request("GET", "/events")
            response = connection.getresponse()
            response.readline()
        response.read()  # what is left, to the end
        response.close()
        connection.close()
        return True

    assert within(5, end)
    assert not [one for one in threading.enumerate() if "serve_forever" in one.name]


def test_only_the_last_drawings_are_kept(board):
    for number in range(20):
        board.show(Shown(Drawn("", "told", f"{number}.js", "")))
    assert [bool(board.script(f"{number}.js")) for number in (0, 11, 12, 19)] == [
        False,
        False,
        True,
        True,
    ]


def test_a_port_that_is_taken_is_told_if_it_was_asked_for(board):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Fault, match="can't be had"), served(board, "n", taken.getsockname()[1]):
            pass
    with (
        pytest.raises(Fault, match=r"can't be had: [^.]*[^.]\. Leave"),
        served(board, "net", 70_000),
    ):
        pass


def test_else_a_free_one_is_chosen(board):
    with served(board, "one") as one, served(Board(), "other") as other:
        assert one != other
