"""The page to leave behind after a demo: as a PDF, or where its letters need it as a web page to print."""

import re

import streamlit as st

from core.demo import Report, report_as_html, report_as_pdf
from pages.parts.words import plain

SHOWN = 10


def draw_report_download(report: Report, name: str) -> None:
    """The button that hands the page out; ``name`` tells it from others on the same page."""
    pdf = report_as_pdf(report)
    file = re.sub(r"[^\w -]", "", report.assistant).strip() or "Demo"
    st.download_button(
        "Page to leave behind" if pdf else "Page to leave behind, to print",
        data=pdf or report_as_html(report),
        file_name=f"{file}.{'pdf' if pdf else 'html'}",
        mime="application/pdf" if pdf else "text/html",
        icon=":material/description:",
        on_click="ignore",
        key=f"report_{name}",
    )
    if pdf is None:
        st.caption("A web page: open it, then print it or save it as PDF. It has letters that the PDF's font does not.")


def draw_report(report: Report, name: str) -> None:
    """What it came to, in short, and the button."""
    st.markdown(
        f"**{report.asked}** asked · **{report.cited}** answered with a source · **{report.refused}** refused · "
        f"{plain(report.cost)}"
    )
    if report.missing:
        st.caption("What is missing: " + plain(" · ".join(report.missing[:SHOWN])))
    draw_report_download(report, name)
