"""Keys of model providers at rest: encrypted in the database, under a secret that is kept elsewhere."""

import base64
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from core.errors import AnswerbookError, DataFolderError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

KEY_FILE = "secret.key"
# The salt is part of the program: a database must open on any machine that knows the secret, with an empty disk.
_SALT = b"answerbook provider keys 1"


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts and decrypts short texts. With a ``secret`` its key comes from it, else from a file in the data folder.

    A text encrypted under the file can still be read after a secret was set, as long as the file is there.
    """

    data_folder: Path
    secret: SecretStr = field(default_factory=lambda: SecretStr(""))

    def encrypt(self, text: str) -> str:
        """Return the encrypted text (ASCII, safe in a database column). Raises DataFolderError without a key file."""
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """Return the text of ``encrypt``'s answer. Raises AnswerbookError (code "vault") when it cannot be read."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet().decrypt(token.encode()).decode()
        except (InvalidToken, UnicodeError):
            raise AnswerbookError(
                "The saved key cannot be read any more: the secret it was locked with has changed.",
                "Enter the key again in Settings. Everything else is untouched.",
                code="vault",
            ) from None

    def code(self, purpose: str) -> str:
        """Return eight letters and figures that only who knows the secret can work out: the same in every process.

        Raises DataFolderError without a key file.
        """
        letters = base64.b32encode(hmac.digest(self._keys()[0], purpose.encode(), "sha256")).decode()
        return f"{letters[:4]}-{letters[4:8]}"

    def _fernet(self) -> "MultiFernet":
        from cryptography.fernet import Fernet, MultiFernet

        return MultiFernet([Fernet(key) for key in self._keys()])

    def _keys(self) -> list[bytes]:
        """Return the keys that texts may be locked with, first the one that locks new ones."""
        path = self.data_folder / KEY_FILE
        secret = self.secret.get_secret_value()
        if not secret:
            return [_file_key(path)]
        keys = [_derived_key(secret)]
        with suppress(DataFolderError):
            keys += [_file_key(path)] if path.exists() else []
        return keys


def masked(key: str) -> str:
    """Return a key as it may be shown: "sk-…abcd", its last four characters; a short one not at all."""
    key = key.strip()
    start = "sk-" if key.startswith("sk-") else ""
    return f"{start}…{key[-4:]}" if len(key) >= 16 else "…" if key else ""


@lru_cache(maxsize=8)
def _derived_key(secret: str) -> bytes:
    """Stretch a secret that a person may have chosen into a key; takes about 50 ms, so once per process."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return base64.urlsafe_b64encode(Scrypt(salt=_SALT, length=32, n=2**14, r=8, p=1).derive(secret.encode()))


def _file_key(path: Path) -> bytes:
    """Read the key file, made first if there is none. Raises DataFolderError when it is damaged or out of reach."""
    try:
        if not path.exists():
            _create_key_file(path)
        key = path.read_bytes().strip()
    except OSError:
        raise DataFolderError(
            "The file that locks saved keys cannot be read or written.",
            "Make the data folder writable for this program, and its secret.key readable.",
            code="key_file",
        ) from None
    with suppress(ValueError):
        if len(base64.urlsafe_b64decode(key)) == 32:
            return key
    raise DataFolderError(
        "The file that locks saved keys is damaged.",
        "Bring secret.key back from a backup of the data folder, or remove it and enter your keys again.",
        code="key_file",
    )


def _create_key_file(path: Path) -> None:
    """Make the key file whole or not at all; when another process is first, its file stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            _publish(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _publish(draft: Path, path: Path) -> None:
    """Give the draft its name; a link never replaces a file that is there. Raises FileExistsError."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        # Some disks have no links (memory sticks, network folders): the best that is left.
        if path.exists():
            raise FileExistsError(path) from None
        draft.rename(path)
