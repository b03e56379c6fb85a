"""What the widget is served by: its script for every site, an owner's line, a page to try it on."""

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from core.assistants import lifecycle
from core.gate import COOKIE
from core.people import Role, accept_invitation, create_owner, invite, open_session
from core.publish import Look, Publication, publication, save_publication, snippet
from core.publish.widget.script import script
from tests.core.publish.serving import served

PASSWORD = "correct horse battery"


@pytest.fixture
def client(data_folder: object) -> Iterator[httpx.Client]:
    with served() as asking:
        yield asking


def online(**changes: object) -> Publication:
    return save_publication(lifecycle.create_assistant("Help"), state="link", **changes)


def test_a_new_version_comes_within_an_hour_and_the_same_one_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/widget.js")
    assert (first.status_code, first.text) == (200, script())
    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    assert first.headers["cache-control"] == "public, max-age=3600"
    assert "set-cookie" not in first.headers
    tag = first.headers["etag"]
    for known in (tag, f'W/{tag}, "other"', "*"):
        again = client.get("/widget.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/widget.js", headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get("/widget.js?assistant=help").text == script()  # the same for every site, whatever is asked


def test_the_script_is_whole_and_has_nothing_that_a_strict_policy_forbids() -> None:
    shown = script()
    assert not re.search(r"\beval\b|new Function|innerHTML|insertAdjacentHTML|\.cssText|setAttribute\(.style", shown)
    assert not re.search(r"localStorage|sessionStorage|cookie|indexedDB|fetch\(|XMLHttpRequest|sendBeacon", shown)
    assert "//" not in re.sub(r'"http://www\.w3\.org/2000/svg"', "", shown)  # no comment, no address of anybody's
    assert '"de": ["Frage stellen", "Schließen"]' in shown


@pytest.mark.usefixtures("data_folder")
def test_the_owners_line_has_what_differs_from_the_usual() -> None:
    made = publication(lifecycle.create_assistant("Help"))
    here = "https://help.example.com"
    assert snippet(made, f"{here}/") == f'<script src="{here}/widget.js" data-assistant="help" async></script>'
    other = replace(made, look=Look(colour="#1c4fd6", position="left"))
    assert 'data-assistant="help" data-colour="#1c4fd6" data-position="left" async' in snippet(other, here)
    assert '"><b' not in snippet(made, 'https://x"><b>')


def test_the_page_to_try_it_on_is_for_this_computer_and_what_is_online(client: httpx.Client) -> None:
    made = online(look=Look(title="<b>Help</b>", colour="#ff0000"))
    page = client.get("/a/help/try")
    assert page.status_code == 200
    assert '<script src="../../widget.js" data-assistant="help" data-colour="#ff0000" data-test async>' in page.text
    assert "<b>" not in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert client.get("/a/try.css").headers["content-type"].startswith("text/css")
    for headers in ({"Host": "help.example.com"}, {"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"}):
        assert client.get("/a/help/try", headers=headers).status_code == 404
    save_publication(made.assistant_id, state="off")
    assert client.get("/a/help/try").status_code == 404


def test_it_is_also_for_owners_and_editors_elsewhere_and_then_for_nobody_else(client: httpx.Client) -> None:
    online()
    elsewhere = {"Host": "help.example.com", "X-Forwarded-For": "203.0.113.7"}
    owner = create_owner("owner@example.com", "", PASSWORD)
    assert client.get("/a/help/try").status_code == 404, "here, too, whoever is not signed in"
    seen = {}
    for role in Role:
        person = accept_invitation(invite(owner, role), f"{role}@example.org", "", PASSWORD)
        cookie = {"Cookie": f"{COOKIE}={open_session(person)}"}
        seen[role] = client.get("/a/help/try", headers={**elsewhere, **cookie}).status_code
    assert seen == {Role.OWNER: 200, Role.EDITOR: 200, Role.TESTER: 404, Role.VIEWER: 404}
    assert client.get("/a/help/try", headers={**elsewhere, "Cookie": f"{COOKIE}=forged"}).status_code == 404


def test_the_sites_language_goes_before_the_browsers(client: httpx.Client) -> None:
    online()
    french = {"Accept-Language": "fr"}
    for asked, language in (("de", "de"), ("xx", "fr"), ("", "fr"), ('de"><b>', "fr"), ("pt-BR", "pt")):
        page = client.get("/a/help", params={"frame": 1, "language": asked}, headers=french).text
        assert f'<html lang="{language}"' in page, asked
