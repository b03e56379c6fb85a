"""Words that the owner switched off by hand are told as that, and not as lost or outranked."""

from core import edits
from core.assistants import lifecycle, source_rows, sources
from core.explain import Cause, expected, search_test
from core.schema import EditKind, TextQuote
from tests.core.work import work_off


def test_switched_off_words_are_told_as_that_until_they_are_on_again(data_folder: object) -> None:
    made = lifecycle.create_assistant("Prices")
    sources.add_files(made, [("prices.txt", b"A letter costs 2 euro.\n\nA parcel costs 9 euro and takes two days.")])
    work_off()
    [row] = source_rows.source_rows(made)
    words = "A parcel costs 9 euro and takes two days."
    edits.add_edit(made, row.id, EditKind.OFF, TextQuote(words), "", "")
    work_off()

    told = expected(made, search_test(made, "What does a parcel cost?"), "parcel costs 9 euro")
    assert told is not None
    assert told.cause is Cause.SWITCHED_OFF
    edits.end_edit(made, row.id, told.places[0].edit_id, "")
    work_off()
    told = expected(made, search_test(made, "What does a parcel cost?"), "parcel costs 9 euro")
    assert told is not None
    assert told.cause is Cause.NOTHING
