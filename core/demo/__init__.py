"""The demo kit: a link for a stakeholder, a demo in seven steps, and a page to leave behind."""

from core.demo.asking import ask_in_demo, ask_plainly, has_model
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
from core.demo.price_list import PRICE_LIST, QUESTION, add_price_list, has_price_list
from core.demo.progress import FAST_SECONDS, Asked, Progress, progress_of
from core.demo.report import Report, report_of_link, report_of_run
from core.demo.report_page import report_as_html, report_as_pdf
from core.demo.routes import routes
from core.demo.runs import Run, begin_run, current_run, end_run, note_opened_place, take_file

__all__ = [
    "BANNER_LENGTH",
    "DAYS",
    "FAST_SECONDS",
    "PRICE_LIST",
    "QUESTION",
    "SHORTEST_PASSWORD",
    "Asked",
    "Days",
    "Link",
    "Progress",
    "Report",
    "Run",
    "add_price_list",
    "ask_in_demo",
    "ask_plainly",
    "begin_run",
    "close_link",
    "current_run",
    "delete_link",
    "end_run",
    "forget_demos",
    "has_model",
    "has_price_list",
    "links",
    "make_link",
    "note_opened_place",
    "open_link_again",
    "progress_of",
    "report_as_html",
    "report_as_pdf",
    "report_of_link",
    "report_of_run",
    "routes",
    "take_file",
]
