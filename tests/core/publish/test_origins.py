"""Which sites an owner may name, and what of what was typed is kept."""

import pytest

from core.assistants import lifecycle
from core.errors import AnswerbookError
from core.publish import save_publication
from core.publish.origins import read_origin


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://shop.example", "https://shop.example"),
        (" HTTPS://Shop.Example./ ", "https://shop.example"),
        ("shop.example/page?x#y", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443/", "https://shop.example:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://*.shop.example", "https://*.shop.example"),
        ("*.bücher.example:8443", "https://*.xn--bcher-kva.example:8443"),
        ("https://203.0.113.7", "https://203.0.113.7"),
        ("https://intranet", "https://intranet"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://127.5.6.7:8080", "http://127.5.6.7:8080"),
        ("http://shop.localhost:3000", "http://shop.localhost:3000"),
    ],
)
def test_a_site_is_kept_as_browsers_name_it(typed: str, kept: str) -> None:
    assert read_origin(typed) == kept
    assert read_origin(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "*",
            "https://*",
            "*.example",
            "https://*.*.shop.example",
            "https://a.*.example",
            "https://*shop.example",
        ),
        *(
            "'self'",
            "'none'",
            "https:",
            "https://",
            "//",
            "https://a.example; script-src *",
            "https://a.example,b.example",
        ),
        *("https://a.example b.example", "a;b", "https://a..example", "https://-a.example", "https://a_b.example"),
        *("https://user@a.example", "https://a.example\\@b.example", "https://a.example:0", "https://a.example:99999"),
        *("https://a.example:8x", "javascript:alert(1)", "data:text/html,x", "ftp://a.example", "file:///a", "blob:x"),
        *(
            "https://[::1]",
            "https://127.300.0.1",
            "https://0x7f.1",
            "https://1.2.3",
            "https://*.1.2.3.4",
            "https://2130706433",
        ),
        *(
            "https://straße.example",
            "https://a\u200db.example",
            "https://" + "a" * 64 + ".example",
            "https://a.example\x00",
        ),
        *("http://*.127.0.0.1", "https://" + "a." * 130 + "example", "https://a.example\n.b.example"),
    ],
)
def test_nothing_else_is_taken(typed: str) -> None:
    with pytest.raises(AnswerbookError, match="not the address of a site"):
        read_origin(typed)


@pytest.mark.parametrize("typed", ["http://shop.example", "http://10.0.0.1:3000", "http://localhost.example"])
def test_http_is_for_this_computer_alone(typed: str) -> None:
    with pytest.raises(AnswerbookError, match="not safe") as refused:
        read_origin(typed)
    assert "https://" in refused.value.remedy


@pytest.mark.usefixtures("data_folder")
def test_one_wrong_site_changes_nothing() -> None:
    made = lifecycle.create_assistant("Help")
    save_publication(made, origins=["https://shop.example"])
    with pytest.raises(AnswerbookError):
        save_publication(made, origins=["https://other.example", "http://other.example"])
    assert save_publication(made).origins == ("https://shop.example",)
