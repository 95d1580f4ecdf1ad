"""HTTP over a real socket, against the server that `make run` starts."""

import json
import socket
import time
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.api.asking import ADDRESS
from tests.api.conftest import Server

JSON = {"Content-Type": "application/json"}


def send(server: Server, method: str, path: str, body: object = None, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named, encode_chunked=hasattr(body, "__next__"))  # type: ignore[arg-type]
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def send_chunks(server: Server, *chunks: bytes) -> tuple[HTTPResponse, bytes]:
    headers = {"Content_Type": "application/json", "Transfer_Encoding": "chunked"}
    return send(server, "POST", ADDRESS, iter(chunks), **headers)


def test_a_chunked_body_is_read_as_any_other(server: Server) -> None:
    response, content = send_chunks(server, b'{"work_', b'queue": true, "ops_tole', b'rance": "none"}')
    _, same = send(server, "GET", f"{ADDRESS}?work_queue=true&ops_tolerance=none")
    assert response.status == 200
    assert content == same


def test_a_page_says_that_it_cannot_read_chunked_answers(server: Server) -> None:
    """Django reads none of them, and the page would answer as if nothing had been said."""
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Transfer_Encoding": "chunked"}
    response, content = send(server, "POST", "/recommendation", iter([b"work_queue=", b"yes"]), **headers)
    assert response.status == 411
    assert b"came without their length" in content


def test_a_chunked_body_cannot_hide_its_size(server: Server) -> None:
    response, content = send_chunks(server, b'{"work_queue": true}', *[b" " * 1024] * 64)
    assert response.status == 413
    assert json.loads(content)["status"] == 413


def test_endless_chunks_are_not_read_to_their_end(server: Server) -> None:
    """The client that goes on sending may see the answer or a closed connection, and never keeps a worker."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        head = f"POST {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        connection.sendall((head + "Transfer-Encoding: chunked\r\n\r\n").encode())
        chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
        seen = b""
        try:
            for _ in range(10):
                connection.sendall(chunk)
            seen = connection.recv(4096)
        except OSError:
            pass
    assert not seen or seen.startswith(b"HTTP/1.1 413")
    assert send(server, "GET", "/api/v1/criteria")[0].status == 200


def test_a_body_that_stops_early_leaves_the_server_well(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        head = f"POST {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        connection.sendall((head + "Content-Length: 500\r\n\r\n{}").encode())
        connection.shutdown(socket.SHUT_WR)
        seen = connection.recv(4096)
    assert not seen or seen.startswith(b"HTTP/1.1 400")
    assert send(server, "GET", "/api/v1/criteria")[0].status == 200


def test_a_declared_length_over_the_limit_is_refused_before_the_body_comes(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        head = f"POST {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        connection.sendall((head + "Content-Length: 10000000\r\n\r\n").encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_bodies_that_do_not_come_leave_others_their_answers(server: Server) -> None:
    head = f"POST {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    with ExitStack() as stack:
        for _ in range(16):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
            connection.sendall((head + "Content-Length: 500\r\n\r\n{").encode())
        time.sleep(0.5)  # so that they are there first
        others = HTTPConnection("127.0.0.1", server.port, timeout=20)
        others.request("GET", "/healthz")
        assert others.getresponse().status == 200
        others.close()


def test_an_empty_body_is_malformed(server: Server) -> None:
    response, content = send(server, "POST", ADDRESS, b"", Content_Type="application/json")
    assert response.status == 400
    assert json.loads(content)["problems"][0]["code"] == "empty_body"


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "base64"])
def test_the_charset_of_a_body_is_not_that_of_the_address(server: Server, charset: str) -> None:
    """Django takes it for both; answers were lost without a word, or the server failed before any view."""
    address = f"{ADDRESS}?work_queue=true&consumer_groups=1%E2%80%933&explain=none"
    response, content = send(server, "GET", address, Content_Type=f"text/plain; charset={charset}")
    assert response.status == 200
    assert json.loads(content)["answers"] == {"work_queue": True, "consumer_groups": {"min": 1, "max": 3}}


def test_head_has_the_headers_of_get_and_no_body(server: Server) -> None:
    got, content = send(server, "GET", "/api/v1/criteria")
    head, nothing = send(server, "HEAD", "/api/v1/criteria")
    assert (head.status, nothing) == (200, b"")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(content))


def test_options_says_what_is_allowed(server: Server) -> None:
    response, content = send(server, "OPTIONS", ADDRESS)
    assert (response.status, content) == (204, b"")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST", "HEAD", "OPTIONS"}
