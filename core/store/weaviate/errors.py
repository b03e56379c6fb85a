"""What Weaviate, its client and the network raise, as one sentence and one remedy for a person."""

import re
from collections.abc import Iterator

from core.errors import StoreError

_KEY = (
    "anonymous access not enabled",
    "invalid api key",
    "no authentication scheme",
    "unauthenticated",
    "status code: 401",
)
_READ_ONLY = ("store is read-only", "resource pressure", "is marked read-only", "no space left")
_DIMENSION = ("vector lengths", "vector length", "vector dimensions", "new node has a vector")
_NO_COLLECTION = ("could not find class", "class not found", "not present in schema", "collection not found")
_RIGHT = re.compile(r"insufficient permissions to ([a-z_, ]+)")
_AWAY_NAMES = (
    "CancelledError",
    "TimeoutError",
    "WeaviateClosedClientError",
    "WeaviateConnectionError",
    "WeaviateGRPCUnavailableError",
    "WeaviateStartUpError",
    "WeaviateTimeoutError",
    "WeaviateRetryError",
)
_AWAY_TEXTS = (
    "unavailable",
    "deadline exceeded",
    "leader not found",
    "not enough replicas",
    "cannot achieve consistency",
    "connection reset",
    "connection refused",
    "failed to connect",
    "socket closed",
    "connection is closing",
    "rpc error",
    "no replica",
    "shutting down",
    "shut down",
    "broadcast",
    "status code: 502",
    "status code: 503",
    "status code: 504",
)


def store_error(error: BaseException) -> StoreError:
    """Return what happened as a StoreError; one that is already such is returned as it is."""
    if isinstance(error, StoreError):
        return error
    text = text_of(error)
    if "rbac:" in text or "forbidden" in text or "insufficient permissions" in text:
        return _right(text)
    if any(mark in text for mark in _KEY):
        return key_refused()
    if any(mark in text for mark in _READ_ONLY):
        return StoreError(
            "Weaviate takes no new passages: its disk or memory is full, or it was set to read-only.",
            "Free space on its server; saved passages go on answering, and waiting files are read by themselves then.",
            code="read_only",
            passing=True,
        )
    if any(mark in text for mark in _DIMENSION):
        return StoreError(
            "The embedding model returned vectors of another size than this assistant's index holds.",
            "Press Check passages in Settings: it is built again from the kept documents.",
            code="dimension",
        )
    if is_away(error):
        return away()
    if missing_tenant(error) or missing_collection(error):
        return StoreError(
            "Weaviate does not know this assistant's index yet.",
            "It is tried again by itself; nothing is lost.",
            code="missing",
            passing=True,
        )
    return StoreError(
        "Weaviate refused what it was asked.",
        "Press Test connection in Settings; if it happens again, the log says what kind of error it was.",
        code="refused",
    )


def away() -> StoreError:
    """The store does not answer; it may be back any moment."""
    return StoreError(
        "Search is away for the moment: Weaviate does not answer.",
        "Nothing is lost. Try again in a minute; files that wait are read by themselves once it is back.",
        code="away",
        passing=True,
    )


def key_refused() -> StoreError:
    """The server does not take the key, or there is none."""
    return StoreError(
        "Weaviate did not accept the API key.",
        "Set WEAVIATE_API_KEY to a key of this server and start Answerbook again.",
        code="key",
    )


def _right(text: str) -> StoreError:
    named = _RIGHT.search(text)
    what = f" to {named.group(1).strip().replace('_', ' ')}" if named else ""
    return StoreError(
        f"The Weaviate key lacks a right{what}.",
        'Give its role the rights to read, create, update and delete the collections "Answerbook…" with their data '
        "and tenants (docs/hosting.md lists them).",
        code="right",
    )


def is_away(error: BaseException) -> bool:
    """Say whether the server could not be reached or did not answer in time."""
    if isinstance(error, StoreError):
        return error.code == "away"
    for cause in _chain(error):
        if type(cause).__name__ in _AWAY_NAMES or isinstance(cause, ConnectionError):
            return True
        if type(cause).__module__.split(".")[0] in ("httpx", "httpcore"):
            return True
    text = text_of(error)
    return any(mark in text for mark in _AWAY_TEXTS)


def missing_tenant(error: BaseException) -> bool:
    """Say whether it failed because the tenant does not exist, or stands where none can."""
    text = text_of(error)
    marks = ("tenant not found", "tenant_not_found", "multi-tenancy is not enabled", "has multi-tenancy disabled")
    return any(mark in text for mark in marks)


def missing_collection(error: BaseException) -> bool:
    """Say whether it failed because the collection does not exist (or not any more)."""
    text = text_of(error)
    marks = (
        "could not find class",
        "class not found",
        "no such class",
        "not present in schema",
        "collection not found",
    )
    return any(mark in text for mark in marks) or ("status code: 404" in text and "tenants" not in text)


def already_exists(error: BaseException) -> bool:
    """Say whether another process made the collection or tenant first."""
    return "already exists" in text_of(error)


def text_of(error: BaseException) -> str:
    """Return all that an error and its causes say, in lower case, for matching; never shown to anyone."""
    return " | ".join(_description(cause) for cause in _chain(error)).lower()


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _description(error: BaseException) -> str:
    details = getattr(error, "details", None)
    try:
        more = str(details()) if callable(details) else ""
    except Exception:  # noqa: BLE001  a foreign error's own method
        more = ""
    return f"{type(error).__name__} {error} {more}"
