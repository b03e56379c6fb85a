"""Two different files never become one source, and one file never two, however it is named."""

import itertools
import unicodedata

import pytest

from core.assistants import lifecycle, source_rows, sources
from core.assistants.source_names import NAME_LENGTH, clean_file_name, page_called

ROOT = "/".join(f"{number} a folder with quite a long name, as they are" for number in range(9))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("..\\..\\windows\\system.ini", "windows/system.ini"),
        ("C:\\x.txt", "C:/x.txt"),
        ("a\x00b.txt", "a b (72d70e73e26d).txt"),
        ("", "file without a name"),
        ("./a//b/../c.txt", "a/b/c.txt"),
        ("folder/sub/a.txt", "folder/sub/a.txt"),
        ("مهاجرت‌ها.pdf", "مهاجرت‌ها.pdf"),
        (unicodedata.normalize("NFD", "Größe und Maß é.pdf"), "Größe und Maß é.pdf"),
    ],
)
def test_a_name_is_only_ever_a_name(typed: str, shown: str) -> None:
    assert clean_file_name(typed) == shown


DIFFERENT = [
    "x .txt",
    "x.txt",
    "X.txt",
    "x.TXT",
    "x\u202e.txt",
    "x\u202d.txt",
    "x\u200b.txt",
    "x\ufeff.txt",
    "x\u00a0.txt",
    "x\u202f.txt",
    "x  .txt",
    " x.txt",
    "x.txt ",
    "x\t.txt",
    "x\n.txt",
    "x\x00.txt",
    "x\x01.txt",
    "x\ud800.txt",
    "x\u00ad.txt",
    "a/x.txt",
    "a/ /x.txt",
    "a /x.txt",
    "\u200b",
    "\u200b\u200b",
    "",
    ".txt",
    "x" * 400 + ".txt",
    "x" * 401 + ".txt",
    "y" + "x" * 400 + ".txt",
    "x" * 150 + "y" + "x" * 250 + ".txt",
    "x" * 400 + ".pdf",
    "x" * 400 + ".txt\u202e",
    f"Customer A/{ROOT}/contract.txt",
    f"Customer B/{ROOT}/contract.txt",
    "x" * 400 + "/a.txt",
    "x" * 400 + "/b.txt",
    "a." + "x" * 400,
    "b." + "x" * 400,
]


def test_different_names_stay_different_and_short_and_printable() -> None:
    names = [clean_file_name(name) for name in DIFFERENT]
    for one, other in itertools.combinations(range(len(names)), 2):
        assert names[one] != names[other], (DIFFERENT[one], DIFFERENT[other])
    for name in names:
        assert 0 < len(name) <= NAME_LENGTH
        assert name.isprintable()


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_cleaned_name_stays_as_it_is_and_keeps_its_ending(name: str) -> None:
    cleaned = clean_file_name(name)
    assert clean_file_name(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    if name.endswith(".txt") and len(name) > 4:
        assert cleaned.endswith(".txt")


@pytest.mark.usefixtures("database")
def test_a_folder_of_deep_paths_that_end_alike_is_as_many_sources() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    names = [f"Customer {letter}/{ROOT}/contract.txt" for letter in "ABCDEFGHIJ"]
    assert len({name[-NAME_LENGTH:] for name in names}) == 1
    added = sources.add_files(assistant_id, [(name, name.encode()) for name in names])
    assert {one.outcome for one in added} == {"new"}
    assert len(source_rows.source_rows(assistant_id)) == 10
    again = sources.add_files(assistant_id, [(names[3], b"changed"), (names[4], names[4].encode())])
    assert [one.outcome for one in again] == ["version", "unchanged"]
    assert len(source_rows.source_rows(assistant_id)) == 10


@pytest.mark.usefixtures("database")
def test_names_that_differ_in_what_is_not_seen_are_two_and_accents_are_one() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    names = ["x\u202e.txt", "x .txt", "Price.pdf", "price.pdf", "é.txt"]
    sources.add_files(assistant_id, [(name, name.encode()) for name in names])
    assert len(source_rows.source_rows(assistant_id)) == len(names)
    again = sources.add_files(assistant_id, [(unicodedata.normalize("NFD", "é.txt"), b"new")])
    assert again[0].outcome == "version"
    assert len(source_rows.source_rows(assistant_id)) == len(names)


@pytest.mark.usefixtures("database")
def test_a_name_that_is_typed_carries_no_mark() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("a.txt", b"a")])
    row = source_rows.source_rows(assistant_id)[0]
    for typed, shown in (("  my   prices.txt ", "my prices.txt"), ("\u200b", "file without a name")):
        sources.rename_source(assistant_id, row.id, typed)
        assert source_rows.source_rows(assistant_id)[0].name == shown
    sources.rename_source(assistant_id, row.id, "n" * 500)
    assert len(source_rows.source_rows(assistant_id)[0].name) <= NAME_LENGTH


def test_a_page_is_called_what_it_is_in_its_program() -> None:
    names = ("prices.xlsx", "mail/Talk.PPTX", "book.epub", "terms.pdf", "Our prices")
    assert [page_called(name) for name in names] == ["sheet", "slide", "chapter", "page", "page"]
