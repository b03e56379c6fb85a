"""Signing in at the owner's sign-in service (OpenID Connect): code flow with PKCE, state and nonce, token checked."""

import json
import secrets
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

import httpx
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.errors import AnswerbookError, DataFolderError
from core.gate.request import COOKIE, is_https, own_address, signed_in
from core.gate.sheets import heading, link, sheet
from core.log import log_failure
from core.people import Service, open_session, person_from_outside, service, sign_out

STATE_COOKIE: Final = "answerbook_outside"
BACK: Final = "/login/outside/back"
_STATE_SECONDS = 600
_SECONDS = 10.0
_LEEWAY_SECONDS = 60  # how far two clocks may be apart
# Signed with a key pair; never "none", never with a secret that both sides know.
_SIGNED_BY: Final = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
]


def start(request: Request, _sent: dict[str, str] | None = None) -> Response:
    """Send the browser to the service; what must come back with it is in a cookie of its own."""
    try:
        chosen, known = _chosen()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with _client(chosen, request) as client:
            address, _ = client.create_authorization_url(
                known["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
    except AnswerbookError as error:
        return _sorry(error)
    response = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
    wanted = own_address(request.query_params.get("next", "/"))
    kept = quote(json.dumps({"state": state, "nonce": nonce, "verifier": verifier, "next": wanted}))
    response.set_cookie(
        STATE_COOKIE, kept, _STATE_SECONDS, path=BACK, httponly=True, samesite="lax", secure=is_https(request)
    )
    return response


def come_back(request: Request, _sent: dict[str, str] | None = None) -> Response:
    """Take what the service says of somebody who comes back from it, and sign them in if they belong here."""
    try:
        kept = _kept(request)
        chosen, known = _chosen()
        claims = _claims(request, chosen, known, kept)
        person = person_from_outside(
            str(claims["iss"]), str(claims["sub"]), str(claims["email"]), str(claims.get("name") or "")
        )
    except AnswerbookError as error:
        response = _sorry(error)
    else:
        sign_out(request.cookies.get(COOKIE, ""))
        response = signed_in(request, open_session(person, "signed_in_outside"), kept["next"])
    response.delete_cookie(STATE_COOKIE, path=BACK, httponly=True, samesite="lax")
    return response


def _chosen() -> tuple[Service, dict[str, Any]]:
    """Return the service and what it says of itself. Raises AnswerbookError where none is set or it is away."""
    chosen = service()
    if chosen is None:
        raise AnswerbookError("No sign-in service is set.", "Sign in with your password.", code="no_service")
    return chosen, _discovered(chosen.issuer)


@lru_cache(maxsize=4)
def _discovered(issuer: str) -> dict[str, Any]:
    known = _fetched(f"{issuer}/.well-known/openid-configuration")
    if str(known.get("issuer", "")).rstrip("/") != issuer:
        raise _failed("The sign-in service says that it is another one.")
    if not all(str(known.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")):
        raise _failed("The sign-in service does not say all that is needed.")
    return known


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, timeout=_SECONDS)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        log_failure("outside.away", error)
        raise _failed("The sign-in service does not answer as it should.") from None
    return found


def _client(chosen: Service, request: Request) -> Any:
    """Authlib's client for this service: PKCE with S256, back to the address that the browser is at."""
    from authlib.integrations.httpx_client import OAuth2Client

    scheme = "https" if is_https(request) else "http"
    return OAuth2Client(
        chosen.client_id,
        chosen.secret.get_secret_value() or None,
        scope="openid email profile",
        redirect_uri=f"{scheme}://{request.headers['host']}{BACK}",
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if chosen.secret.get_secret_value() else "none",
        timeout=_SECONDS,
    )


def _kept(request: Request) -> dict[str, str]:
    """Return what ``start`` kept in this browser. Raises AnswerbookError unless the state that comes back is that."""
    from urllib.parse import unquote

    try:
        kept = json.loads(unquote(request.cookies.get(STATE_COOKIE, "")))
        same = secrets.compare_digest(kept["state"].encode(), request.query_params.get("state", "").encode())
        found = {name: str(kept[name]) for name in ("nonce", "verifier", "next")}
    except (ValueError, KeyError, TypeError, AttributeError):
        same, found = False, {}
    if not same:
        raise _failed("This sign-in was not begun in this browser, or longer than ten minutes ago.")
    return {**found, "next": own_address(found["next"])}


def _claims(request: Request, chosen: Service, known: dict[str, Any], kept: dict[str, str]) -> dict[str, Any]:
    """Change the code for a token and return what it says. Raises AnswerbookError unless all of it holds."""
    from authlib.common.errors import AuthlibBaseError

    code = request.query_params.get("code", "")
    if not code or request.query_params.get("error"):
        raise _failed("The sign-in service did not let you in.")
    try:
        with _client(chosen, request) as client:
            token = client.fetch_token(known["token_endpoint"], code=code, code_verifier=kept["verifier"])
        claims = _read(str(token.get("id_token", "")), chosen, known, kept["nonce"])
    except (httpx.HTTPError, AuthlibBaseError, ValueError) as error:
        log_failure("outside.refused", error)
        raise _failed("What the sign-in service sent does not hold.") from None
    if claims.get("email_verified") is not True or not claims.get("email"):
        raise AnswerbookError(
            "The sign-in service has not checked that your e-mail is yours.",
            "Confirm your e-mail there, then sign in again.",
            code="unverified",
        )
    return claims


def _read(token: str, chosen: Service, known: dict[str, Any], nonce: str) -> dict[str, Any]:
    """Return an ID token's claims: signed by the service, for us, now, and for this very sign-in. Raises ValueError."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    registry = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": known["issuer"]},
        aud={"essential": True, "value": chosen.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        keys = KeySet.import_key_set(_fetched(known["jwks_uri"]))  # type: ignore[arg-type]  # its own kind of dict
        claims = dict(jwt.decode(token, keys, algorithms=list(_SIGNED_BY)).claims)
        registry.validate(claims)
    except JoseError as error:
        raise ValueError(type(error).__name__) from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != chosen.client_id:
        raise ValueError("azp")
    return claims


def _failed(what: str) -> AnswerbookError:
    return AnswerbookError(
        what, "Try again. If it stays so, sign in with a password or ask your owner.", code="outside"
    )


def _sorry(error: AnswerbookError) -> Response:
    status = 503 if isinstance(error, DataFolderError) else 403
    return sheet("Sign in", heading("Not signed in", "", error), status=status, after=link("/login", "Back to sign in"))
