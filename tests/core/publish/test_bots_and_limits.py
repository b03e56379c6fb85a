"""Who asks much does a little work first, and at a limit is told so in their language; by the visitors' routes."""

from collections.abc import Iterator
from string import Formatter

import httpx
import pytest

from core.assistants.voices import save_voice
from core.database import now
from core.publish import Publication
from core.publish.words import languages, words_in
from core.schema import Voice
from core.spending import save_limits
from tests.core.publish.serving import QUESTION, ask, published_assistant, served
from tests.core.spending.test_proof import set_clock, solved

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def online(data_folder: object, monkeypatch: pytest.MonkeyPatch) -> Publication:
    made = published_assistant()
    set_clock(monkeypatch, now().replace(hour=12, minute=20))  # no hour ends between two questions
    return made


@pytest.fixture
def client(online: Publication) -> Iterator[httpx.Client]:
    with served() as opened:
        yield opened


def sent(client: httpx.Client, language: str = "en", **more: str) -> httpx.Response:
    body = {"question": QUESTION, "visitor": "v1", **more}
    return client.post("/a/help/ask", json=body, headers={"Accept-Language": language})


def test_above_half_its_limit_an_address_does_the_work_once_for_each_question(client: httpx.Client) -> None:
    save_limits({"address_hour": 4})
    for _ in range(3):
        assert ask(client, "help")
    refused = sent(client, "de")
    assert refused.status_code == 428
    assert refused.json()["what"] == words_in("de")["unproven"]
    proof = solved(refused.json()["challenge"])
    assert [name for name, _ in ask(client, "help", proof=proof)] == ["answer"]
    again = sent(client, proof=proof)
    assert again.status_code == 428, "an answer opens once"
    assert again.json()["challenge"] != refused.json()["challenge"]


def test_what_is_no_work_is_asked_for_again_and_counts_nothing(client: httpx.Client) -> None:
    save_limits({"address_hour": 2})
    ask(client, "help")
    ask(client, "help")
    assert [sent(client, proof=proof).status_code for proof in ("", "x", "9" * 500, "1.16.x.y:1")] == [428] * 4


def test_the_page_names_the_works_script_and_does_not_load_it(client: httpx.Client) -> None:
    page = client.get("/a/help").text
    assert page.count("<script") == 1
    script = client.get("/a/proof.js")
    assert "answerbookProof" in script.text
    assert "immutable" in script.headers["cache-control"]
    assert "proof.js?v=" in page


def test_a_limit_is_told_in_the_visitors_language_with_when_to_ask_again(client: httpx.Client) -> None:
    save_limits({"visitor_hour": 0})
    for language in languages():
        refused = sent(client, language)
        assert refused.status_code == 429
        words, minutes = words_in(language), -(-int(refused.headers["retry-after"]) // 60)
        single = {60: words["again_hour"], 1: words["again_minute"]}
        remedy = single.get(minutes, words["again_minutes"].format(count=minutes))
        assert refused.json() == {"what": words["too_many_visitor"], "remedy": remedy}


def test_it_is_told_in_the_language_that_the_page_stands_in(online: Publication, client: httpx.Client) -> None:
    save_voice(online.assistant_id, Voice(language="fr"))
    save_limits({"assistant_day": 0})
    assert sent(client, "de").json()["what"] == words_in("fr")["too_many_assistant"]


def test_every_language_has_every_sentence_with_the_same_gaps() -> None:
    gaps = [{key: gaps_of(text) for key, text in words_in(language).items()} for language in languages()]
    assert all(of == gaps[0] for of in gaps)


def gaps_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
