"""Hand edits go along to Weaviate and back: what is found and cited of them is the same on both stores."""

import pytest

from core import pipeline
from core.assistants import index_builds, lifecycle, source_rows, sources
from core.index import check_index, request_cut, request_store
from core.schema import Answer, Citation, CutSettings
from core.viewer import add_passage, ask_as, change_words, cut_source, seen, switch_off
from tests.core.edits.test_survival import TERMS
from tests.core.work import work_off

QUESTIONS = (
    "Within how many days can a parcel be returned?",
    "Is there a fine for settling a bill behind schedule?",
    "Is the shop closed in August?",
    "Are lithium batteries carried?",
)


def told(assistant_id: str, question: str) -> tuple[str, tuple[Citation, ...]]:
    last = list(pipeline.answer(assistant_id, question))[-1]
    assert isinstance(last, Answer)
    return last.text, last.citations


@pytest.mark.usefixtures("weaviate_data_folder")
def test_edits_survive_the_move_to_weaviate_and_back() -> None:
    assistant_id = lifecycle.create_assistant("Shop")
    sources.add_files(assistant_id, [("terms.md", TERMS.encode())])
    request_cut(assistant_id, CutSettings(300, 60))
    work_off()
    request_store("lancedb")
    work_off()
    shop = assistant_id, source_rows.source_rows(assistant_id)[0].id
    passage = next(each for each in cut_source(*shop).passages if "14 days" in each.text)
    assert change_words(*shop, seen(passage), passage.text.replace("14 days", "60 days"), "")
    passage = next(each for each in cut_source(*shop).passages if "Whoever pays late" in each.text)
    ask_as(*shop, seen(passage), QUESTIONS[1], "")
    add_passage(*shop, seen(cut_source(*shop).passages[0]), "In August the shop is closed for two weeks.", "")
    work_off()
    on_lance = [told(assistant_id, question) for question in QUESTIONS]
    assert "60 days" in on_lance[0][0]
    asked_for = on_lance[1][1][0]
    assert asked_for.passage_start <= cut_source(*shop).document.text.index("Whoever pays") < asked_for.passage_end
    assert "two weeks" in on_lance[2][0]
    for store in ("weaviate", "lancedb", "weaviate"):
        request_store(store)
        work_off()
        assert index_builds.live_build(assistant_id).store == store
        assert [told(assistant_id, question) for question in QUESTIONS] == on_lance
        check_index(assistant_id)  # the index from before still holds the version from before
        assert str(check_index(assistant_id, repair=False)["sentence"]).endswith("all there.")
    switch_off(*shop, seen(next(p for p in cut_source(*shop).passages if "60 days" in p.text)), "")
    work_off()
    assert "60 days" not in told(assistant_id, QUESTIONS[0])[0]
    assert "two weeks" in told(assistant_id, QUESTIONS[2])[0]
