"""The gate's own addresses: sign in and out, make the first owner, take an invitation, one's own account."""

import hmac
from collections.abc import Callable
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.errors import AnswerbookError, DataFolderError
from core.gate.gate import COOKIE
from core.gate.outside import BACK, come_back, start
from core.gate.request import form_token, own_address, read_form, signed_in, signed_out, with_form_cookie
from core.gate.sheets import facts, field, form, heading, hidden, link, sheet, style, trouble
from core.gate.where_from import address_of, comes_from_here, owners_code
from core.people import (
    Invited,
    Person,
    accept_invitation,
    begin_try,
    change_password,
    create_owner,
    forgive_try,
    has_owner,
    invitation,
    open_session,
    service_name,
    sign_in,
    sign_out,
    sign_out_everywhere,
    standing,
)

NEW_PASSWORD = "At least 10 characters. Three or four words that do not belong together are good."
Form = dict[str, str]
# What answers a request: it reads the database, so it runs in a thread. ``sent`` is None where nothing was pressed.
Answer = Callable[[Request, Form | None], Response]


def _route(path: str, answer: Answer) -> Route:
    """Make a route that shows a page by GET and takes its form by POST; nothing is ever changed by a GET."""

    async def endpoint(request: Request) -> Response:
        error, sent = None, None
        if request.method == "POST":
            try:
                sent = await read_form(request)
            except AnswerbookError as refused:
                error = refused
        return await anyio.to_thread.run_sync(_answered, answer, request, sent, error)

    return Route(path, endpoint, methods=["GET", "POST"])


def _answered(answer: Answer, request: Request, sent: Form | None, error: AnswerbookError | None) -> Response:
    request.state.error = error
    try:
        return answer(request, sent)
    except DataFolderError as closed:
        return sheet("Closed", heading("Not just now", "", closed), status=503)


def _page(request: Request, title: str, sections: Callable[[str], list[str]], after: str = "") -> Response:
    """A page with forms: ``sections`` makes them from the value they carry."""
    token, error = form_token(request), request.state.error
    status = 200 if error is None else 429 if error.code == "locked" else 400
    return with_form_cookie(sheet(title, *sections(token), status=status, after=after), request, token)


def _login(request: Request, sent: Form | None) -> Response:
    wanted = own_address((sent or request.query_params).get("next", "/"))
    if not has_owner():
        return RedirectResponse("/welcome", 303)
    if sent is None and standing(request.cookies.get(COOKIE, "")).person:
        return RedirectResponse(wanted, 303)
    if sent is not None:
        try:
            token = sign_in(sent.get("email", ""), sent.get("password", ""), address_of(request.scope))
        except AnswerbookError as error:
            request.state.error = error
        else:
            sign_out(request.cookies.get(COOKIE, ""))
            return signed_in(request, token, wanted)
    return _page(request, "Sign in", lambda token: [_login_card(request, token, sent or {}, wanted)])


def _login_card(request: Request, token: str, sent: Form, wanted: str) -> str:
    fields = (
        hidden("next", wanted),
        field("email", "E-mail", "email", sent.get("email", ""), "username", "", *([] if sent else ["autofocus"])),
        field("password", "Password", "password", "", "current-password", "", *(["autofocus"] if sent else [])),
    )
    card = heading("Sign in", "", request.state.error) + form("/login", token, "Sign in", *fields)
    if name := service_name():
        outside = f"/login/outside?next={quote(wanted, safe='')}" if wanted != "/" else "/login/outside"
        card += f'<p class="or">or</p>{link(outside, f"Sign in with {name}", "button second")}'
    return card


def _logout(request: Request, sent: Form | None) -> Response:
    if sent is not None:
        sign_out(request.cookies.get(COOKIE, ""))
        return signed_out("/login")
    return _page(
        request,
        "Sign out",
        lambda token: [
            heading("Sign out?", "What is saved stays as it is.", request.state.error)
            + form("/logout", token, "Sign out")
        ],
        link("/", "Back to Answerbook"),
    )


def _welcome(request: Request, sent: Form | None) -> Response:
    if has_owner():
        return RedirectResponse("/login", 303)
    here = comes_from_here(request.scope)
    if sent is not None:
        try:
            if not here:
                _judge_code(sent.get("code", ""), address_of(request.scope))
            person = create_owner(sent.get("email", ""), sent.get("name", ""), sent.get("password", ""))
        except DataFolderError:
            raise
        except AnswerbookError as error:
            request.state.error = error
        else:
            return signed_in(request, open_session(person))
    return _page(request, "Welcome", lambda token: [_welcome_card(request, token, sent or {}, here=here)])


def _welcome_card(request: Request, token: str, sent: Form, *, here: bool) -> str:
    code = field(
        "code",
        "Code from the server's log",
        "text",
        sent.get("code", ""),
        "off",
        "It was written there at the start, and shows that this server is yours: ABCD-EFGH.",
    )
    fields = (
        "" if here else code,
        field(
            "email", "Your e-mail", "email", sent.get("email", ""), "username", "You sign in with it; no mail is sent."
        ),
        field("name", "Your name", "text", sent.get("name", ""), "name", "", "optional"),
        field("password", "A password", "password", "", "new-password", NEW_PASSWORD, 'minlength="10"'),
    )
    sentence = "Answerbook has no owner yet. Choose how you sign in; from then on nobody comes in without."
    return heading("Welcome", sentence, request.state.error) + form("/welcome", token, "Become the owner", *fields)


def _judge_code(typed: str, address: str) -> None:
    """Raise AnswerbookError unless this is the code; ten wrong ones lock the address, as passwords do."""
    begin_try(f"first owner from {address}", address)
    plain = "".join(typed.split()).replace("-", "").upper()
    if not hmac.compare_digest(plain.encode(), owners_code().replace("-", "").encode()):
        raise AnswerbookError(
            "This is not the code in the server's log.",
            "Look for the line that says: Answerbook has no owner yet. After ten wrong tries it is locked for 15 "
            "minutes.",
            code="code",
        )
    forgive_try(f"first owner from {address}", address)


def _invite(request: Request, sent: Form | None) -> Response:
    code = request.path_params["code"]
    try:
        invited = invitation(code)
        if sent is not None:
            person = accept_invitation(code, sent.get("email", ""), sent.get("name", ""), sent.get("password", ""))
            sign_out(request.cookies.get(COOKIE, ""))
            return signed_in(request, open_session(person))
    except DataFolderError:
        raise
    except AnswerbookError as error:
        if error.code == "invitation":
            return sheet("Invitation", heading("No invitation", "", error), status=404, after=link("/login", "Sign in"))
        request.state.error = error
    return _page(request, "Invitation", lambda token: [_invite_card(request, token, sent or {}, invited)])


def _invite_card(request: Request, token: str, sent: Form, invited: Invited) -> str:
    fixed = ["readonly"] if invited.email else []
    fields = [
        field("email", "Your e-mail", "email", invited.email or sent.get("email", ""), "username", "", *fixed),
        field("name", "Your name", "text", sent.get("name", ""), "name", "", "optional"),
        field("password", "A password", "password", "", "new-password", NEW_PASSWORD, 'minlength="10"'),
    ]
    title, sentence, button = "You are invited", f"You will be here as: {invited.role}.", "Join"
    if invited.for_password:
        title, sentence, button = "A new password", "It is the one you sign in with from now on.", "Set it"
        del fields[1]
    action = f"/invite/{request.path_params['code']}"
    return heading(title, sentence, request.state.error) + form(action, token, button, *fields)


def _account(request: Request, sent: Form | None) -> Response:
    found = standing(request.cookies.get(COOKIE, ""))
    person = found.person
    if person is None:
        return RedirectResponse("/login", 303)
    done = ""
    if sent is not None:
        try:
            if sent.get("do") == "everywhere":
                sign_out_everywhere(person)
                return signed_out("/login")
            change_password(person, sent.get("old", ""), sent.get("password", ""), found.session_id)
            done = "The password is changed, and every other browser is signed out."
        except DataFolderError:
            raise
        except AnswerbookError as error:
            request.state.error = error
    return _page(
        request,
        "Your account",
        lambda token: _account_cards(request, token, person, done),
        link("/", "Back to Answerbook"),
    )


def _account_cards(request: Request, token: str, person: Person, done: str) -> list[str]:
    about = [("Name", person.name or "not given"), ("E-mail", person.email), ("Here as", str(person.role))]
    said = f'<p role="status">{done}</p>' if done else ""
    password = form(
        "/account",
        token,
        "Change it",
        hidden("email", person.email),
        field("old", "Current password", "password", "", "current-password"),
        field("password", "New password", "password", "", "new-password", NEW_PASSWORD, 'minlength="10"'),
    )
    outside = "<p>You sign in at another service, which keeps your password.</p>"
    change = password if person.has_password else outside
    return [
        heading("Your account") + facts(about) + form("/logout", token, "Sign out", second=True),
        f"<h2>Password</h2>{said}{trouble(request.state.error)}{change}",
        "<h2>Every browser</h2><p>Signs you out here and wherever else you are signed in.</p>"
        + form("/account", token, "Sign out everywhere", hidden("do", "everywhere"), second=True),
    ]


async def _style(_request: Request) -> Response:
    return style()


ROUTES = [
    _route("/login", _login),
    _route("/logout", _logout),
    _route("/welcome", _welcome),
    _route("/invite/{code}", _invite),
    _route("/account", _account),
    Route("/login/outside", start, methods=["GET"]),
    Route(BACK, come_back, methods=["GET"]),
    Route("/sign-in.css", _style),
]
