"""Publish: an assistant at a public address, for visitors without a sign-in."""

from core.publish.api.keys import KEY_NAME_LENGTH, ApiKey, create_key, keys_of, revoke_key
from core.publish.api.routes import routes as program_routes
from core.publish.colours import contrast
from core.publish.logo import logo_from
from core.publish.page_html import notice_of
from core.publish.publications import (
    MOST_DAYS,
    NAME_LENGTH,
    NOTICE_LENGTH,
    Handover,
    Look,
    Publication,
    publication,
    published,
    save_publication,
)
from core.publish.routes import routes
from core.publish.visitors import Lead, delete_lead, forget_visitors, kept_count, leads, leads_as_csv

__all__ = [
    "KEY_NAME_LENGTH",
    "MOST_DAYS",
    "NAME_LENGTH",
    "NOTICE_LENGTH",
    "ApiKey",
    "Handover",
    "Lead",
    "Look",
    "Publication",
    "contrast",
    "create_key",
    "delete_lead",
    "forget_visitors",
    "kept_count",
    "keys_of",
    "leads",
    "leads_as_csv",
    "logo_from",
    "notice_of",
    "program_routes",
    "publication",
    "published",
    "revoke_key",
    "routes",
    "save_publication",
]
