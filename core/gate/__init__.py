"""The gate: who is signed in, what their role may have, and the pages where they sign in."""

from core.gate.gate import COOKIE, Gate, from_an_editor
from core.gate.request import is_https
from core.gate.routes import ROUTES
from core.gate.where_from import address_of, say_code

__all__ = ["COOKIE", "ROUTES", "Gate", "address_of", "from_an_editor", "is_https", "say_code"]
