"""The demo kit: a link for a stakeholder, a demo in seven steps, and a page to leave behind."""

from core.demo.links import (
    BANNER_LENGTH,
    DAYS,
    SHORTEST_PASSWORD,
    Days,
    Link,
    close_link,
    delete_link,
    forget_demos,
    links,
    make_link,
    open_link_again,
)
from core.demo.routes import routes

__all__ = [
    "BANNER_LENGTH",
    "DAYS",
    "SHORTEST_PASSWORD",
    "Days",
    "Link",
    "close_link",
    "delete_link",
    "forget_demos",
    "links",
    "make_link",
    "open_link_again",
    "routes",
]
