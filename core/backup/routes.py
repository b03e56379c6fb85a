"""Addresses for files that come and go: everything, or one assistant. Plain pages, as a file may be of any size."""

from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import IO, cast
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from core.assistants import assistants
from core.backup import restoring
from core.backup.make import writing_everything
from core.backup.one_assistant import import_assistant, writing_assistant
from core.backup.receive import receive
from core.backup.restore import Held, held, here
from core.database import now
from core.errors import AnswerbookError
from core.gate import (
    COOKIE,
    form,
    form_token,
    heading,
    hidden,
    is_our_form,
    link,
    sheet,
    trouble,
    with_form_cookie,
)
from core.operate import state_of_database
from core.people import noted, standing
from core.text import counted

PIECE = 262_144  # bytes that go out at once
AGAIN_SECONDS = "2"
NOTHING = AnswerbookError("No file was chosen.", "Choose one first.", code="no_file")


# --- Out ------------------------------------------------------------------------------------------------------------


class _Sink:
    """Takes what is written until it is sent on."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        """Keep some bytes."""
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self) -> bytes:
        """Return what was kept, once."""
        body, self.parts, self.size = b"".join(self.parts), [], 0
        return body


def _pieces(write: Callable[[IO[bytes]], Iterator[None]]) -> Iterator[bytes]:
    sink = _Sink()
    for _ in write(cast(IO[bytes], sink)):
        if sink.size >= PIECE:
            yield sink.taken()
    yield sink.taken()


def _sent(pieces: Iterator[bytes], name: str) -> Response:
    """Send a file as it is made. What fails before its first bytes is a page; later the file is cut off, and said so
    by whoever opens it."""
    try:
        first = next(pieces)
    except AnswerbookError as error:
        return sheet("No file", heading("No file", "", error), status=404, after=link("/", "Back to Answerbook"))

    def whole() -> Iterator[bytes]:
        yield first
        yield from pieces

    told = f"attachment; filename=\"answerbook.zip\"; filename*=UTF-8''{quote(name, safe='')}.zip"
    headers = {"Content-Disposition": told, "Cache-Control": "no-store"}
    return StreamingResponse(whole(), media_type="application/zip", headers=headers)


def _everything(request: Request) -> Response:
    _note(request, "backup.made")
    return _sent(_pieces(writing_everything), f"answerbook {now():%Y-%m-%d}")


def _assistant(request: Request) -> Response:
    assistant_id, whole = request.path_params["assistant_id"], request.query_params.get("documents") != "no"
    name = assistants.assistant_names().get(assistant_id, "")
    _note(request, "assistant.exported", name)
    write = partial(writing_assistant, assistant_id=assistant_id, documents=whole)
    return _sent(_pieces(write), f"{name} (assistant)")


def _note(request: Request, deed: str, about: str = "") -> None:
    noted(standing(request.cookies.get(COOKIE, "")).person, deed, about)


# --- In -------------------------------------------------------------------------------------------------------------


async def _received(request: Request) -> tuple[Path, AnswerbookError | None]:
    """Take a file that one of our own pages sent; returns where it lies and why it is of no use, if it is not."""
    path = await anyio.to_thread.run_sync(restoring.new_path)
    try:
        fields = await receive(request, path)
        is_our_form(request, fields)
    except AnswerbookError as error:
        path.unlink(missing_ok=True)
        return path, error
    return path, None if path.exists() else NOTHING


async def _restore(request: Request) -> Response:
    error = None
    if request.method == "POST":
        path, error = await _received(request)
        if error is None:
            try:
                await anyio.to_thread.run_sync(held, path)
                return RedirectResponse(f"/restore/{path.stem}", 303)
            except AnswerbookError as refused:
                path.unlink(missing_ok=True)
                error = refused
    return await anyio.to_thread.run_sync(_restore_page, request, error)


def _restore_page(request: Request, error: AnswerbookError | None) -> Response:
    sentence = "Choose a file that “Download everything” has made. You see what is in it before anything is changed."
    card = heading("Restore from a file", sentence, error)
    cards = [card + _file_form(request, "/restore", "Look at the file")]
    if aside := restoring.set_aside():
        rows = "".join(
            form(f"/restore/{restoring.ASIDE}{path.stem}", form_token(request), f"Look at {path.stem}", second=True)
            for path in aside
        )
        cards.append(f"<h2>Set aside</h2><p>What was here before an earlier restore.</p>{rows}")
    return _page(request, "Restore from a file", cards, error, link("/settings", "Back to Settings"))


def _file_form(request: Request, action: str, button: str) -> str:
    return (
        f'<form method="post" action="{action}" enctype="multipart/form-data">'
        f"{hidden('form', form_token(request))}"
        '<label>File<input type="file" name="file" accept=".zip" required></label>'
        f"<button>{button}</button></form>"
    )


def _page(
    request: Request, title: str, cards: list[str], error: AnswerbookError | None = None, after: str = ""
) -> Response:
    page = sheet(title, *cards, status=400 if error else 200, after=after)
    return with_form_cookie(page, request, form_token(request))


async def _restore_one(request: Request) -> Response:
    error, sent = None, None
    if request.method == "POST":
        sent = {name: str(value) for name, value in (await request.form(max_files=0)).items()}
        try:
            is_our_form(request, sent)
        except AnswerbookError as refused:
            error, sent = refused, None
    return await anyio.to_thread.run_sync(_about_one, request, sent, error)


def _about_one(request: Request, sent: dict[str, str] | None, error: AnswerbookError | None) -> Response:
    ticket = request.path_params["ticket"]
    back = link("/restore", "Choose another file")
    try:
        path = restoring.path_of(ticket)
        if sent is not None and sent.get("do") == "restore":
            person = standing(request.cookies.get(COOKIE, "")).person
            restoring.start(ticket, sent.get("state", ""), lambda: noted(person, "backup.restored"))
            return RedirectResponse(f"/restore/{ticket}", 303)
        if sent is not None:
            restoring.look_anew(ticket)
        if run := restoring.how_it_stands(ticket):
            return _run_page(request, run)
        found = held(path)
    except AnswerbookError as refused:
        return _page(request, "Restore", [heading("Restore", "", refused)], refused, back)
    return _page(request, "Restore this?", [_question(request, ticket, found) + trouble(error)], error, back)


def _question(request: Request, ticket: str, found: Held) -> str:
    """What is in the file, what is here, and what becomes of it."""
    held_words = _in_words(found.counts) or "nothing"
    try:
        counts = here()
        at_stake = _in_words(counts)
        nobody = bool(counts["person"]) and not found.counts["person"]
    except AnswerbookError as error:
        at_stake, nobody = f"a database that cannot be used ({error.what})", False
    made = found.made_at.replace("T", " ").split("+")[0]
    aside = f" Here now: {at_stake}. That is set aside in the folder “backups”, not lost." if at_stake else ""
    sentences = [
        f"Made on {made} (UTC) by Answerbook {found.made_by}. It holds {held_words}.",
        f"It takes the place of everything that is here.{aside}",
        "Passages are made anew in the background; until then an assistant says so. Everyone signs in again.",
        "Saved keys open only where the secret is the same (ANSWERBOOK_SECRET, or secret.key); else enter them again.",
    ]
    if nobody:
        sentences.append("Nobody can sign in by this backup: whoever has the code in the server's log becomes owner.")
    told = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    fields = hidden("do", "restore") + hidden("state", state_of_database())
    return heading("Restore this?") + told + form(f"/restore/{ticket}", form_token(request), "Restore", fields)


def _in_words(counts: dict[str, int]) -> str:
    many = {"person": "people"}
    return ", ".join(counted(count, what, many.get(what, "")) for what, count in counts.items() if count)


def _run_page(request: Request, run: restoring.Run) -> Response:
    home = link("/", "Open Answerbook", "button")
    if run.state == "running":
        card = heading("Restoring…", "This page looks again by itself. You may close it: the work goes on.")
        page = _page(request, "Restoring", [f'<div role="status">{card}</div>'])
        page.headers["Refresh"] = AGAIN_SECONDS
        return page
    if run.error is not None:
        again = link("/restore", "Choose another file")
        return _page(request, "Not restored", [heading("Not restored", "", run.error)], run.error, again)
    told = ["Passages are made anew in the background."]
    if run.aside:
        told.append(f"What was here is kept as {run.aside} in the data folder.")
    if run.unreadable:
        one = run.unreadable == 1
        told.append(
            f"{counted(run.unreadable, 'saved key')} cannot be opened here: enter {'it' if one else 'them'} again in "
            "Settings."
        )
    return _page(request, "Restored", [heading("Restored") + "".join(f"<p>{escape(t)}</p>" for t in told) + home])


async def _import(request: Request) -> Response:
    error, done = None, None
    if request.method == "POST":
        path, error = await _received(request)
        if error is None:
            try:
                done = await anyio.to_thread.run_sync(import_assistant, path)
            except AnswerbookError as refused:
                error = refused
            finally:
                path.unlink(missing_ok=True)
    if done is not None:
        await anyio.to_thread.run_sync(_note, request, "assistant.created", done.name)
        files = (
            f"{counted(done.files, 'file is', 'files are')} being read." if done.files else "It has no documents yet."
        )
        told = "".join(f"<p>{escape(sentence)}</p>" for sentence in (files, *done.refused))
        card = heading(f"“{done.name}” is here") + told + link("/", "Open Answerbook", "button")
        return _page(request, "It is here", [card])
    sentence = "It becomes a new assistant beside the others. Keys, people and limits never come with it."
    card = heading("An assistant from a file", sentence, error) + _file_form(request, "/assistant-file", "Take it in")
    return _page(request, "An assistant from a file", [card], error, link("/", "Back to Answerbook"))


ROUTES = [
    Route("/backup", _everything, methods=["GET"]),
    Route("/backup/assistant/{assistant_id}", _assistant, methods=["GET"]),
    Route("/restore", _restore, methods=["GET", "POST"]),
    Route("/restore/{ticket}", _restore_one, methods=["GET", "POST"]),
    Route("/assistant-file", _import, methods=["GET", "POST"]),
]
