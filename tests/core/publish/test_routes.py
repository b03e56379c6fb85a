"""The visitors' routes over real HTTP: what is off is not there, what is asked is answered, limited, and ends."""

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta

import httpx
import pytest
from pydantic import SecretStr
from sqlmodel import select

from core import model_connection
from core.assistants import source_order, sources
from core.assistants.source_order import Days
from core.database import Conversation, Lead, Message, VisitorAnswer, now, session
from core.publish import (
    Handover,
    Look,
    Publication,
    delete_lead,
    forget_visitors,
    leads,
    leads_as_csv,
    save_publication,
)
from core.publish.requests import BODY_BYTES, HISTORY_TURNS, QUESTION_CHARACTERS
from core.publish.work import ANSWERS_AT_ONCE
from core.schema import Provider
from core.spending import deletions, save_limits
from tests.core.publish.serving import HTML, QUESTION, ask, published_assistant, served, source_of
from tests.core.work import wait_until, work_off
from tests.fake_provider import FakeProvider, Reply, Request

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def online(data_folder: object) -> Publication:
    return published_assistant()


@pytest.fixture
def client(online: Publication) -> Iterator[httpx.Client]:
    with served() as opened:
        yield opened


@pytest.fixture
def model(online: Publication, fake_provider: FakeProvider) -> FakeProvider:
    model_connection.save_provider(Provider(fake_provider.base_url, SecretStr("key-1"), "fake-chat"))
    fake_provider.requests.clear()
    return fake_provider


def rows(table: type) -> int:
    with session() as db:
        return len(db.exec(select(table)).all())


def test_what_is_off_or_unknown_is_not_there_by_any_address(online: Publication, client: httpx.Client) -> None:
    assert client.get("/a/help", headers=HTML).status_code == 200
    save_publication(online.assistant_id, state="off")
    tails = ("", "/page.css", "/logo", "/place", "/picture", "/nowhere")
    for name in ("help", "other", "HELP", "a%00b", "..%2fhelp"):
        for tail in tails:
            assert client.get(f"/a/{name}{tail}").status_code == 404, (name, tail)
        for tail in ("ask", "feedback", "lead"):
            assert client.post(f"/a/{name}/{tail}", json={"question": QUESTION}).status_code == 404
    gone = [client.get(f"/a/{name}", headers=HTML) for name in ("help", "other")]
    assert gone[0].text == gone[1].text  # whoever tries names does not learn which of them are there
    assert "There is no assistant here" in gone[0].text


def test_the_page_lets_nothing_inline_in_and_only_named_sites_frame_it(
    online: Publication, client: httpx.Client
) -> None:
    policy = client.get("/a/help").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    save_publication(online.assistant_id, origins=["https://shop.example", "https://www.shop.example"])
    framed = client.get("/a/help?frame=1").headers["content-security-policy"]
    assert "frame-ancestors https://shop.example https://www.shop.example" in framed
    assert "frame-ancestors 'self'" in client.get("/a/help?preview=1").headers["content-security-policy"]


def test_the_whole_page_is_light_and_sets_no_cookie(client: httpx.Client) -> None:
    import gzip
    import re

    page = client.get("/a/help")
    files = [re.search(pattern, page.text)[1] for pattern in ('href="([^"]+css[^"]*)"', 'src="([^"]+js[^"]*)"')]  # type: ignore[index]
    answers = [page, *(client.get(f"/a/{file}") for file in files)]
    assert all(answer.status_code == 200 and "set-cookie" not in answer.headers for answer in answers)
    assert sum(len(gzip.compress(answer.content)) for answer in answers) <= 45 * 1024
    assert not re.search(r"<style|<script(?! src=)|style=|\son\w+=", page.text)


def test_the_notice_is_the_owners_but_never_nothing(online: Publication, client: httpx.Client) -> None:
    assert "You are talking to an AI, not a person." in client.get("/a/help").text
    save_publication(online.assistant_id, notice="Ich bin <b>eine Maschine</b>.")
    assert "Ich bin &lt;b&gt;eine Maschine&lt;/b&gt;." in client.get("/a/help").text
    save_publication(online.assistant_id, notice="  \n ", look=Look(title='<script>x("', owner="A & B"))
    page = client.get("/a/help").text
    assert "It answers from documents of A &amp; B" in page
    assert '<h1 dir="auto">&lt;script&gt;x(&quot;</h1>' in page


def test_the_page_speaks_the_visitors_language(client: httpx.Client) -> None:
    german = client.get("/a/help", headers={"Accept-Language": "xx, de-AT;q=0.8, fr;q=0.5"}).text
    assert '<html lang="de"' in german
    assert "Hier antwortet eine KI, kein Mensch." in german
    for unknown in ("", "xx", "*", "de;q=0", ";;;,,,q=1", "a" * 5000):
        assert '<html lang="en"' in client.get("/a/help", headers={"Accept-Language": unknown}).text


def test_a_quoted_answer_with_a_place_that_opens_where_it_may(online: Publication, client: httpx.Client) -> None:
    [(name, answer)] = ask(client, "help")
    assert (name, answer["kind"]) == ("answer", "quotes")
    assert "within 30 days" in answer["text"]
    assert [source["open"] for source in answer["citations"]] == [""]
    save_publication(online.assistant_id, public_sources=[source_of(online)])
    [(_, answer)] = ask(client, "help")
    place = client.get(f"/a/help/place?{answer['citations'][0]['open']}").json()
    assert "within 30 days" in place["words"]
    assert "The label is in the box." in place["after"] + place["words"]


def test_no_other_place_can_be_opened(online: Publication, client: httpx.Client) -> None:
    other = published_assistant("Other", "# Salaries\n\nParcels can be sent back by the boss only, who earns 9000.")
    save_publication(other.assistant_id, public_sources=[source_of(other)])
    save_publication(online.assistant_id, public_sources=[source_of(online), source_of(other)])
    [(_, answer)] = ask(client, "other")
    foreign = answer["citations"][0]["open"]
    assert client.get(f"/a/other/place?{foreign}").status_code == 200
    assert client.get(f"/a/help/place?{foreign}").status_code == 404  # even where the owner's list names it
    [(_, answer)] = ask(client, "help")
    own = answer["citations"][0]["open"]
    start = own.index("start=")
    for wrong in ("", own[:start], f"{own[:start]}start=5&end=2", f"{own[:start]}start=-1&end=9", f"{own}&page=99999"):
        refused = client.get(f"/a/help/place?{wrong}")
        if wrong.endswith("page=99999"):
            continue  # a text has no pages: the place alone counts
        assert (refused.status_code, refused.json()["what"]) == (404, "This source cannot be opened."), wrong
    sources.add_files(online.assistant_id, [("returns.md", b"# Returns\n\nNothing can be sent back any more at all.")])
    work_off()
    assert client.get(f"/a/help/place?{own}").status_code == 404  # what was replaced is not what was marked public
    [(_, answer)] = ask(client, "help", "What can be sent back?")
    newest = answer["citations"][0]["open"]
    assert client.get(f"/a/help/place?{newest}").status_code == 200
    source_order.set_days(online.assistant_id, [source_of(online)], Days(None, date(2020, 1, 1)))
    assert client.get(f"/a/help/place?{newest}").status_code == 404  # nor what no question finds any more
    source_order.set_days(online.assistant_id, [source_of(online)], Days())
    assert client.get(f"/a/help/place?{newest}").status_code == 200
    sources.delete_sources(online.assistant_id, [source_of(online)])
    assert client.get(f"/a/help/place?{newest}").status_code == 404


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"question": "x" * (QUESTION_CHARACTERS + 1)}, 413, "This question is too long: 2001 characters."),
        ({"question": "  "}, 400, "There is no question in this."),
        ({"question": ["x"]}, 400, "could not be read"),
        ({"question": "x", "visitor": "../../x"}, 400, "could not be read"),
        ({"question": "x", "history": "x"}, 400, "could not be read"),
        ({"question": "x", "history": [{"role": "system", "text": "x"}]}, 400, "could not be read"),
        ({"question": "x", "history": [{"role": "user", "text": "x"}] * (HISTORY_TURNS + 1)}, 413, "too long"),
        ({"question": "x", "history": [{"role": "user", "text": "x" * 30_000}]}, 413, "too long"),
        ({"question": "x", "history": [{"role": "user", "text": "x" * BODY_BYTES}]}, 413, "too long"),
        ([1], 400, "could not be read"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_a_sentence(
    client: httpx.Client, sent: object, status: int, words: str
) -> None:
    refused = client.post("/a/help/ask", json=sent)
    assert refused.status_code == status
    assert words in refused.json()["what"]
    assert refused.json()["remedy"].endswith(".")


def test_no_json_and_deep_json_are_refused(client: httpx.Client) -> None:
    for body in (b"{", b"\xff", b"[" * 100_000, b'{"question": "\\ud800"}'):
        assert client.post("/a/help/ask", content=body).status_code == 400


def test_a_written_answer_streams_and_takes_what_was_said_before(model: FakeProvider, client: httpx.Client) -> None:
    came = ask(client, "help")
    assert {name for name, _ in came[:-1]} == {"piece"}
    assert len(came) > 3
    assert came[-1][0] == "answer"
    assert came[-1][1]["kind"] == "written"
    said = [{"role": "user", "text": QUESTION}, {"role": "assistant", "text": "Within 30 days."}]
    assert ask(client, "help", "And by ship?", history=said)[-1][0] == "answer"
    told = [json.dumps(request.body) for request in model.seen()]
    assert any("And by ship?" in body and "Within 30 days." in body for body in told), told


def test_a_failure_is_told_without_the_owners_troubles(model: FakeProvider, client: httpx.Client) -> None:
    model.script(["401"])
    [(name, told)] = ask(client, "help")
    assert (name, told["what"]) == ("error", "This could not be answered just now.")
    assert "key" not in json.dumps(told)


def written(words: str) -> bytes:
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "fake-chat"}
    delta = {"index": 0, "delta": {"role": "assistant", "content": words}, "finish_reason": None}
    return f"data: {json.dumps({**chunk, 'choices': [delta]})}\n\n".encode()


@pytest.mark.parametrize("before", [(), (written("Parcels can be sent back "), written("within 30 days. "))])
def test_a_visitor_who_leaves_ends_the_models_request(
    model: FakeProvider, client: httpx.Client, before: tuple[bytes, ...]
) -> None:
    model.behave = lambda _request: Reply(
        pieces=(*before, written("of delivery [1].")), kind="text/event-stream", silence=100.0
    )
    with client.stream("POST", "/a/help/ask", json={"question": QUESTION}) as answer:
        wait_until(lambda: bool(model.seen()), 30)
        if before:
            assert next(line for line in answer.iter_lines() if line.startswith("event: ")) == "event: piece"
    wait_until(lambda: model.hung_up > 0, 30)


def test_thirty_visitors_at_once_all_get_their_answer(model: FakeProvider, client: httpx.Client) -> None:
    got: list[str] = []

    def visit() -> None:
        got.append(ask(client, "help")[-1][0])

    visitors = [threading.Thread(target=visit) for _ in range(30)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert got == ["answer"] * 30


def test_more_than_are_answered_at_once_wait_are_told_and_get_theirs(model: FakeProvider, client: httpx.Client) -> None:
    hold = threading.Event()
    save_limits({"address_hour": 100_000, "visitor_hour": 100_000})  # all of them are one visitor here

    def held_back(_request: Request) -> None:
        hold.wait(300)

    model.behave = held_back
    with httpx.Client(base_url=client.base_url, trust_env=False, timeout=300, limits=httpx.Limits()) as wide:
        held = [threading.Thread(target=ask, args=(wide, "help")) for _ in range(ANSWERS_AT_ONCE)]
        for visitor in held:
            visitor.start()
        wait_until(lambda: len(model.seen()) >= ANSWERS_AT_ONCE, 240)
        with wide.stream("POST", "/a/help/ask", json={"question": QUESTION}) as late:
            lines = late.iter_lines()
            assert next(lines) == "event: wait"
            hold.set()
            assert "event: answer" in list(lines)
        for visitor in held:
            visitor.join()


def test_nothing_of_a_visitor_is_kept_unless_the_owner_chose_days(online: Publication, client: httpx.Client) -> None:
    [(_, answer)] = ask(client, "help")
    assert answer["id"] == ""
    assert [rows(table) for table in (VisitorAnswer, Lead, Conversation, Message)] == [0, 0, 0, 0]
    assert client.post("/a/help/lead", json={"contact": "a", "message": "b"}).status_code == 404  # no form is offered


def test_what_is_kept_takes_feedback_of_its_visitor_alone_and_is_deleted_after_its_days(
    online: Publication, client: httpx.Client
) -> None:
    save_publication(online.assistant_id, keep_days=7)
    [(_, answer)] = ask(client, "help")
    told = {"answer": answer["id"], "good": False, "comment": "Too short.", "visitor": "v1"}
    assert client.post("/a/help/feedback", json={**told, "visitor": "v2"}).status_code == 404
    assert client.post("/a/help/feedback", json=told).json() == {"kept": True}
    with session() as db:
        row = db.exec(select(VisitorAnswer)).one()
        assert (row.question, row.feedback, row.comment) == (QUESTION, -1, "Too short.")
        row.created_at = now() - timedelta(days=6, hours=23)
        db.add(row)
    assert (forget_visitors(), rows(VisitorAnswer)) == (0, 1)
    assert deletions() == []
    save_publication(online.assistant_id, keep_days=6)
    assert (forget_visitors(), rows(VisitorAnswer)) == (1, 0)
    [proof] = deletions(online.assistant_id)
    assert proof.counts == {"answers": 1}
    assert proof.before.startswith(f"{now() - timedelta(days=6):%Y-%m-%d}")
    ask(client, "help")
    save_publication(online.assistant_id, keep_days=0)
    assert (forget_visitors(), rows(VisitorAnswer)) == (1, 0)
    assert [proof.counts for proof in deletions()] == [{"answers": 2}], "one proof for a day"


def test_a_message_to_a_person_is_a_lead_with_what_was_asked(online: Publication, client: httpx.Client) -> None:
    save_publication(online.assistant_id, handover=Handover(form=True, days=5))
    sent = {"name": "Ann", "contact": "=cmd|'x'!A1", "message": "Call me", "asked": [QUESTION]}
    assert client.post("/a/help/lead", json={**sent, "contact": " "}).json()["what"] == "Something is missing."
    assert client.post("/a/help/lead", json=sent).json() == {"sentence": "Sent. Somebody will get in touch with you."}
    [lead] = leads(online.assistant_id)
    assert (lead.name, lead.message, lead.asked) == ("Ann", "Call me", (QUESTION,))
    delete_lead("another", lead.id)
    assert leads(online.assistant_id) == [lead]
    assert b"'=cmd" in leads_as_csv([lead])  # a spreadsheet runs nothing that a visitor typed
    with session() as db:
        row = db.exec(select(Lead)).one()
        row.created_at = now() - timedelta(days=6)
        db.add(row)
    assert forget_visitors() == 1
    assert [proof.counts for proof in deletions()] == [{"messages": 1}]
    assert leads(online.assistant_id) == []
    client.post("/a/help/lead", json=sent)
    delete_lead(online.assistant_id, leads(online.assistant_id)[0].id)
    assert leads(online.assistant_id) == []


def test_a_logo_is_drawn_anew_and_what_is_no_picture_refused(online: Publication, client: httpx.Client) -> None:
    import io

    from PIL import Image

    from core.errors import AnswerbookError
    from core.publish import logo_from

    picture = io.BytesIO()
    Image.new("RGB", (900, 300), "#c00").save(picture, "JPEG")
    save_publication(online.assistant_id, look=Look(logo=logo_from(picture.getvalue())))
    served_logo = client.get("/a/help/logo")
    assert served_logo.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(served_logo.content)).size == (128, 43)
    for wrong in (b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\nbroken", b"GIF89a"):
        with pytest.raises(AnswerbookError, match="cannot be used as a logo"):
            logo_from(wrong)
