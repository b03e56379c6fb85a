"""Publish: an assistant at a public address, for visitors without a sign-in."""

from core.publish.publications import Handover, Look, Publication, publication, published, save_publication
from core.publish.routes import routes

__all__ = ["Handover", "Look", "Publication", "publication", "published", "routes", "save_publication"]
