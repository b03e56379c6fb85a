"""A real HTTP server that speaks OpenID Connect as a sign-in service does, and can be told to lie."""

import json
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "answerbook", "the-client's-secret"


class FakeIdentity:
    """Vouches for ``email``; ``claims`` go over what it says, ``sign_with`` over how it is signed."""

    def __init__(self) -> None:
        self.email = "owner@example.com"
        self.claims: dict[str, Any] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.sign_with: RSAKey | OctKey = self.key
        self.refuse_code = False
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "FakeIdentity":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def authorize(self, asked: dict[str, str]) -> str:
        """Return where the browser is sent back to, after somebody has signed in."""
        self.asked.append(asked)
        code = f"code-{len(self.asked)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Return the token for a code: once, to the client itself, with the verifier of its challenge."""
        asked = self.codes.pop(form.get("code", ""), None)
        client = b64decode(authorization.removeprefix("Basic ")).decode()
        proof = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if asked is None or self.refuse_code or client.partition(":")[0] != CLIENT or "secret" not in client:
            return None
        if asked["code_challenge_method"] != "S256" or proof != asked["code_challenge"]:
            return None
        moment = int(time.time())
        said = {"iss": self.issuer, "sub": "17", "aud": CLIENT, "iat": moment, "exp": moment + 300}
        said |= {"nonce": asked["nonce"], "email": self.email, "email_verified": True, "name": "Olga", **self.claims}
        kind = "HS256" if isinstance(self.sign_with, OctKey) else "RS256"
        claims = {name: value for name, value in said.items() if value is not None}
        id_token = jwt.encode({"alg": kind, "kid": "one"}, claims, self.sign_with, algorithms=[kind])
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": id_token}


def _handler(identity: FakeIdentity) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", identity.authorize(asked))
                self.end_headers()
            elif parts.path == "/keys":
                self._say({"keys": [identity.key.as_dict(private=False)]})
            else:
                ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                self._say({"issuer": identity.issuer, **{n: f"{identity.issuer}/{end}" for n, end in ends.items()}})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            token = identity.token(form, self.headers.get("Authorization", ""))
            self._say(token or {"error": "invalid_grant"}, 200 if token else 400)

        def _say(self, what: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    return Handler
