"""Talking to a real server as a browser, a program or a window would: forms, cookies, Streamlit's websocket."""

import http.client
import re
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_connection
from typing import Protocol
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

HTML = "text/html,application/xhtml+xml"
PASSWORD = "correct horse battery"
OWNER = "owner@example.com"


class Listening(Protocol):
    """A server, however it was started."""

    @property
    def port(self) -> int: ...


class Client:
    """One browser: it keeps cookies, sends the Origin of the page that it is at, and follows no redirect."""

    def __init__(self, server: Listening, host: str = "", scheme: str = "http", **headers: str) -> None:
        self.port = server.port
        self.host = host or f"127.0.0.1:{server.port}"
        self.origin = f"{scheme}://{self.host}"
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.cookies: dict[str, str] = {}
        self.cookie_lines: list[str] = []  # every cookie that was ever given, as it was given

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, str, dict[str, str]]:
        """Return status, body and headers."""
        sent = {"Host": self.host, "Accept": HTML, **self.headers, **(headers or {})}
        if method != "GET":
            sent.setdefault("Origin", self.origin)
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body or None, sent)
            answer = connection.getresponse()
            lines = answer.headers.get_all("Set-Cookie") or []
            self.cookie_lines += lines
            for line in lines:
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value.strip('"')
            return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.headers)
        finally:
            connection.close()

    def send(self, path: str, **fields: str) -> tuple[int, str, dict[str, str]]:
        """Open a page and send its form, as a browser without scripts does."""
        token = re.search(r'name="form" value="([\w-]+)"', self.ask(path)[1])
        body = urlencode({"form": token[1] if token else "", **fields})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask(path, "POST", body.encode(), kind)

    def sign_in(self, email: str = OWNER, password: str = PASSWORD) -> int:
        return self.send("/login", email=email, password=password)[0]

    @contextmanager
    def window(self) -> Iterator["Window"]:
        """Open a window's websocket; raises websockets' InvalidStatus where it is refused."""
        headers = dict(self.headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with connect(
            f"ws://{self.host}/_stcore/stream",
            sock=create_connection(("127.0.0.1", self.port), timeout=60),
            origin=self.origin,  # type: ignore[arg-type]  # websockets' own kind of str
            subprotocols=["streamlit"],  # type: ignore[list-item]  # the same
            additional_headers=headers,
            max_size=None,
            proxy=None,
        ) as socket:
            yield Window(socket)


class Window:
    """An open window of Streamlit's page, as its script speaks with the server."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.session_id = ""
        self.kept: list[WidgetState] = []  # parts that were unfolded stay so
        self.pages: list[str] = []  # the ends of the addresses of all pages
        self.shown: list[str] = []  # the names in the menu
        self.media: list[str] = []  # addresses of media files that were drawn

    def draw(self, page: str = "", widgets: dict[str, bool | str] | None = None) -> str:
        """Draw a page, with buttons pressed and boxes set by their widget ids; returns all that it shows."""
        said = BackMsg()
        said.rerun_script.page_name = page
        said.rerun_script.widget_states.widgets.extend(self.kept)
        for widget, value in (widgets or {}).items():
            state = said.rerun_script.widget_states.widgets.add()
            state.id = widget
            if isinstance(value, bool):
                state.trigger_value = value
            else:
                state.string_value = value
        return self.say(said)

    def press(self, drawn: str, key: str, page: str = "people", **choices: str) -> str:
        """Press a button that was drawn, with boxes set: both by the beginnings of their keys."""
        return self.draw(page, {widget(drawn, key): True, **{widget(drawn, k): v for k, v in choices.items()}})

    def open_part(self, drawn: str, key: str, page: str = "people") -> str:
        """Unfold a part of a page that is drawn when it is opened."""
        said = BackMsg()
        said.rerun_script.page_name = page
        state = said.rerun_script.widget_states.widgets.add()
        state.id, state.bool_value = widget(drawn, key), True
        self.kept = [state]
        return self.say(said)

    def say(self, said: BackMsg) -> str:
        self.socket.send(said.SerializeToString())
        words = []
        while True:
            message = self.hear()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session_id = message.new_session.initialize.session_id
            if kind == "navigation":
                self.pages = [page.url_pathname for page in message.navigation.app_pages]
                self.shown = [page.page_name for page in message.navigation.app_pages if not page.is_hidden]
            if kind == "delta":
                words.append(str(message.delta))
            self.media += re.findall(r"/media/[\w.]+", str(message))
            if kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return "\n".join(words)

    def hear(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(self.socket.recv(timeout=60))
        return message


def widget(drawn: str, key: str) -> str:
    """Return the id of a widget that was drawn, by the beginning of its key."""
    found = re.search(rf'id: "(\$\$[^"]*-{re.escape(key)}[^"]*)"', drawn)
    assert found, f"nothing drawn has the key {key}"
    return found[1]
