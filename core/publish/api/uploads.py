"""Files that a program sends, one as the body or some as a form, within the limits of an owner's uploads."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import Message

from core.publish.api.refusals import Refusal
from core.settings import settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

UPLOADS_AT_ONCE = 2  # in memory, in files of the largest size; others wait before their first byte is taken
SILENCE_SECONDS = 60.0  # as long as the owner's own uploads may fall silent: core/operate/uploads.py
MOST_FILES = 50
FORM_BYTES = 64 * 1024  # what a form may have around its files
_MEGABYTE = 1024 * 1024
_NAME = re.compile(r"filename\*=utf-8''([^;\s]+)|filename=\"([^\"]+)\"", re.IGNORECASE)
_turns = asyncio.Semaphore(UPLOADS_AT_ONCE)


async def read_files(request: Request) -> Sequence[tuple[str, bytes]]:
    """Read the files of a request by their names. Raises Refusal: 413 for more than a file's limit, 408 for silence."""
    async with _turns:
        if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            return await _of_form(request)
        return [(_name_of(request), await _whole(request))]


def _limit() -> int:
    return settings().file_megabytes * _MEGABYTE


async def _whole(request: Request) -> bytes:
    parts = []
    async with aclosing(_counted(request, _limit())) as body:
        async for part in body:
            parts.append(part)
    if not any(parts):
        raise Refusal("The file is empty.", "Send its bytes as the body, or as a form.", code="empty")
    return b"".join(parts)


async def _of_form(request: Request) -> list[tuple[str, bytes]]:
    """Read a form: all of its files together may be as large as one file."""
    from starlette.datastructures import UploadFile
    from starlette.formparsers import MultiPartException, MultiPartParser

    body = _counted(request, _limit() + FORM_BYTES)
    parser = MultiPartParser(request.headers, body, max_files=MOST_FILES, max_fields=MOST_FILES)
    try:
        async with aclosing(body):
            form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError):
        raise Refusal("The form could not be read.", f"Send at most {MOST_FILES} files.", code="unreadable") from None
    try:
        files = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
        if not files:
            raise Refusal("There is no file in the form.", "Name a part of it “file”, with a file name.", code="empty")
        return [(part.filename or "", await part.read()) for part in files]
    finally:
        await form.close()


async def _counted(request: Request, most: int) -> "AsyncGenerator[bytes]":
    """Give a body as it comes, as far as it is not too large and does not fall silent. Raises Refusal."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise _too_large()
    came = 0
    more = True
    while more:
        message = await _next_part(request)
        if message["type"] == "http.disconnect":
            raise Refusal("The file broke off on its way.", "Send it again.", code="broken_off", again=True)
        part: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        came += len(part)
        if came > most:
            raise _too_large()
        yield part


async def _next_part(request: Request) -> Message:
    try:
        return await asyncio.wait_for(request.receive(), SILENCE_SECONDS)
    except TimeoutError:
        raise Refusal(
            "The file stopped on its way and was not taken.", "Send it again.", status=408, code="silent", again=True
        ) from None


def _too_large() -> Refusal:
    return Refusal(
        f"This is more than {settings().file_megabytes} MB.",
        "Split it into smaller files, or send them one by one.",
        status=413,
        code="too_large",
    )


def _name_of(request: Request) -> str:
    """Return the name of a file that is sent as the body: ``?name=``, or that of its Content-Disposition."""
    if name := request.query_params.get("name", ""):
        return name
    match = _NAME.search(request.headers.get("content-disposition", ""))
    if match:
        return unquote(match[1]) if match[1] else match[2]
    raise Refusal("The file has no name.", "Add “?name=terms.pdf” to the address.", code="no_file_name")
