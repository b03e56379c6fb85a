"""The child process: reads files that it is handed through a pipe, one after the other. Started by Sandbox only."""

import gc
import os
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO

from core.document_json import document_to_json
from core.errors import LoadError
from core.load.guard import allow_seconds, lock_down, set_limits
from core.load.limits import Reading
from core.load.scans.marker import Apart
from core.load.wire import Message, receive, send, with_attachments

TOO_MUCH_MEMORY = LoadError(
    "This file needs more memory than one file may take.",
    "Split it into smaller files and upload those.",
    code="too_much_memory",
)


def main() -> int:
    """Answer requests until the parent closes the pipe; return the exit status."""
    requests, answers = _take_pipes()
    # Readers make many small objects that all live to the end: looking for garbage among them finds none.
    gc.set_threshold(200_000, 50, 50)
    locked = False
    while True:
        try:
            request, data = receive(requests)
        except EOFError:
            return 0
        try:
            set_limits(request["memory_megabytes"], request["seconds"])
            work = _prepare(request, data, answers)
            if not locked:
                # Not before: the first reader's libraries may write their compiled files while they are imported.
                lock_down()
                locked = True
            header, payload = work()
            send(answers, {"answer": "done"} | header, payload)
        except LoadError as error:
            _send_error(answers, error)
        except MemoryError:
            _send_error(answers, TOO_MUCH_MEMORY)
            return 1
        except BrokenPipeError:
            return 0
        except Exception as error:  # noqa: BLE001  a hostile file can raise anything in a parser; this is the seam
            _send_error(answers, _broken(), type(error).__name__)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the two pipes for ourselves, so that a library that prints or reads cannot disturb the conversation."""
    requests = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
    answers = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    return requests, answers


def _prepare(request: dict[str, Any], data: bytes, answers: BinaryIO) -> Callable[[], Message]:
    """Find and import the reader for these bytes; return the work left to do."""
    if request["task"] == "render":
        return _renderer(request, data)
    if request["task"] == "words":
        from core.load.held_words import held_words

        return lambda: ({}, held_words(data, request["name"], request["megabytes"]).encode())
    from core.load.readers import find_reader

    reading = Reading(request["name"], request["pages"], request["megabytes"], _teller(answers), _time_asker(answers))
    read = find_reader(data, reading)

    def work() -> Message:
        document = read()
        return with_attachments(document_to_json(document), document.attachments)

    return work


def _renderer(request: dict[str, Any], data: bytes) -> Callable[[], Message]:
    boxes = [(box[0], box[1], box[2], box[3]) for box in request["boxes"]]
    if b"%PDF-" not in data[:1024]:
        from core.load.scans import picture

        return lambda: picture.render(data, request["page"], boxes, request["scale"], _pairs(request["apart"]))
    from core.load.pdf import page

    spans = [(span[0], span[1]) for span in request["highlights"]]
    return lambda: page.render(data, request["page"], spans, boxes, request["scale"], _pairs(request["apart"]))


def _pairs(apart: list[Any]) -> list[Apart]:
    return [([(s[0], s[1]) for s in spans], [(b[0], b[1], b[2], b[3]) for b in boxes]) for spans, boxes in apart]


def _time_asker(answers: BinaryIO) -> Callable[[float], None]:
    def ask(seconds: float) -> None:
        allow_seconds(seconds)
        send(answers, {"answer": "time", "seconds": seconds})

    return ask


def _teller(answers: BinaryIO) -> Callable[[str, int, int], None]:
    """Return a progress function that sends at most twenty messages a second, and each new sentence."""
    last, said = 0.0, ""

    def tell(words: str, done: int, total: int) -> None:
        nonlocal last, said
        now = time.monotonic()
        if now - last >= 0.05 or words != said:
            last, said = now, words
            send(answers, {"answer": "progress", "words": words, "done": done, "total": total})

    return tell


def _broken() -> LoadError:
    return LoadError(
        "This file is damaged or not quite what its kind should be, so it could not be read.",
        "Open it in the program it was made with, save it again and upload the new copy.",
        code="broken",
    )


def _send_error(answers: BinaryIO, error: LoadError, reason: str = "") -> None:
    """Tell the parent what to say; ``reason``, an exception's name, is for the log."""
    told = {"what": error.what, "remedy": error.remedy, "code": error.code, "reason": reason}
    send(answers, {"answer": "error"} | told)


if __name__ == "__main__":
    sys.exit(main())
