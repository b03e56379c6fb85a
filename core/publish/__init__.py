"""Publish: an assistant at a public address, for visitors without a sign-in."""

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
    "MOST_DAYS",
    "NAME_LENGTH",
    "NOTICE_LENGTH",
    "Handover",
    "Lead",
    "Look",
    "Publication",
    "contrast",
    "delete_lead",
    "forget_visitors",
    "kept_count",
    "leads",
    "leads_as_csv",
    "logo_from",
    "notice_of",
    "publication",
    "published",
    "routes",
    "save_publication",
]
