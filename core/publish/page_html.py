"""The visitor's page as HTML, its stylesheet and its script: plain files of ours, filled with what the owner chose."""

import json
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from core.publish.colours import shades
from core.publish.publications import Publication
from core.publish.requests import HISTORY_CHARACTERS, HISTORY_TURNS, QUESTION_CHARACTERS
from core.publish.words import Words, words_in
from core.spending import SCRIPT

_FOLDER = Path(__file__).parent / "page"
# The sentences that the script shows; all others are in the page as it comes.
_SCRIPT_WORDS = (
    *("answered", "bad", "call", "close", "failed", "failed_remedy", "form", "good", "looking", "moment", "near"),
    *("offline", "offline_remedy", "person", "picture", "quoted", "retry", "send", "source", "sources", "stop"),
    *("stopped", "thanks", "under", "why", "you"),
)


@cache
def file_text(name: str) -> str:
    """Return one of the page's files as text."""
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def proof_script() -> str:
    """Return the script that does the work against bots; a page loads it when it is asked for."""
    return SCRIPT.read_text(encoding="utf-8")


def stylesheet(publication: Publication) -> str:
    """Return the page's stylesheet in an owner's colour."""
    colours = "".join(f"--{name}:{value};" for name, value in shades(publication.look.colour).items())
    return f":root{{{colours}}}\n{file_text('page.css')}"


def mark_of(text: str) -> str:
    """Return what a file is known by in its address: another text, another address."""
    return sha256(text.encode()).hexdigest()[:12]


def visitor_page(
    publication: Publication, words: Words, language: str, *, greeting: str, suggested: list[str], frame: bool
) -> str:
    """Return the page of a published assistant; ``frame``: as it stands in the widget."""
    look, handover = publication.look, publication.handover
    name = publication.name
    facts: dict[str, Any] = {
        "base": name,
        "frame": frame,
        "cookie": publication.showing is not None,
        "forget": publication.showing is not None and publication.showing.kept_until is not None,
        "person": handover.offered,
        "proof": f"proof.js?v={mark_of(proof_script())}",
        "turns": HISTORY_TURNS - 10,
        "characters": HISTORY_CHARACTERS * 3 // 4,
        "words": {key: words[key] for key in _SCRIPT_WORDS},
    }
    logo = f'<img class="logo" src="{name}/logo?v={mark_of(look.logo)}" alt="" width="36" height="36">'
    offers = [
        f'<li><button type="button" class="suggestion">{escape(question)}</button></li>' for question in suggested
    ]
    texts = {key: escape(text) for key, text in words.items()}
    return Template(file_text("page.html")).substitute(
        texts,
        language=language,
        title=escape(publication.title),
        facts=escape(json.dumps(facts, ensure_ascii=False)),
        style=f"{name}/page.css?v={mark_of(stylesheet(publication))}",
        script=f"page.js?v={mark_of(file_text('page.js'))}",
        logo=logo if look.logo else "",
        notice=escape(notice_of(publication, words)),
        kept=escape(_kept(publication, words)),
        banner=escape(_banner(publication, words)),
        banner_hidden="" if publication.showing else "hidden",
        greeting=escape(greeting),
        suggestions="".join(offers),
        suggestions_hidden="" if suggested else "hidden",
        frame_hidden="" if frame else "hidden",
        person_hidden="" if handover.offered else "hidden",
        ways=_ways(publication, words),
        most=QUESTION_CHARACTERS,
        kind="framed" if frame else "alone",
    )


def _kept(publication: Publication, words: Words) -> str:
    """Return what becomes of what a visitor asks."""
    showing = publication.showing
    if showing and showing.kept_until:
        return words["kept_demo"].format(date=f"{showing.kept_until:%Y-%m-%d}")
    return words["kept"].format(days=publication.keep_days) if publication.keep_days else words["not_kept"]


def _banner(publication: Publication, words: Words) -> str:
    """Return what stands above a page that is shown for a while: the owner's words, and until when."""
    showing = publication.showing
    if showing is None:
        return ""
    until = words["shown_until"].format(date=f"{showing.until:%Y-%m-%d}")
    return f"{showing.banner or words['demo']} · {until}"


def notice_of(publication: Publication, words: Words) -> str:
    """Return what says that this is an AI: in the owner's words, or in ours; never nothing (EU AI Act, Article 50)."""
    return publication.notice.strip() or usual_notice(publication.look.owner, words)


def usual_notice(owner: str, words: Words | None = None) -> str:
    """Return our own words for it, in English where none are given."""
    words = words or words_in("en")
    return words["notice_of"].format(owner=owner) if owner else words["notice"]


def gone_page(words: Words, language: str) -> str:
    """Return the page for an address where nothing is published."""
    texts = {key: escape(text) for key, text in words.items()}
    style = f"gone.css?v={mark_of(gone_stylesheet())}"
    return Template(file_text("gone.html")).substitute(texts, language=language, style=style)


def gone_stylesheet() -> str:
    """Return the stylesheet of that page: the usual one in the usual colour."""
    colours = "".join(f"--{name}:{value};" for name, value in shades("#1c6b58").items())
    return f":root{{{colours}}}\n{file_text('page.css')}"


def _ways(publication: Publication, words: Words) -> str:
    """Return the ways to a person that the owner offers, as HTML."""
    handover, ways = publication.handover, []
    if handover.mail:
        mail = escape(handover.mail)
        ways.append(f'<p><a class="way" href="mailto:{mail}" target="_top">{escape(words["write"])}: {mail}</a></p>')
    if handover.phone:
        digits = "".join(sign for sign in handover.phone if sign in "+0123456789")
        phone = f"{escape(words['call'])}: {escape(handover.phone)}"
        ways.append(f'<p><a class="way" href="tel:{digits}" target="_top">{phone}</a></p>')
    if handover.form:
        note = escape(words["form_note"].format(days=handover.days))
        texts = {key: escape(text) for key, text in words.items()}
        ways.append(Template(file_text("form.html")).substitute({**texts, "form_note": note}))
    return "".join(ways)
