"""A file that a browser sends by a form, written to the disk as it comes: however large, little lies in memory."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import anyio.to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from core.errors import AnswerbookError
from core.operate import enough_space

FIELD_BYTES = 4_096


async def receive(request: Request, path: Path) -> dict[str, str]:
    """Write the form's field "file" to ``path`` and return the other fields; no file, no ``path``.

    Raises AnswerbookError: it was broken off, is no form, or there is too little space; then ``path`` is gone.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise _broken()
    announced = request.headers.get("content-length", "")
    try:
        await anyio.to_thread.run_sync(enough_space, int(announced) if announced.isdigit() else 0)
        with path.open("xb") as file:
            form = _Form(file)
            parser = MultipartParser(options[b"boundary"], form.callbacks())  # type: ignore[arg-type]  # a TypedDict
            async for piece in request.stream():
                await anyio.to_thread.run_sync(parser.write, piece)
            parser.finalize()
        if not form.ended:
            raise _broken()
        if not form.bytes:
            path.unlink()
        return form.fields
    except (FormParserError, ClientDisconnect) as error:
        path.unlink(missing_ok=True)
        raise _broken() from error
    except OSError as error:
        path.unlink(missing_ok=True)
        raise AnswerbookError(
            "The file could not be kept.", "Free some disk space and try again.", code="disk_full"
        ) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _broken() -> AnswerbookError:
    return AnswerbookError(
        "The file did not arrive whole.", "Check the connection and choose it once more.", code="broken_off"
    )


class _Form:
    """What has come of a form so far: the bytes of its file go on to the disk, the fields are kept."""

    def __init__(self, file: IO[bytes]) -> None:
        self.fields: dict[str, str] = {}
        self.bytes = 0
        self.ended = False
        self._file = file
        self._heads: dict[bytes, bytes] = {}
        self._head = self._value = self._text = b""
        self._name = ""

    def callbacks(self) -> dict[str, Callable[..., Any]]:
        """Return what the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._head_came,
            "on_header_value": self._value_came,
            "on_header_end": self._head_ended,
            "on_headers_finished": self._heads_ended,
            "on_part_data": self._data_came,
            "on_part_end": self._part_ended,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._heads, self._text = {}, b""

    def _head_came(self, data: bytes, start: int, end: int) -> None:
        self._head += data[start:end]

    def _value_came(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _head_ended(self) -> None:
        self._heads[self._head.lower()] = self._value
        self._head = self._value = b""

    def _heads_ended(self) -> None:
        _, options = parse_options_header(self._heads.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")

    def _data_came(self, data: bytes, start: int, end: int) -> None:
        if self._name == "file":
            self.bytes += self._file.write(data[start:end])
        elif len(self._text) + end - start <= FIELD_BYTES:
            self._text += data[start:end]

    def _part_ended(self) -> None:
        if self._name != "file":
            with suppress(UnicodeError):
                self.fields[self._name] = self._text.decode()

    def _end(self) -> None:
        self.ended = True
