"""A demo link over real HTTP: the visitors' page until it ends, its password, and what is kept of a visit."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from core.assistants import lifecycle
from core.database import DemoAnswer, VisitorAnswer, session
from core.demo import Link, close_link, links, make_link, open_link_again
from core.people.tries import MOST_TRIES
from core.publish import Publication, forget_visitors, save_publication
from core.spending import save_limits
from tests.core.demo.serving import ask, served
from tests.core.demo.test_links import age
from tests.core.publish.serving import HTML, QUESTION, published_assistant, source_of

pytestmark = pytest.mark.usefixtures("data_folder")
PASSWORD = "open sesame"


@pytest.fixture
def shown(data_folder: object) -> Publication:
    """An assistant that has read a text and is offline: a demo comes before that."""
    return save_publication(published_assistant().assistant_id, state="off")


@pytest.fixture
def link(shown: Publication) -> Link:
    return make_link(shown.assistant_id, 7, banner="Demo for <b>Acme</b>", keeps=True)


@pytest.fixture
def client(shown: Publication) -> Iterator[httpx.Client]:
    with served() as opened:
        yield opened


def questions() -> list[tuple[str, str]]:
    with session() as db:
        return [(row.visitor, row.question) for row in db.exec(select(DemoAnswer)).all()]


def test_it_is_the_visitors_page_with_a_banner_while_the_assistant_is_offline(client: httpx.Client, link: Link) -> None:
    assert client.get("/a/help", headers=HTML).status_code == 404
    page = client.get(f"/demo/{link.secret}", headers=HTML)
    assert page.status_code == 200
    assert f"Demo for &lt;b&gt;Acme&lt;/b&gt; · shown until {link.expires_at:%Y-%m-%d}" in page.text
    assert "You are talking to an AI, not a person." in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers
    assert not re.search(r"<style|<script(?! src=)|style=|\son\w+=", page.text)
    for pattern in ('href="([^"]+css[^"]*)"', 'src="([^"]+js[^"]*)"'):
        file = re.search(pattern, page.text)
        assert file is not None
        assert client.get(f"/demo/{file[1]}").status_code == 200
    assert client.get(f"/demo/{link.secret}/").headers["location"] == f"../{link.secret}"
    [(name, answer)] = ask(client, link.secret)
    assert (name, answer["kind"], answer["id"]) == ("answer", "quotes", "")
    assert "within 30 days" in answer["text"]


def test_sources_open_only_where_the_owner_says_so(client: httpx.Client, shown: Publication, link: Link) -> None:
    [(_, answer)] = ask(client, link.secret)
    assert [source["open"] for source in answer["citations"]] == [""]
    opening = make_link(shown.assistant_id, 1, opens_all=True)
    [(_, answer)] = ask(client, opening.secret)
    place = answer["citations"][0]["open"]
    assert "within 30 days" in client.get(f"/demo/{opening.secret}/place?{place}").json()["words"]
    assert client.get(f"/demo/{link.secret}/place?{place}").status_code == 404
    save_publication(shown.assistant_id, public_sources=[source_of(shown)])
    assert client.get(f"/demo/{link.secret}/place?{place}").status_code == 200


def test_when_it_is_closed_or_over_a_sentence_says_so_by_every_address(
    client: httpx.Client, shown: Publication, link: Link
) -> None:
    def told() -> None:
        for tail in ("", "/", "/page.css", "/logo", "/place", "/picture"):
            assert client.get(f"/demo/{link.secret}{tail}").status_code == 410, tail
        page = client.get(f"/demo/{link.secret}", headers=HTML)
        assert (page.status_code, "This demo has ended" in page.text) == (410, True)
        for tail in ("ask", "lead", "forget"):
            refused = client.post(f"/demo/{link.secret}/{tail}", json={"question": QUESTION, "visitor": "v1"})
            assert (refused.status_code, refused.json()["what"]) == (410, "This demo has ended."), tail

    close_link(shown.assistant_id, link.id)
    told()
    open_link_again(shown.assistant_id, link.id)
    assert client.get(f"/demo/{link.secret}").status_code == 200
    age(link.id, timedelta(days=7))
    told()
    german = client.get(f"/demo/{link.secret}", headers={**HTML, "Accept-Language": "de"}).text
    assert "Diese Demo ist beendet" in german


def test_there_is_nothing_at_any_other_address(client: httpx.Client, shown: Publication, link: Link) -> None:
    save_publication(shown.assistant_id, state="link")
    gone = client.get("/demo/nowhere", headers=HTML)
    assert (gone.status_code, "There is no assistant here" in gone.text) == (404, True)
    for path in (f"/demo/{shown.name}", f"/demo/{link.id}", f"/a/{link.secret}", f"/demo/{link.secret}/try"):
        assert client.get(path).status_code == 404, path
    assert client.post("/demo/nowhere/enter", data={"password": "x"}).status_code == 404
    lifecycle.delete_assistant(shown.assistant_id)  # into the bin
    assert client.get(f"/demo/{link.secret}", headers=HTML).status_code == 404


def test_a_password_stands_before_everything_but_the_look(client: httpx.Client, shown: Publication) -> None:
    made, other = (make_link(shown.assistant_id, 7, password=PASSWORD) for _ in range(2))
    at = f"/demo/{made.secret}"
    page = client.get(at, headers=HTML)
    assert "This demo has a password." in page.text
    assert "shown until" not in page.text
    assert client.get(f"{at}/page.css").status_code == 200
    closed = [client.get(f"{at}{tail}") for tail in ("", "/place", "/picture")]
    closed += [client.post(f"{at}/{tail}", json={"question": QUESTION, "visitor": "v"}) for tail in ("ask", "forget")]
    assert {answer.status_code for answer in closed} == {401}
    wrong = client.post(f"{at}/enter", data={"password": "open"}, headers=HTML)
    assert (wrong.status_code, "This is not the password." in wrong.text) == (403, True)
    assert links(shown.assistant_id)[1].opened_at is None
    right = client.post(f"{at}/enter", data={"password": PASSWORD}, headers=HTML)
    assert (right.status_code, right.headers["location"]) == (303, at)
    cookie = right.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", f"Path={at}", "SameSite=lax"))
    assert "shown until" in client.get(at, headers=HTML).text
    assert ask(client, made.secret)[-1][0] == "answer"
    held = right.cookies["answerbook_demo"]  # what one link gave opens no other
    foreign = client.get(f"/demo/{other.secret}", headers={**HTML, "Cookie": f"answerbook_demo={held}"})
    assert "This demo has a password." in foreign.text


def test_ten_wrong_passwords_lock_it_also_where_they_come_at_once(client: httpx.Client, shown: Publication) -> None:
    made = make_link(shown.assistant_id, 7, password=PASSWORD)
    answers: list[int] = []

    def guess() -> None:
        answers.append(client.post(f"/demo/{made.secret}/enter", data={"password": "wrong"}).status_code)

    threads = [threading.Thread(target=guess) for _ in range(MOST_TRIES + 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [403] * MOST_TRIES + [429] * 4
    locked = client.post(f"/demo/{made.secret}/enter", data={"password": PASSWORD}, headers=HTML)
    assert (locked.status_code, "too many wrong tries" in locked.text) == (429, True)
    assert "set-cookie" not in locked.headers


def test_a_form_that_is_none_opens_nothing(client: httpx.Client, shown: Publication) -> None:
    made = make_link(shown.assistant_id, 7, password=PASSWORD)
    for body in (b"", b"\xff\xfe", b"password=", b"password=" + b"x" * 9000, b"{}"):
        assert client.post(f"/demo/{made.secret}/enter", content=body).status_code == 403, body[:20]
    both = client.post(f"/demo/{made.secret}/enter", content=f"password=wrong&password={PASSWORD}".encode())
    assert both.status_code == 303  # the last of a name counts, as in the sign-in


def test_what_is_asked_is_kept_for_the_owner_and_goes_with_start_again(
    client: httpx.Client, shown: Publication, link: Link
) -> None:
    assert "Start again" in client.get(f"/demo/{link.secret}").text
    ask(client, link.secret, visitor="v1")
    ask(client, link.secret, "Where is the label?", visitor="v2")
    assert sorted(questions()) == [("v1", QUESTION), ("v2", "Where is the label?")]
    forget_visitors()  # what the owner chose for visitors is another matter
    assert links(shown.assistant_id)[0].questions == 2
    forgotten = client.post(f"/demo/{link.secret}/forget", json={"visitor": "v1"})
    assert forgotten.json() == {"deleted": 1}
    assert client.post(f"/demo/{link.secret}/forget", json={"visitor": ""}).json() == {"deleted": 0}
    assert questions() == [("v2", "Where is the label?")]
    other = make_link(shown.assistant_id, 1, keeps=True)
    assert client.post(f"/demo/{other.secret}/forget", json={"visitor": "v2"}).json() == {"deleted": 0}
    silent = make_link(shown.assistant_id, 1)
    ask(client, silent.secret, visitor="v3")
    assert "This conversation is not kept here." in client.get(f"/demo/{silent.secret}").text
    assert questions() == [("v2", "Where is the label?")]
    with session() as db:
        assert db.exec(select(VisitorAnswer)).all() == []


def test_limits_hold_at_a_link_as_for_all_visitors(client: httpx.Client, link: Link) -> None:
    save_limits({"visitor_hour": 1})
    ask(client, link.secret)
    again = client.post(f"/demo/{link.secret}/ask", json={"question": QUESTION, "history": [], "visitor": "v1"})
    assert (again.status_code, int(again.headers["retry-after"]) > 0) == (429, True)


def test_a_look_is_counted_but_not_the_owners_own(client: httpx.Client, shown: Publication, link: Link) -> None:
    client.get(f"/demo/{link.secret}?own=1")
    client.get(f"/demo/{link.secret}/page.css")
    assert links(shown.assistant_id)[0].opened_at is None
    client.get(f"/demo/{link.secret}", headers=HTML)
    client.get(f"/demo/{link.secret}", headers=HTML)
    assert (links(shown.assistant_id)[0].opens, links(shown.assistant_id)[0].opened_at is not None) == (2, True)
