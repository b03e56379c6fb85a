"""The pages as a browser would run them, on a real data folder."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

FRAME = Path(__file__).resolve().parents[2] / "pages" / "frame.py"
SECONDS = 60


def opened(page: str, assistant_id: str = "", **query: str) -> AppTest:
    """Open a page in a new browser window."""
    at = AppTest.from_file(str(FRAME), default_timeout=SECONDS)
    if assistant_id:
        at.query_params["assistant"] = assistant_id
    run(at)
    return gone_to(at, page, **query)


def gone_to(at: AppTest, page: str, **query: str) -> AppTest:
    """Go to another page of an open window."""
    at.switch_page(f"{page}.py")
    for name, value in query.items():
        at.query_params[name] = value
    return run(at)


def run(at: AppTest) -> AppTest:
    """Run the page; no run may end in an exception."""
    at.run()
    assert not at.exception, [error.value for error in at.exception]
    # What Streamlit draws for an expression that stands alone in a page.
    assert "`None`" not in [element.value for element in at.markdown]
    return at


def texts(at: AppTest) -> str:
    """All that the page says, alerts with their headlines included."""
    said = [str(e.value) for kind in (at.title, at.subheader, at.markdown, at.caption, at.html, at.code) for e in kind]
    for kind in (at.error, at.warning, at.info):
        said += [f"{e.proto.title} {e.value}" for e in kind]
    return "\n".join([*said, *(str(bar.text) for bar in at.progress)])
