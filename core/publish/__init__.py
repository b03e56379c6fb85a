"""Publish: an assistant at a public address, for visitors without a sign-in."""

from core.publish.api.keys import KEY_NAME_LENGTH, SCOPES, ApiKey, create_key, keys_of, revoke_key
from core.publish.api.routes import routes as program_routes
from core.publish.entrance import Entrance, Turned
from core.publish.logo import logo_from
from core.publish.page_html import gone_page, mark_of, stylesheet, usual_notice
from core.publish.publications import (
    MOST_DAYS,
    NAME_LENGTH,
    NOTICE_LENGTH,
    Corner,
    Handover,
    Look,
    Publication,
    Showing,
    publication,
    published,
    save_publication,
)
from core.publish.requests import read_json, read_visitor
from core.publish.routes import in_sentences, page_routes, policy, rest_of, routes, words_for
from core.publish.visitors import Lead, delete_lead, forget_visitors, kept_count, leads, leads_as_csv
from core.publish.widget import snippet
from core.publish.words import Words

__all__ = [
    "KEY_NAME_LENGTH",
    "MOST_DAYS",
    "NAME_LENGTH",
    "NOTICE_LENGTH",
    "SCOPES",
    "ApiKey",
    "Corner",
    "Entrance",
    "Handover",
    "Lead",
    "Look",
    "Publication",
    "Showing",
    "Turned",
    "Words",
    "create_key",
    "delete_lead",
    "forget_visitors",
    "gone_page",
    "in_sentences",
    "kept_count",
    "keys_of",
    "leads",
    "leads_as_csv",
    "logo_from",
    "mark_of",
    "page_routes",
    "policy",
    "program_routes",
    "publication",
    "published",
    "read_json",
    "read_visitor",
    "rest_of",
    "revoke_key",
    "routes",
    "save_publication",
    "snippet",
    "stylesheet",
    "usual_notice",
    "words_for",
]
