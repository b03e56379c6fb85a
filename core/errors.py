"""Errors meant for a person: what happened, what is kept, what to do."""


class AnswerbookError(Exception):
    """Something an owner should read.

    ``what`` is one plain sentence saying what happened, ``remedy`` one saying what to do next, ``code`` a short stable
    word for logs, tests and support. Neither sentence ever holds a key, a document's text or a path of this machine.
    """

    def __init__(self, what: str, remedy: str = "", *, code: str = "error") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.code = code

    def __str__(self) -> str:
        """Return both sentences as one line for a person."""
        return f"{self.what} {self.remedy}".strip()


class LoadError(AnswerbookError):
    """A file could not be read: encrypted, empty, scanned, broken, too large, or not what its name says."""


class Cancelled(AnswerbookError):
    """The owner stopped the work; nothing of it was kept."""

    def __init__(self) -> None:
        super().__init__("Stopped.", "Press Retry to read it again.", code="cancelled")


class LeaseLost(Cancelled):
    """Another process has taken this job over; what it does counts, and this one leaves everything alone."""


class StoreError(AnswerbookError):
    """The passage store refused, failed or is away. ``passing`` is True where trying again may help."""

    def __init__(self, what: str, remedy: str = "", *, code: str = "store", passing: bool = False) -> None:
        super().__init__(what, remedy, code=code)
        self.passing = passing


class ModelError(AnswerbookError):
    """A model provider refused, failed or is away. ``passing`` is True where trying again may help."""

    def __init__(self, what: str, remedy: str = "", *, code: str = "model", passing: bool = False) -> None:
        super().__init__(what, remedy, code=code)
        self.passing = passing


OVER_LIMIT = "spending_limit"  # the code of a ModelError: what may be spent does not suffice for another answer


class TooManyQuestions(AnswerbookError):
    """Who asks has asked as often as may be; ``seconds`` from now on it may be tried again."""

    def __init__(self, what: str, remedy: str, *, code: str = "too_many", seconds: int = 60) -> None:
        super().__init__(what, remedy, code=code)
        self.seconds = seconds


class NotFound(AnswerbookError):
    """The thing asked for does not exist in this assistant (or any more)."""


class DataFolderError(AnswerbookError):
    """The data folder or database cannot be used as it is: too new, locked, full, away, damaged or not writable.

    ``passing`` is True where trying again may help.
    """

    def __init__(self, what: str, remedy: str = "", *, code: str = "data_folder", passing: bool = False) -> None:
        super().__init__(what, remedy, code=code)
        self.passing = passing


class DoorError(AnswerbookError):
    """A request is turned away at the front door; ``status`` is the HTTP status that says so."""

    def __init__(self, what: str, remedy: str = "", *, code: str = "door", status: int = 403) -> None:
        super().__init__(what, remedy, code=code)
        self.status = status
