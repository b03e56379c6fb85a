"""Publish: an assistant at a public address, for visitors without a sign-in."""

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
    "MOST_DAYS",
    "NAME_LENGTH",
    "NOTICE_LENGTH",
    "Corner",
    "Handover",
    "Lead",
    "Look",
    "Publication",
    "delete_lead",
    "forget_visitors",
    "kept_count",
    "leads",
    "leads_as_csv",
    "logo_from",
    "publication",
    "published",
    "routes",
    "save_publication",
    "snippet",
    "usual_notice",
]
