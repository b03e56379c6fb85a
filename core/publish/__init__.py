"""Publish: an assistant at a public address, for visitors without a sign-in."""

from core.publish.api.keys import KEY_NAME_LENGTH, SCOPES, ApiKey, create_key, keys_of, revoke_key
from core.publish.api.routes import routes as program_routes
from core.publish.logo import logo_from
from core.publish.page_html import usual_notice
from core.publish.publications import (
    MOST_DAYS,
    NAME_LENGTH,
    NOTICE_LENGTH,
    Corner,
    Handover,
    Look,
    Publication,
    publication,
    published,
    save_publication,
)
from core.publish.routes import routes
from core.publish.visitors import Lead, delete_lead, forget_visitors, kept_count, leads, leads_as_csv
from core.publish.widget import snippet

__all__ = [
    "KEY_NAME_LENGTH",
    "MOST_DAYS",
    "NAME_LENGTH",
    "NOTICE_LENGTH",
    "SCOPES",
    "ApiKey",
    "Corner",
    "Handover",
    "Lead",
    "Look",
    "Publication",
    "create_key",
    "delete_lead",
    "forget_visitors",
    "kept_count",
    "keys_of",
    "leads",
    "leads_as_csv",
    "logo_from",
    "program_routes",
    "publication",
    "published",
    "revoke_key",
    "routes",
    "save_publication",
    "snippet",
    "usual_notice",
]
