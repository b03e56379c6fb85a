"""A report as a file of one page: a PDF, or a web page to be printed where its letters are not in every PDF reader."""

from html import escape

from core.demo.pdf_page import BOLD, LINE, PLAIN, PdfPage, can_be_written, written_page
from core.demo.report import Line, Report
from core.text import counted

FOOT = "An AI answered from the documents that are named here; check what matters. All numbers were counted."
MOST_MISSING = 8
ANSWER_CHARACTERS, QUESTION_CHARACTERS = 260, 160


def report_as_pdf(report: Report) -> bytes | None:
    """Return one A4 page as PDF; None where it has letters that a PDF's own fonts do not: ``report_as_html`` has them.

    Those are the fonts that every reader has, so the file is small; they know the letters of Western Europe.
    """
    if not can_be_written("".join((*_all_texts(report), FOOT))):
        return None
    return written_page(lambda page: _draw(page, report))


def _draw(page: PdfPage, report: Report) -> None:
    page.text(f"What {report.assistant} could answer", BOLD, 20, most=2)
    day = f"{report.day.day} {report.day:%B %Y}"
    page.text(f"{report.about} · {day}" if report.about else day, PLAIN, 10, grey=True, after=14)
    page.row(_numbers(report))
    page.text("Asked and answered", BOLD, 13, after=6)
    missing = report.missing[:MOST_MISSING]
    # What is missing has its room first: it is what the next meeting is about.
    room = (2.2 + 1.3 * (len(missing) + (len(report.missing) > MOST_MISSING))) * LINE + 12
    shown = 0
    for line in report.answered:
        if page.left - _height(page, line) < room + LINE:
            break
        _draw_line(page, line)
        shown += 1
    if not report.answered:
        page.text("No question was answered from the documents.", PLAIN, 10, grey=True, after=8)
    elif more := len(report.answered) - shown:
        page.text(f"and {counted(more, 'answer')} more", PLAIN, 10, grey=True, after=8)
    page.text("What is missing", BOLD, 13, before=6, after=6)
    for question in missing:
        page.text(f"• {_short(question, QUESTION_CHARACTERS)}", PLAIN, 10, most=1, after=2)
    if more := len(report.missing) - len(missing):
        page.text(f"and {counted(more, 'question')} more that found nothing", PLAIN, 10, grey=True)
    if not missing:
        page.text("Every question found something.", PLAIN, 10, grey=True)
    page.foot(FOOT)


def report_as_html(report: Report) -> bytes:
    """Return the same as a web page of its own, laid out to be printed on one sheet."""
    day = f"{report.day.day} {report.day:%B %Y}"
    numbers = "".join(
        f"<td><strong>{escape(value)}</strong><br>{escape(name)}</td>" for name, value in _numbers(report)
    )
    answered = "".join(
        f'<li dir="auto"><strong>{escape(_short(line.question, QUESTION_CHARACTERS))}</strong><br>'
        f"{escape(_short(line.answer, ANSWER_CHARACTERS))}<br><small>{escape(_places(line))}</small></li>"
        for line in report.answered[:10]
    )
    missing = "".join(
        f'<li dir="auto">{escape(_short(question, QUESTION_CHARACTERS))}</li>'
        for question in report.missing[:MOST_MISSING]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(report.assistant)}</title><style>"
        "@page{size:A4;margin:18mm}body{font:10.5pt/1.4 system-ui,sans-serif;max-width:180mm;margin:1rem auto;"
        "overflow-wrap:anywhere}h1{margin:0;font-size:18pt}h2{font-size:13pt;margin:1rem 0 .3rem}"
        "small,.grey{color:#5a5f57}table{width:100%;margin:1rem 0;table-layout:fixed}td{vertical-align:top}"
        "li{margin:0 0 .4rem}@media print{.screen{display:none}}</style></head><body>"
        '<p class="screen grey">Print this page, or save it as PDF: Ctrl and P.</p>'
        f'<h1 dir="auto">What {escape(report.assistant)} could answer</h1>'
        f'<p class="grey" dir="auto">{escape(" · ".join(filter(None, (report.about, day))))}</p>'
        f"<table><tr>{numbers}</tr></table><h2>Asked and answered</h2><ol>{answered}</ol>{_and_more(report)}"
        f"<h2>What is missing</h2><ul>{missing or '<li>Every question found something.</li>'}</ul>"
        f'<p class="grey">{FOOT}</p></body></html>'
    ).encode()


def _and_more(report: Report) -> str:
    more = len(report.answered) - 10
    return f'<p class="grey">and {counted(more, "answer")} more</p>' if more > 0 else ""


def _numbers(report: Report) -> list[tuple[str, str]]:
    return [
        ("questions asked", str(report.asked)),
        ("answered with a source", str(report.cited)),
        ("refused: not in the documents", str(report.refused)),
        ("what it cost", report.cost),
    ]


def _height(page: PdfPage, line: Line) -> float:
    """Return the points that ``_draw_line`` takes."""
    question = page.lines(_short(line.question, QUESTION_CHARACTERS), BOLD, 10)
    answer = page.lines(_short(line.answer, ANSWER_CHARACTERS), PLAIN, 10)
    return (len(question) + len(answer) + 1) * LINE + 8


def _draw_line(page: PdfPage, line: Line) -> None:
    page.text(_short(line.question, QUESTION_CHARACTERS), BOLD, 10)
    page.text(_short(line.answer, ANSWER_CHARACTERS), PLAIN, 10)
    page.text(_places(line), PLAIN, 9, grey=True, most=1, after=8)


def _places(line: Line) -> str:
    return " · ".join(line.sources)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + " …"


def _all_texts(report: Report) -> list[str]:
    lines = [part for line in report.answered for part in (line.question, line.answer, *line.sources)]
    return [report.assistant, report.about, report.cost, *lines, *report.missing]
