"""How much of uploaded files may wait in memory, and how long the next part of one may take to come."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import DoorError
from core.operate.door import turn_away
from core.settings import settings

_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")
# In files of the largest size: what one page, and all pages together, may leave in memory until it is added.
SESSION_FILES = 5
ALL_FILES = 10
SILENCE_SECONDS = 60.0
_MOST_REFUSALS = 100
_refusals: dict[str, DoorError] = {}  # by session, newest last: the browser shows only the number of the status


def take_refusal(session: str) -> DoorError | None:
    """Return, once, why the last upload of this session that was turned away was."""
    return _refusals.pop(session, None)


def _remember(session: str, error: DoorError) -> None:
    _refusals.pop(session, None)
    _refusals[session] = error
    for oldest in list(_refusals)[:-_MOST_REFUSALS]:
        _refusals.pop(oldest, None)


class UploadLimit:
    """ASGI middleware: an upload that is more than may wait in memory gets 413, one that falls silent 408.

    ``waiting`` returns the bytes that wait in memory by session. Bodies on their way count as they come, or as long as
    they say they are. How long a whole upload takes has no limit: slow lines are normal.
    """

    def __init__(
        self, app: ASGIApp, waiting: Callable[[], Mapping[str, int]], silence_seconds: float = SILENCE_SECONDS
    ) -> None:
        self.app = app
        self._waiting = waiting
        self._silence_seconds = silence_seconds
        self._coming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting an upload's body."""
        upload = _UPLOAD.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if upload is None:
            await self.app(scope, receive, send)
            return
        session, counted, arrived = upload[1], 0, 0

        def count(size: int) -> None:
            """Raise DoorError "uploads" where this upload of ``size`` bytes so far is more than may wait."""
            nonlocal counted
            self._coming[session] += size - counted
            counted = size
            self._judge(session)

        async def counting_receive() -> Message:
            nonlocal arrived
            message = await self._next_part(receive)
            arrived += len(message.get("body", b""))
            if arrived > counted:
                count(arrived)
            return message

        try:
            count(_announced(scope))
            await self.app(scope, counting_receive, send)
        except DoorError as error:
            _remember(session, error)
            await turn_away(error, scope, receive, send)
        finally:
            self._coming[session] -= counted
            self._coming += Counter()  # forget sessions of which nothing is coming

    def _judge(self, session: str) -> None:
        waiting = Counter(self._waiting()) + self._coming
        largest = settings().file_megabytes * 1024 * 1024
        if waiting[session] > SESSION_FILES * largest:
            raise DoorError(
                f"More than {SESSION_FILES * settings().file_megabytes} MB at once: some files were not taken.",
                "Those in the list are kept. Wait until they are there, then add the rest again.",
                code="uploads",
                status=413,
            )
        if waiting.total() > ALL_FILES * largest:
            raise DoorError(
                "Too many files are being added in other windows right now: some of yours were not taken.",
                "Those in the list are kept. Add the rest again in a few minutes.",
                code="uploads",
                status=413,
            )

    async def _next_part(self, receive: Receive) -> Message:
        try:
            return await asyncio.wait_for(receive(), self._silence_seconds)
        except TimeoutError as error:
            raise DoorError(
                "A file stopped on its way and was not taken.",
                "Check the connection and add it again.",
                code="silent",
                status=408,
            ) from error


def _announced(scope: Scope) -> int:
    """Return the length that a request says it has; 0 where it says none, or one that is no number."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0
