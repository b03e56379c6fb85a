"""Publications: an assistant's public address, and what its owner chose for it. Off until switched on."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, Literal

from sqlmodel import Session, col, select

from core.assistants import assistants
from core.database import Publication as Row
from core.database import now, session, writing
from core.errors import AnswerbookError, NotFound
from core.log import log
from core.publish.colours import DEFAULT_COLOUR, read_colour
from core.publish.origins import read_origin

State = Literal["off", "link"]
Corner = Literal["right", "left"]
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NAME_LENGTH = 60
NOTICE_LENGTH = 300
MOST_ORIGINS = 50
MOST_DAYS = 365
DEFAULT_FORM_DAYS = 30
_MAIL = re.compile(r"[^\s@<>\"',;?&%]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"\+?[\d ()/.-]{3,30}")


@dataclass(frozen=True, slots=True)
class Look:
    """How the visitor's page looks. ``title`` stands at its head (empty: the assistant's name), ``owner`` is who runs
    it, ``colour`` is "#rrggbb", ``logo`` a PNG in base64 or empty, ``position`` the widget's corner."""

    title: str = ""
    owner: str = ""
    colour: str = DEFAULT_COLOUR
    logo: str = ""
    position: Corner = "right"


@dataclass(frozen=True, slots=True)
class Handover:
    """The ways from the assistant to a person; an empty one is not offered. What the form sends is kept ``days``."""

    mail: str = ""
    phone: str = ""
    form: bool = False
    days: int = DEFAULT_FORM_DAYS

    @property
    def offered(self) -> bool:
        """Whether there is any way to a person."""
        return bool(self.mail or self.phone or self.form)


@dataclass(frozen=True, slots=True)
class Showing:
    """What a page says that is shown ``until`` a moment only: the ``banner`` in its owner's words (empty: ours), and
    until when what is asked there is kept for them; None: it is not."""

    banner: str
    until: datetime
    kept_until: datetime | None


@dataclass(frozen=True, slots=True)
class Publication:
    """What an owner chose for the public address of an assistant; see the table of the same name.

    ``assistant`` is its name. ``notice`` is empty where the owner did not word it: the page never goes without one.
    ``showing`` is set where it stands at another address, for a while.
    """

    assistant_id: str
    assistant: str
    name: str
    state: State = "off"
    origins: tuple[str, ...] = ()
    public_sources: tuple[str, ...] = ()
    names_others: bool = True
    look: Look = field(default_factory=Look)
    notice: str = ""
    handover: Handover = field(default_factory=Handover)
    keep_days: int = 0
    updated_at: datetime | None = None
    showing: Showing | None = None

    @property
    def title(self) -> str:
        """What stands at the page's head."""
        return self.look.title or self.assistant


def publication(assistant_id: str) -> Publication:
    """Return what an owner chose, or an assistant's address as it would be, switched off. Raises NotFound."""
    assistant = assistants.profile(assistant_id)
    with session() as db:
        row = db.get(Row, assistant_id)
        if row is not None:
            return _read(row, assistant.name)
        return Publication(assistant_id, assistant.name, _free_name(db, assistant.name))


def published(name: str) -> Publication:
    """Return what is published under a name. Raises NotFound where nothing is, or it is switched off."""
    if not NAME.fullmatch(name):
        raise _not_here()
    with session() as db:
        row = db.exec(select(Row).where(Row.name == name, Row.state == "link")).first()
    if row is None:
        raise _not_here()
    try:
        return _read(row, assistants.profile(row.assistant_id).name)
    except NotFound:
        raise _not_here() from None


def save_publication(assistant_id: str, **changes: Any) -> Publication:
    """Keep what an owner changed: fields of Publication by name; returns it as it is now.

    Raises NotFound, and AnswerbookError in a sentence for what cannot be taken: nothing is changed then.
    """
    before = publication(assistant_id)
    cleaned = {name: _CLEANERS[name](value) for name, value in changes.items()}
    with writing() as db:
        if (wanted := cleaned.get("name")) and _taken(db, wanted, assistant_id):
            raise AnswerbookError(
                f"The address “{wanted}” is taken by another assistant.", "Choose another one.", code="name_taken"
            )
        row = db.get(Row, assistant_id) or Row(assistant_id=assistant_id, name=_free_name(db, before.assistant))
        for name, value in cleaned.items():
            setattr(row, name, value)
        row.updated_at = now()
        db.add(row)
        saved = _read(row, before.assistant)
    log("publication.saved", assistant=assistant_id, state=saved.state, changed=",".join(sorted(changes)))
    return saved


def _not_here() -> NotFound:
    return NotFound("There is no assistant at this address.", "Check the address, or ask who gave it to you.")


def _read(row: Row, assistant: str) -> Publication:
    """Return a row as what it means; what a later Answerbook may have added to its JSON is left out."""
    look, handover = Look(), Handover()
    return Publication(
        assistant_id=row.assistant_id,
        assistant=assistant,
        name=row.name,
        state="link" if row.state == "link" else "off",
        origins=tuple(row.origins),
        public_sources=tuple(row.public_sources),
        names_others=row.names_others,
        look=Look(**{name: row.look.get(name, value) for name, value in asdict(look).items()}),
        notice=row.notice,
        handover=Handover(**{name: row.handover.get(name, value) for name, value in asdict(handover).items()}),
        keep_days=row.keep_days,
        updated_at=row.updated_at,
    )


def _taken(db: Session, name: str, assistant_id: str) -> bool:
    others = select(Row.assistant_id).where(Row.name == name, Row.assistant_id != assistant_id)
    return db.exec(others).first() is not None


def _free_name(db: Session, assistant: str) -> str:
    """Return an address made of an assistant's name that no other one has."""
    plain = unicodedata.normalize("NFKD", assistant).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: NAME_LENGTH - 4].strip("-") or "assistant"
    taken = set(db.exec(select(Row.name).where(col(Row.name).startswith(base))).all())
    names = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)


# --- What an owner typed, checked ------------------------------------------------------------------------------------


def _clean_state(state: str) -> str:
    return "link" if state == "link" else "off"


def _clean_name(name: str) -> str:
    name = name.strip().lower()
    if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        raise AnswerbookError(
            "This cannot be an address.",
            f"Use lower-case letters from a to z, digits and hyphens between them, at most {NAME_LENGTH}.",
            code="bad_name",
        )
    return name


def _clean_origins(origins: Any) -> list[str]:
    cleaned = list(dict.fromkeys(map(read_origin, filter(str.strip, origins))))
    if len(cleaned) > MOST_ORIGINS:
        raise AnswerbookError(f"These are {len(cleaned)} sites.", f"Name at most {MOST_ORIGINS}.", code="many_origins")
    return cleaned


def _one_line(text: str, most: int) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) > most:
        raise AnswerbookError(f"This is {len(line)} characters long.", f"Use at most {most}.", code="too_long")
    return line


def _clean_look(look: Look) -> dict[str, Any]:
    position = "left" if look.position == "left" else "right"
    title, owner = _one_line(look.title, 80), _one_line(look.owner, 80)
    return {**asdict(look), "title": title, "owner": owner, "colour": read_colour(look.colour), "position": position}


def _clean_handover(handover: Handover) -> dict[str, Any]:
    mail, phone = handover.mail.strip(), handover.phone.strip()
    if mail and not _MAIL.fullmatch(mail):
        raise AnswerbookError("This is not an e-mail address.", "Type it as name@example.com.", code="bad_mail")
    if phone and not (_PHONE.fullmatch(phone) and re.search(r"\d\D*\d\D*\d", phone)):
        raise AnswerbookError("This is not a telephone number.", "Type it as +49 30 123456.", code="bad_phone")
    return {"mail": mail, "phone": phone, "form": handover.form, "days": min(max(handover.days, 1), MOST_DAYS)}


_CLEANERS: Mapping[str, Callable[[Any], Any]] = {
    "name": _clean_name,
    "state": _clean_state,
    "origins": _clean_origins,
    "public_sources": lambda ids: list(dict.fromkeys(ids)),
    "names_others": bool,
    "look": _clean_look,
    "notice": lambda text: _one_line(text, NOTICE_LENGTH),
    "handover": _clean_handover,
    "keep_days": lambda days: min(max(int(days), 0), MOST_DAYS),
}
