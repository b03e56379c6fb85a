"""Vectors kept in files: what is near is found, and a file that is none, or another's, is as good as not there."""

from pathlib import Path

import numpy as np
import pytest

from core.embed import across_vectors
from core.errors import Cancelled
from core.foreign import VectorFolder, as_odds, nearest, vector_rows
from core.schema import Passage

TEXTS = [
    "The library opens at nine. Children under six need an adult with them. A lost card costs four euros.",
    "Zone | Price\nJapan | 32 euros\nNorway | 19 euros",
    "The museum was built in 1898 by a banker. It burned down in 1944 and was built again ten years later.",
]


def passages() -> list[Passage]:
    rows = ((0, 12), (13, 29), (30, 47))
    return [
        Passage(
            number, 0, len(text), text, table_header="Zone | Price" if number == 1 else "", rows=rows * (number == 1)
        )
        for number, text in enumerate(TEXTS)
    ]


def test_the_passage_whose_sentence_answers_comes_first(tmp_path: Path) -> None:
    folder = VectorFolder(tmp_path / "languages", "1-1600-200")
    assert folder.missing(["v1"]) == ["v1"]
    folder.write("v1", vector_rows(passages(), lambda: None))
    assert folder.missing(["v1", "v2"]) == ["v2"]
    for question, ordinal in (
        ("Was kostet eine verlorene Karte?", 0),
        ("¿Cuánto cuesta el envío a Noruega?", 1),
        ("博物馆是什么时候烧毁的？", 2),
    ):
        found, among = nearest(folder, ["v1", "v2"], across_vectors([question])[0], 2)
        assert found[0].ordinal == ordinal, question
        assert len(found) == 2
        assert among == 3 + 3 + 3 + 2
        assert as_odds(found[0].meaning, found[0].sentence, 0.0, among) > 0
    also, _ = nearest(
        folder, ["v1"], across_vectors(["Was kostet eine verlorene Karte?"])[0], 1, [("v1", 2), ("v1", 9)]
    )
    assert [each.ordinal for each in also] == [0, 2]


def test_whole_numbers_keep_what_is_near(tmp_path: Path) -> None:
    rows = vector_rows(passages(), lambda: None)
    kept = rows["vector"].astype(np.float32) * rows["scale"][:, None]
    wholes = across_vectors([passage.search_text for passage in passages()])
    assert ((kept[rows["whole"] == 1] * wholes).sum(axis=1) > 0.999).all()


@pytest.mark.parametrize("body", [b"", b"no numbers", b"\x93NUMPY\x01\x00"])
def test_a_file_that_is_none_is_passed_over(tmp_path: Path, body: bytes) -> None:
    folder = VectorFolder(tmp_path, "k")
    folder.path("v1").write_bytes(body)
    assert nearest(folder, ["v1"], np.ones(512, np.float32), 3) == ([], 0)
    folder.path("v1").write_bytes(b"\x93NUMPY" + bytes(146))
    assert folder.rows("v1") is None


def test_what_is_stopped_leaves_no_file(tmp_path: Path) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        vector_rows(passages(), stop)
    folder = VectorFolder(tmp_path, "k")
    folder.write("v1", vector_rows([], stop))
    assert [path.name for path in tmp_path.iterdir()] == [folder.path("v1").name]
    assert nearest(folder, ["v1"], np.ones(512, np.float32), 3) == ([], 0)
