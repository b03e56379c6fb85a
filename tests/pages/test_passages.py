"""The Passages page: what questions will find, and another cut tried before it is applied."""

import json
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core import jobs
from core.assistants import assistants, documents, index_builds, lifecycle, source_rows, sources
from core.chunk import Flaw, chunk, flaws_of
from core.database import IndexBuild, session
from core.index import rebuild_job, request_cut
from core.sample import sample_files
from core.schema import CutSettings, Document, Passage
from core.settings import settings
from core.store import store_named
from pages.parts import page_view, state
from tests.core.work import work_off
from tests.pages.kit import gone_to, opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")
SENTENCE = "Parcel number {0} may stay with the neighbour until the evening of day {0}."
HANDBOOK = "# Handbook\n\n" + "\n\n".join(
    f"## Rule {number}\n\n" + " ".join(SENTENCE.format(number * 100 + line) for line in range(25))
    for number in range(4)
)
PRICES = "Country,Price\nFrance,12 €\nSpain,14 €\nMalta,<b>19</b> €\n"


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


@pytest.fixture
def read(assistant_id: str) -> str:
    """An assistant with two sources that were read."""
    sources.add_files(assistant_id, [("handbook.md", HANDBOOK.encode()), ("prices.csv", PRICES.encode())])
    work_off()
    return assistant_id


def source_id(assistant_id: str, name: str) -> str:
    return next(row.id for row in source_rows.source_rows(assistant_id) if row.name == name)


def stored(assistant_id: str, name: str) -> int:
    version = sources.source(assistant_id, source_id(assistant_id, name)).version_id
    return store_named(settings().preferred_store).count(
        index_builds.scope_of(index_builds.live_build(assistant_id)), version
    )


def choose(at: AppTest, assistant_id: str, name: str) -> AppTest:
    at.selectbox(key=f"passages_of_{assistant_id}").select(source_id(assistant_id, name))
    return run(at)


def view(at: AppTest, name: str) -> AppTest:
    at.get_by_key("passages_view").set_value(name)
    return run(at)


def test_without_sources_it_leads_to_knowledge(assistant_id: str) -> None:
    at = opened("passages", assistant_id)
    assert "has no sources yet" in texts(at)
    assert [button.label for button in at.button] == ["Add documents"]


def test_a_source_that_is_being_read_says_so(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("handbook.md", HANDBOOK.encode())])
    at = opened("passages", assistant_id)
    assert "This source is being read" in texts(at)
    work_off()
    assert "passages**" in texts(run(at))


def test_a_source_that_failed_says_why(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("empty.txt", b"   \n")])
    work_off()
    row = source_rows.source_rows(assistant_id)[0]
    assert row.error
    assert row.error.rstrip(".") in texts(opened("passages", assistant_id)).replace("\\", "")


def test_it_shows_the_passages_that_questions_find(read: str) -> None:
    at = view(choose(opened("passages", read), read, "handbook.md"), "all")
    count = stored(read, "handbook.md")
    assert f"**{count} passages**" in texts(at)
    cards = [block for block in at.html if "Parcel number" in block.value]
    assert len(cards) == count
    assert SENTENCE.format(324) in texts(at)
    assert "In front for search: Handbook" in texts(at)
    assert assistants.assistant(read).looked_at_passages


def test_a_table_is_shown_as_one_letter_for_letter(read: str) -> None:
    at = view(choose(opened("passages", read), read, "prices.csv"), "all")
    table = next(block.value for block in at.html if "<table" in block.value)
    assert ">Country</th>" in table
    assert ">&lt;b&gt;19&lt;/b&gt; €</td>" in table


def test_words_narrow_the_list_and_are_marked(read: str) -> None:
    at = view(choose(opened("passages", read), read, "handbook.md"), "all")
    at.text_input(key="passage_words").set_value("number 203")
    run(at)
    assert f"1 passage of {stored(read, 'handbook.md')} with these words" in texts(at)
    assert any(">203</mark>" in block.value for block in at.html)


def test_the_address_chooses_the_source(read: str) -> None:
    at = opened("passages", read, source=source_id(read, "prices.csv"))
    assert at.selectbox(key=f"passages_of_{read}").value == source_id(read, "prices.csv")


def test_the_choice_stays_while_other_pages_are_looked_at(read: str) -> None:
    at = choose(opened("passages", read), read, "prices.csv")
    gone_to(at, "voice")
    gone_to(at, "passages")
    assert at.selectbox(key=f"passages_of_{read}").value == source_id(read, "prices.csv")


def test_a_source_of_another_assistant_is_not_shown(read: str) -> None:
    other = lifecycle.create_assistant("Other")
    sources.add_files(other, [("secret.md", b"# Secret\n\nThe safe opens with 4711.")])
    work_off()
    at = opened("passages", read, source=source_id(other, "secret.md"))
    assert "4711" not in texts(at)
    assert at.selectbox(key=f"passages_of_{read}").options == ["handbook.md", "prices.csv"]


def test_trying_another_cut_changes_nothing(read: str) -> None:
    before = stored(read, "handbook.md")
    at = view(choose(opened("passages", read), read, "handbook.md"), "trial")
    assert at.button(key="apply_cut").disabled
    at.select_slider(key=f"trial_size_{read}").set_value(400)
    run(at)
    document = documents.document(sources.source(read, source_id(read, "handbook.md")).version_id)
    assert document is not None
    expected = chunk(document, CutSettings(400, 200))
    assert len(expected) > before
    assert f"**With this cut** · {len(expected)} passages" in texts(at)
    assert f"**Now** · {before} passages" in texts(at)
    assert not at.button(key="apply_cut").disabled
    assert rebuild_job(read) is None
    assert stored(read, "handbook.md") == before
    with session() as db:
        assert len(db.exec(select(IndexBuild)).all()) == 1


def test_the_shared_part_never_outgrows_half_a_passage(read: str) -> None:
    at = view(choose(opened("passages", read), read, "handbook.md"), "trial")
    at.select_slider(key=f"trial_size_{read}").set_value(200)
    run(at)
    assert at.select_slider(key=f"trial_overlap_{read}").value == 100


def test_applying_asks_first_and_says_what_happens(read: str) -> None:
    at = view(opened("passages", read), "trial")
    at.select_slider(key=f"trial_size_{read}").set_value(600)
    run(at)
    at.button(key="apply_cut").click()
    run(at)
    assert "2 sources will be cut again in the background" in texts(at)
    assert rebuild_job(read) is None


def test_a_cut_under_way_is_shown_can_be_stopped_and_goes_on(read: str) -> None:
    before = stored(read, "handbook.md")
    request_cut(read, CutSettings(400, 50))
    at = choose(opened("passages", read), read, "handbook.md")
    assert "Cutting all sources again" in texts(at)
    assert f"**{before} passages**" in texts(at)
    job = rebuild_job(read)
    assert job is not None
    at.button(key=f"stop_rebuild_{job.id}").click()
    run(at)
    assert "stopped" in texts(at)
    at.button(key=f"retry_rebuild_{job.id}").click()
    run(at)
    work_off()
    run(at)
    assert "Cutting all sources again" not in texts(at)
    assert stored(read, "handbook.md") > before
    assert f"**{stored(read, 'handbook.md')} passages**" in texts(at)


def test_a_stopped_cut_can_be_left_as_it_was(read: str) -> None:
    request_cut(read, CutSettings(400, 50))
    job = rebuild_job(read)
    assert job is not None
    jobs.stop([job.id])
    at = opened("passages", read)
    at.button(key=f"drop_rebuild_{job.id}").click()
    run(at)
    assert "Cutting all sources again" not in texts(at)
    assert rebuild_job(read) is None


def drawn(at: AppTest) -> dict[str, Any]:
    """What the page and its passages are drawn from."""
    (part,) = [part for part in at.get("bidi_component") if part.key.startswith("map_")]
    return dict(json.loads(part.proto.json))


def words_of(at: AppTest) -> str:
    return " ".join(run["text"] or " ".join(run["cells"]) for block in drawn(at)["blocks"] for run in block["runs"])


def test_a_sheet_at_a_time(assistant_id: str) -> None:
    sheet = next(path for path in sample_files() if path.suffix == ".xlsx")
    sources.add_files(assistant_id, [(sheet.name, sheet.read_bytes())])
    work_off()
    at = opened("passages", assistant_id)
    assert "Sheet 1 of" in texts(at)
    first = words_of(at)
    version = sources.source(assistant_id, source_id(assistant_id, sheet.name)).version_id
    at.session_state[state.page_of(version).key] = 2
    run(at)
    assert "Sheet 2 of" in texts(at)
    assert words_of(at) != first


def test_a_pdf_shows_the_page_with_its_passages_on_it(assistant_id: str) -> None:
    pdf = next(path for path in sample_files() if path.suffix == ".pdf")
    sources.add_files(assistant_id, [(pdf.name, pdf.read_bytes())])
    work_off()
    at = opened("passages", assistant_id)
    assert "Page 1 of" in texts(at)
    data = drawn(at)
    assert data["picture"].startswith("data:image/png;base64,")
    assert all(passage["boxes"] for passage in data["passages"])
    view(at, "all")
    assert [part.key for part in at.get("bidi_component")] == ["menu_closer"]
    assert any("parcel" in block.value for block in at.html)


def test_a_text_is_shown_as_it_is_laid_out_with_its_passages(read: str) -> None:
    at = choose(opened("passages", read), read, "handbook.md")
    data = drawn(at)
    assert [block["kind"] for block in data["blocks"]][:2] == ["heading", "heading"]
    assert [passage["number"] for passage in data["passages"]] == [str(n + 1) for n in range(len(data["passages"]))]
    assert SENTENCE.format(1) in words_of(at)


def test_words_lead_to_their_page_and_choose_their_passage(read: str) -> None:
    at = choose(opened("passages", read), read, "handbook.md")
    assert SENTENCE.format(324) not in words_of(at)
    at.text_input(key="passage_words").set_value("number 324")
    run(at)
    assert SENTENCE.format(324) in words_of(at)
    data = drawn(at)
    (chosen,) = [passage for passage in data["passages"] if passage["number"] == str(data["chosen"])]
    assert "number 324" in " ".join(piece["text"] for piece in chosen["pieces"])
    assert data["words"] == ["number", "324"]
    assert "The chosen passage" in texts(at)


def test_what_looks_wrong_is_said_and_listed_alone(assistant_id: str) -> None:
    good = "# Rules\n\n" + "\n\n".join(f"## Rule {n}\n\n" + SENTENCE.format(n) * 25 for n in range(3))
    sources.add_files(assistant_id, [("rules.md", f"{good}\n\n# Appendix\n\nNone.".encode())])
    work_off()
    at = opened("passages", assistant_id)
    flawed = [passage for passage in drawn(at)["passages"] if passage["flaws"]]
    view(at, "wrong")
    assert "Looks wrong: very short" in texts(at).replace("\\", "")
    assert [block.value for block in at.html if "None." in block.value]
    assert not [block.value for block in at.html if SENTENCE.format(1) in block.value]
    assert all("very short" in passage["flaws"] for passage in flawed)


def test_a_long_source_is_drawn_before_it_is_judged(assistant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sources.add_files(assistant_id, [("rules.md", f"# Rules\n\nNone.\n\n{HANDBOOK}".encode())])
    work_off()
    judging = sys.modules["core.viewer.looks_wrong"]  # the room shows its function by this name
    monkeypatch.setattr(judging, "AT_ONCE", 1000)
    done: list[str] = []

    def noted(document: Document, passages: Sequence[Passage]) -> dict[int, tuple[Flaw, ...]]:
        done.append("judged")
        return flaws_of(document, passages)

    def drawn_with(_layout: object, cards: Sequence[dict[str, Any]], *_: object, **__: object) -> None:
        done.append("flaws" if any(card["flaws"] for card in cards) else "no flaws")

    monkeypatch.setattr(judging, "flaws_of", noted)
    monkeypatch.setattr(page_view, "draw_page_map", drawn_with)
    at = opened("passages", assistant_id)
    assert done == ["no flaws", "judged", "flaws"]
    assert "Looks wrong (1)" in at.get_by_key("passages_view").proto.options[2].content
    run(at)
    assert done[3:] == ["flaws"], "it is judged once"


def test_another_kind_is_tried_and_applied_to_this_source_alone(read: str) -> None:
    faq = "\n\n".join(f"Question {n}: what is rule {n}?\n\nRule {n} says that it holds." for n in range(8))
    sources.add_files(read, [("faq.txt", faq.encode())])
    work_off()
    at = choose(opened("passages", read), read, "faq.txt")
    assert "Cut as **questions and answers**" in texts(at)
    view(at, "trial")
    assert at.button(key="apply_cut").disabled
    at.selectbox(key=f"trial_kind_{source_id(read, 'faq.txt')}").select("text")
    run(at)
    assert "8 go" in texts(at).replace("*", "") or "8 change" in texts(at).replace("*", "")
    assert at.button(key="apply_cut").label == "Apply to this source"
    at.button(key="apply_cut").click()
    run(at)
    assert "Cut this source like that?" in texts(at) or "It will be cut again in the background" in texts(at)
    assert stored(read, "faq.txt") == 8
