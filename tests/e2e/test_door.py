"""What a person sees who comes by a proxy that changes the Host: a sentence, not a page that never ends loading."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import SHUT_WR, create_connection, socket

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.server import Server, free_port


@contextmanager
def proxy_that_changes_the_host(server: Server) -> Iterator[int]:
    """As nginx does where nothing is said about Host: it asks under the name of the server behind it. Yields a port."""

    def pass_on(source: socket, target: socket) -> None:
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
            target.shutdown(SHUT_WR)
        except OSError:
            target.close()

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            head = b""
            while b"\r\n\r\n" not in head and (piece := self.request.recv(65536)):
                head += piece
            head = re.sub(rb"(?i)\r\nHost: [^\r]*", b"\r\nHost: 127.0.0.1:%d" % server.port, head)
            if b"upgrade: websocket" not in head.lower():
                head = re.sub(rb"(?i)\r\nConnection: [^\r]*", b"\r\nConnection: close", head)
            with create_connection(("127.0.0.1", server.port)) as behind:
                behind.sendall(head)
                thread = threading.Thread(target=pass_on, args=(self.request, behind), daemon=True)
                thread.start()
                pass_on(behind, self.request)

    class Proxy(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Proxy(("127.0.0.1", 0), Connection) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy.server_address[1]
        proxy.shutdown()


def test_a_proxy_that_changes_the_host_is_said_on_the_page(server: Server, page: Page, screens: Path) -> None:
    with proxy_that_changes_the_host(server) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.get_by_text(f"The browser asked for 127.0.0.1:{port}, but the proxy in front")).to_be_visible()
        expect(page.get_by_text("proxy_set_header Host $http_host")).to_be_visible()
        page.screenshot(path=screens / "door-proxy.png")


REFUSED = """address => new Promise(done => {
    document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
    setTimeout(() => done("allowed"), 5000);
    try { new WebSocket(address).onopen = () => done("open") } catch (error) { done(error.name) }
})"""
INLINE = """() => new Promise(done => {
    document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
    window.stranger = () => done("ran");
    const script = document.createElement("script");
    script.textContent = "window.stranger()";
    document.head.append(script);
})"""


@pytest.mark.slow
def test_every_page_works_and_none_may_reach_another_address_or_run_a_script_put_into_it(
    server: Server, page: Page
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    steps.new_assistant(page, server, "Rome")
    steps.add_files(page, [{"name": "rome.txt", "mimeType": "text/plain", "buffer": b"Rome lies on the Tiber."}])
    steps.expect_ready(page, "rome.txt")
    names = page.get_by_test_id("stSidebarNavLink").all_inner_texts()
    assert len(names) > 3
    for name in names:
        steps.open_page(page, re.escape(name.split("\n")[-1]))
    steps.open_page(page, "Passages")
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    assert complaints == []
    assert page.evaluate(REFUSED, f"ws://127.0.0.1:{free_port()}/_stcore/stream") == "connect-src"
    assert page.evaluate(REFUSED, f"ws://localhost:{server.port}/_stcore/stream") == "connect-src"
    assert page.evaluate(INLINE) == "script-src-elem"
