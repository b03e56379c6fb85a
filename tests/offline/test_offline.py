"""The guard that keeps tests on this machine, tried for real."""

import os
import socket
import subprocess
import sys

import pytest

from tests.offline.sitecustomize import NetworkRefused, attempts

ELSEWHERE = "192.0.2.1"  # an address that documentation may use and nobody has


def test_another_machine_is_refused() -> None:
    with socket.socket() as connection, pytest.raises(NetworkRefused):
        connection.connect((ELSEWHERE, 80))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection, pytest.raises(NetworkRefused):
        connection.sendto(b"hello", (ELSEWHERE, 53))
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("example.com", 443)
    assert len(attempts) == 3
    attempts.clear()


def test_a_child_process_is_refused_too() -> None:
    script = "import socket; socket.create_connection(('example.com', 80), timeout=5)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert "NetworkRefused" in done.stderr


def test_a_name_that_cannot_exist_is_answered_as_the_network_would() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nowhere.invalid", 443)
    assert attempts == []


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("localhost", port), timeout=5) as connection:
            assert connection.getpeername()[1] == port


def test_nothing_of_the_contributor_is_used() -> None:
    assert os.environ["OPENAI_API_KEY"] == ""
    assert "unasked" in os.environ["ANSWERBOOK_DATA"]
