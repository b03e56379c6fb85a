"""The gate: who is signed in, what their role may have, and the pages where they sign in."""

from core.gate.gate import COOKIE, Gate, from_an_editor
from core.gate.request import form_token, is_https, is_our_form, with_form_cookie
from core.gate.routes import ROUTES
from core.gate.sheets import form, heading, hidden, link, sheet, trouble
from core.gate.where_from import address_of, say_code

__all__ = [
    "COOKIE",
    "ROUTES",
    "Gate",
    "address_of",
    "form",
    "form_token",
    "from_an_editor",
    "heading",
    "hidden",
    "is_https",
    "is_our_form",
    "link",
    "say_code",
    "sheet",
    "trouble",
    "with_form_cookie",
]
