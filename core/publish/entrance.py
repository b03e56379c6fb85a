"""An entrance: a kind of address under which the visitors' page stands, with all that the page asks for."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from core.publish.publications import Publication
from core.schema import Answer

Keep = Callable[[Publication, str, str, Answer], str]


@dataclass(frozen=True, slots=True)
class Entrance:
    """Below ``prefix``, ``find`` says what is published at a request's address, and ``keep`` keeps an answer.

    ``find`` raises NotFound, or Turned. ``keep`` is given the visitor's id, the question and the answer, and returns
    the id by which the visitor may say what they think of it, or "".
    """

    prefix: str
    find: Callable[[Request], Publication]
    keep: Keep


class Turned(Exception):
    """What was asked for is there, but not for this visitor now: they get ``response`` in its place."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response
