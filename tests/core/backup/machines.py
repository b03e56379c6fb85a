"""Machines to make backups on and restore them to: each with a data folder, a database and a store of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core import pipeline
from core.assistants import lifecycle, sources
from core.assistants.assistants import assistant_called
from core.schema import Answer
from tests.conftest import _let_go
from tests.core.work import work_off

FILES = [
    (
        "Prices.md",
        b"# Prices\n\n## Parcels\n\nA parcel up to 5 kg costs 6.90 euros.\n\n## Letters\n\nA letter to Norway costs "
        b"1.25 euros and takes four days.\n\n## Insurance\n\nInsurance is free up to 500 euros.\n",
    ),
    (
        "Customs.txt",
        "A form CN23 is needed for every parcel that leaves the European Union.\n\nBatteries must not be sent by air. "
        "Whoever sends them by road declares them as class 9.\n\nZoll: Für Büchersendungen gilt die Freigrenze von 45 "
        "Euro.\n".encode(),
    ),
]
QUESTIONS = (
    "What does a letter to Norway cost?",
    "Which form does a parcel need that leaves the European Union?",
    "How are batteries declared?",
    "Who wrote Hamlet?",
)


@dataclass(frozen=True)
class Machine:
    """Where an Answerbook runs; an empty ``database_url`` is SQLite, an empty ``store`` LanceDB."""

    folder: Path
    database_url: str = ""
    store: tuple[tuple[str, str], ...] = ()


@contextmanager
def on(machine: Machine) -> Iterator[None]:
    """Be on a machine: whatever core does then is done there."""
    before = dict(os.environ)
    os.environ.update(
        {"ANSWERBOOK_DATA": str(machine.folder), "DATABASE_URL": machine.database_url, **dict(machine.store)}
    )
    _let_go()
    try:
        yield
    finally:
        _let_go()
        os.environ.clear()
        os.environ.update(before)


def fill(name: str = "Help") -> str:
    """Make an assistant that has read two files and was asked once."""
    made = lifecycle.create_assistant(name)
    sources.add_files(made, FILES)
    work_off()
    return made


def answers(name: str = "Help") -> list[tuple[str, list[tuple[str, int | None, str]]]]:
    """What an assistant of this name says to each question, with what it cites."""
    found = []
    for question in QUESTIONS:
        *_, last = pipeline.answer(assistant_called(name), question)
        assert isinstance(last, Answer)
        found.append((last.text, [(cited.source_name, cited.page, cited.quote) for cited in last.citations]))
    return found
