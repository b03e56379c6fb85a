"""What the Passages page shows: the passages that are stored, their numbers, pages and tables."""

import pytest

from core.assistants import index_builds, lifecycle, source_rows, sources
from core.chunk import chunk
from core.errors import NotFound
from core.schema import Block, CutSettings, Document, Passage
from core.settings import settings
from core.store import store_named
from core.viewer import bar_step, cut_source, holding, length_counts, numbers, pieces_of
from core.viewer.passages import on_page, page_span
from tests.core.work import work_off

ROWS = "Country | Price\nFrance | 12\nSpain | 14"


def passage(ordinal: int, text: str, start: int = 0, context: str = "") -> Passage:
    return Passage(ordinal, start, start + len(text), text, context)


def table(text: str, *, kind: str = "docx", header: str = "Country | Price") -> Document:
    """A document of a paragraph, a table that begins at the word "Country", and a paragraph."""
    start = text.index("Country")
    end = text.rindex("14") + 2
    rows, place = [], start
    for line in text[start:end].split("\n"):
        rows.append((place, place + len(line)))
        place += len(line) + 1
    return Document(text, (Block("table", start, end, header=header, rows=tuple(rows)),), kind)


def whole(document: Document) -> Passage:
    return passage(0, document.text)


@pytest.mark.usefixtures("data_folder")
def test_the_passages_shown_are_the_ones_that_are_stored() -> None:
    made = lifecycle.create_assistant("Help")
    text = "# Rules\n\n" + "\n\n".join(f"## Rule {n}\n\n" + f"Item {n} is checked by hand. " * 60 for n in range(5))
    sources.add_files(made, [("rules.md", text.encode())])
    work_off()
    row = source_rows.source_rows(made)[0]
    shown = cut_source(made, row.id)
    scope = index_builds.scope_of(index_builds.live_build(made))
    stored = store_named(settings().preferred_store).neighbours(scope, shown.version_id, range(1000))
    assert [(p.start, p.end, p.text, p.context) for p in stored] == [
        (p.start, p.end, p.text, p.context) for p in shown.passages
    ]


@pytest.mark.usefixtures("data_folder")
def test_another_cut_is_only_looked_at() -> None:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("rules.txt", b"A sentence that says something. " * 300)])
    work_off()
    row = source_rows.source_rows(made)[0]
    tried = cut_source(made, row.id, CutSettings(300, 0))
    assert len(tried.passages) > len(cut_source(made, row.id).passages)
    assert source_rows.source_rows(made)[0].passages == len(cut_source(made, row.id).passages)


@pytest.mark.usefixtures("data_folder")
def test_a_source_that_was_not_read_says_so() -> None:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("rules.txt", b"A sentence.")])
    with pytest.raises(NotFound) as missing:
        cut_source(made, source_rows.source_rows(made)[0].id)
    assert missing.value.code == "not_read"


@pytest.mark.usefixtures("data_folder")
def test_a_source_of_another_assistant_is_not_found() -> None:
    made, other = lifecycle.create_assistant("Help"), lifecycle.create_assistant("Other")
    sources.add_files(made, [("rules.txt", b"A sentence.")])
    with pytest.raises(NotFound):
        cut_source(other, source_rows.source_rows(made)[0].id)


def test_numbers() -> None:
    found = numbers([passage(0, "a" * 100), passage(1, "b" * 300), Passage(2, 0, 800, "c" * 800, kind="table")])
    assert (found.passages, found.median, found.shortest, found.longest, found.tables) == (3, 300, 100, 800, 1)
    assert numbers([]).passages == 0


def test_lengths_are_counted_in_steps() -> None:
    assert length_counts([passage(0, "a" * n) for n in (10, 99, 100, 250)], 100) == [(0, 2), (100, 1), (200, 1)]
    assert length_counts([], 100) == []


@pytest.mark.parametrize(("longest", "step"), [(0, 25), (400, 25), (401, 50), (1600, 100), (8000, 500), (90000, 1000)])
def test_a_chart_has_few_bars_of_a_round_width(longest: int, step: int) -> None:
    assert bar_step(longest) == step


def test_words_are_looked_for_in_any_order_and_in_what_stands_in_front() -> None:
    both = [passage(0, "Parcels are heavy.", context="Prices"), passage(1, "Letters are light.")]
    assert holding(both, "HEAVY parcels") == [both[0]]
    assert holding(both, "prices heavy") == [both[0]]
    assert holding(both, "") == both


def test_a_page_has_the_passages_that_stand_on_it() -> None:
    document = Document("first page\n\nsecond page", (), "pdf", page_starts=(0, 12))
    ends_before, over_both, second = passage(0, "first"), passage(1, document.text), passage(2, "second", 12)
    assert page_span(document, 1) == (0, 12)
    assert page_span(document, 2) == (12, 23)
    assert on_page(document, [ends_before, over_both, second], 1) == [ends_before, over_both]
    assert on_page(document, [ends_before, over_both, second], 2) == [over_both, second]


def test_a_table_between_texts_is_given_as_rows() -> None:
    document = table(f"Before.\n\n{ROWS}\n\nAfter.")
    before, rows, after = pieces_of(document, whole(document))
    assert (before.text, before.rows, after.text) == ("Before.", (), "After.")
    assert rows.rows == (("Country", "Price"), ("France", "12"), ("Spain", "14"))


def test_a_part_of_a_table_gets_its_header_in_front() -> None:
    document = table(ROWS)
    start = ROWS.index("Spain")
    (part,) = pieces_of(document, passage(1, ROWS[start:], start))
    assert part.rows == (("Country", "Price"), ("Spain", "14"))


def test_a_table_that_goes_on_from_the_page_before_gets_the_header_there() -> None:
    document = table(ROWS, header="Land | Costs")
    (part,) = pieces_of(document, whole(document))
    assert part.rows[:2] == (("Land", "Costs"), ("Country", "Price"))


def test_a_table_without_a_header_has_an_empty_one() -> None:
    document = table(ROWS, header="")
    (part,) = pieces_of(document, whole(document))
    assert part.rows[:2] == (("", ""), ("Country", "Price"))


def test_commas_part_cells_only_in_a_csv_file() -> None:
    text = "Country,Price\nFrance,12\nSpain,14"
    (csv,) = pieces_of(table(text, kind="csv"), passage(0, text))
    assert csv.rows == (("Country", "Price"), ("France", "12"), ("Spain", "14"))
    (pdf,) = pieces_of(table(text, kind="pdf"), passage(0, text))
    assert (pdf.text, pdf.rows) == (text, ())


def test_nothing_of_a_passage_is_lost_in_its_pieces() -> None:
    document = table(f"Before.\n\n{ROWS}\n\nAfter.")
    for cut in (CutSettings(200, 0), CutSettings(20, 0)):
        for each in chunk(document, cut):
            pieces = "".join(piece.text for piece in pieces_of(document, each))
            assert "".join(pieces.split()) == "".join(each.text.split())
