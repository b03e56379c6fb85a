"""What each role may do, and which page and which address belongs to which of it. What is not here is refused."""

from enum import StrEnum

from starlette.routing import compile_path


class Role(StrEnum):
    """What somebody is here for."""

    OWNER = "owner"
    EDITOR = "editor"
    TESTER = "tester"
    VIEWER = "viewer"


class Deed(StrEnum):
    """What may be done, in kinds; the page that offers one asks ``may`` first."""

    COME_IN = "come_in"  # be signed in at all
    ASK = "ask"  # chat, and say whether an answer was right
    BUILD = "build"  # make and change assistants, their sources and how they speak
    RULE = "rule"  # people, model services, and what cannot be undone


ROLE_WORDS = {
    Role.OWNER: "Everything, with people, model services and deletion of assistants.",
    Role.EDITOR: "Makes and changes assistants. No people, no model services, no deletion of assistants.",
    Role.TESTER: "Chats with the assistants and says whether an answer was right.",
    Role.VIEWER: "Sees which assistants there are.",
}
_DEEDS = {
    Role.OWNER: frozenset(Deed),
    Role.EDITOR: frozenset({Deed.COME_IN, Deed.ASK, Deed.BUILD}),
    Role.TESTER: frozenset({Deed.COME_IN, Deed.ASK}),
    Role.VIEWER: frozenset({Deed.COME_IN}),
}
OPEN = None  # for everyone: it holds nothing of the owner's, or has a rule of its own
NOBODY = "nobody"  # not for the owner either: another way in, which Answerbook does not use

# By the last part of a page's address; Home has none.
PAGES = {
    "": Deed.COME_IN,
    "knowledge": Deed.BUILD,
    "passages": Deed.BUILD,
    "search": Deed.BUILD,
    "voice": Deed.BUILD,
    "chat": Deed.ASK,
    "publish": Deed.BUILD,
    "show": Deed.BUILD,
    "settings": Deed.BUILD,
    "people": Deed.RULE,
}
# By the address as the server's routes spell it. A route that is not here needs a session, whatever it is.
ROUTES = {
    **{f"/{page}": deed for page, deed in PAGES.items()},
    "/login": OPEN,
    "/login/outside": OPEN,
    "/login/outside/back": OPEN,
    "/logout": OPEN,
    "/welcome": OPEN,
    "/invite/{code}": OPEN,
    "/sign-in.css": OPEN,
    "/account": Deed.COME_IN,
    "/backup": Deed.RULE,
    "/backup/assistant/{assistant_id}": Deed.BUILD,
    "/restore": Deed.RULE,
    "/restore/{ticket}": Deed.RULE,
    "/assistant-file": Deed.BUILD,
    "/a/{rest:path}": OPEN,
    "/demo/{rest:path}": OPEN,
    "/widget.js": OPEN,
    "/v1/{rest:path}": OPEN,
    "/api/alive": OPEN,
    "/api/ready": OPEN,
    "/api/health": OPEN,
    "/_stcore/health": OPEN,
    "/static/{path:path}": OPEN,  # Streamlit's own scripts and fonts, the same for everyone
    "/_stcore/host-config": Deed.COME_IN,
    "/_stcore/stream": Deed.COME_IN,  # the page itself is judged at each of its runs
    "/_stcore/bidi-components/{path:path}": Deed.COME_IN,
    "/component/{path:path}": Deed.COME_IN,
    "/media/{file_id:path}": Deed.ASK,
    "/_stcore/upload_file/{session_id}/{file_id}": Deed.BUILD,
    "/_stcore/metrics": Deed.RULE,
    "/_stcore/script-health-check": NOBODY,
    "/_stcore/agent/{rest:path}": NOBODY,
    "/app/static/{path:path}": NOBODY,
    "/auth/login": NOBODY,
    "/auth/logout": NOBODY,
    "/oauth2callback": NOBODY,
}


def may(role: Role, deed: Deed | None) -> bool:
    """Say whether a role may do this; what is OPEN everyone may."""
    return deed is OPEN or deed in _DEEDS[role]


_PATTERNS = [(compile_path(route)[0], rule) for route, rule in ROUTES.items()]


def rule_of(path: str) -> Deed | str | None:
    """Return what a path asks for: OPEN, NOBODY or a deed; a path without a rule asks for a session."""
    plain = path.rstrip("/") or "/"
    return next((rule for pattern, rule in _PATTERNS if pattern.fullmatch(plain)), Deed.COME_IN)
