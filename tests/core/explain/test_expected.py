"""Words that should have been found: the cause that is named is the one that keeps them back."""

import sys
from collections import Counter

import pytest

from core.explain import Cause, expected, search_test
from core.settings import settings
from tests.core.explain.made_cases import EACH, PAGES_READ, Case, make

LEAST_RIGHT = 0.9


@pytest.mark.timeout(900)
def test_the_right_cause_is_named(
    data_folder: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANSWERBOOK_FILE_PAGES", str(PAGES_READ))
    settings.cache_clear()
    made = make()
    assert len(made.cases) >= 60
    told: list[tuple[Case, Cause]] = []
    searched = {question: search_test(made.assistant_id, question) for question in {c.question for c in made.cases}}
    for case in made.cases:
        found = expected(made.assistant_id, searched[case.question], case.words)
        assert found is not None
        told.append((case, found.cause))
    with capsys.disabled():
        sys.stdout.write(f"\n{confusion(told)}\n")
    right = [case.cause == cause for case, cause in told]
    assert sum(right) / len(right) >= LEAST_RIGHT
    assert Counter(case.cause for case, _ in told) == dict.fromkeys({case.cause for case, _ in told}, EACH)


def confusion(told: list[tuple[Case, Cause]]) -> str:
    """A line for each cause with what it was taken for, one for each form, and what is wrong."""
    lines = ["What kept the words back, and what it was taken for:"]
    for cause in dict.fromkeys(case.cause for case, _ in told):
        taken = Counter(str(got) for case, got in told if case.cause == cause)
        lines.append(f"  {cause:16} {dict(taken)}")
    for form in dict.fromkeys(case.form for case, _ in told):
        right = [case.cause == got for case, got in told if case.form == form]
        lines.append(f"  {form:16} {sum(right)} of {len(right)}")
    lines += [f"  wrong: {case} -> {got}" for case, got in told if case.cause != got]
    right = [case.cause == got for case, got in told]
    return "\n".join([*lines, f"  right: {sum(right)} of {len(right)} = {sum(right) / len(right):.2f}"])
