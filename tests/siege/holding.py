"""Holds what is there against what was promised; a broken promise ends the siege with a sentence."""

import time
from collections.abc import Sequence
from pathlib import Path

from tests.e2e.server import Server
from tests.siege.promises import Promises, Rule, Step, steps_in

DRAIN_SECONDS = 180.0


def settled(assistant_id: str, promises: Promises, unanswered: Step | None) -> Promises:
    """Hold the database against the promises; what was not answered may have happened wholly, or not at all."""
    present = state(assistant_id)
    possible = [promises, *([promises.after(unanswered)] if unanswered else [])]
    for outcome in possible:
        if present == (outcome.here, outcome.binned, sorted(outcome.questions)):
            return outcome
    raise SystemExit(f"LOST OR DOUBLED: {difference(present, possible[-1])} (unanswered: {unanswered})")


def difference(present: tuple[dict[str, object], dict[str, object], list[str]], wanted: Promises) -> str:
    """Say what is there and was not promised, and the other way round."""
    parts = zip(("here", "bin"), present[:2], (wanted.here, wanted.binned), strict=True)
    words = [f"{part}: {set(is_.items()) ^ set(should.items())}" for part, is_, should in parts]
    return "; ".join([*words, f"questions: {set(present[2]) ^ set(wanted.questions)}"])


def state(assistant_id: str) -> tuple[dict[str, object], dict[str, object], list[str]]:
    """Return what the database holds: files by name with what they say, those in the bin, all questions."""
    from sqlmodel import col, select

    from core.assistants.sources import newest_version
    from core.database import Message, Original, Source, session

    here: dict[str, object] = {}
    binned: dict[str, object] = {}
    with session() as db:
        for source in db.exec(select(Source).where(Source.assistant_id == assistant_id)).all():
            version = newest_version(db, source.id)
            original = db.get(Original, version.original_hash) if version else None
            part = binned if source.deleted_at else here
            if source.name in part:
                raise SystemExit(f"DOUBLED: {source.name}")
            part[source.name] = rule_in(original.body if original else b"")
        questions = sorted(db.exec(select(Message.text).where(col(Message.role) == "user")).all())
    return here, binned, questions


def rule_in(body: bytes) -> object:
    """Read a file's rule back from its bytes; the bytes themselves where they are not a whole rule."""
    words = body.decode().split()
    if len(words) < 8:
        return body
    rule = Rule(words[3], int(words[6]), body.count(b"## Part"))
    return rule if rule.text() == body else body


def worked_off() -> None:
    """Wait until no job waits or runs."""
    from core import jobs

    until = time.monotonic() + DRAIN_SECONDS
    while jobs.active_count():
        if time.monotonic() > until:
            raise SystemExit(f"STUCK: {jobs.active_count()} jobs after {DRAIN_SECONDS} s")
        time.sleep(0.1)


def held(data: Path, assistant_id: str, lines: Sequence[bytes]) -> str:
    """Hold what is there against what an owner's lines promised, Retry pressed on what failed; say what was seen."""
    done, unanswered = steps_in(b"".join(lines))
    promises = settled(assistant_id, Promises().after_all(done), unanswered)
    files = drained(data, assistant_id, promises, retry=True)
    refusals = sum(b'"refused"' in line for line in lines)
    return f"{len(done)} steps acknowledged, {refusals} refused in words, {files} files found"


def drained(data: Path, assistant_id: str, promises: Promises, *, retry: bool = False) -> int:
    """Let the server work off its queue, then ask for every file; returns how many were found.

    What was at work at three kills in a row has failed with that sentence: Retry is pressed, as an owner would.
    ``retry``: on whatever failed, as after a disk was full.
    """
    from core import jobs, pipeline
    from core.assistants import source_rows
    from core.index import check_index

    server = Server(data).start()
    worked_off()
    failures = [row for row in source_rows.source_rows(assistant_id) if row.state == "failed"]
    failed = [row.job_id for row in failures if retry or row.code == "stopped_the_program"]
    if failed:
        print(f"Retry pressed on {len(failed)}: {failures[0].error}", flush=True)
        jobs.retry(failed)
        worked_off()
    rows = {row.name: row for row in source_rows.source_rows(assistant_id)}
    not_ready = {name: (row.state, row.error) for name, row in rows.items() if row.state != "ready"}
    if not_ready or set(rows) != set(promises.here):
        raise SystemExit(f"NOT READY: {not_ready} {set(rows) ^ set(promises.here)}")
    for rule in promises.here.values():
        texts = [hit.passage.text for hit in pipeline.search(assistant_id, f"What does the {rule.word} parcel cost?")]
        prices = [text for text in texts if f"{rule.word} parcel costs" in text]
        if len(prices) != 1 or f"costs {rule.price} euros" not in prices[0]:
            raise SystemExit(f"WRONG ANSWER for {rule}: {prices or texts[:2]}")
    for rule in promises.binned.values():
        hits = pipeline.search(assistant_id, f"What does the {rule.word} parcel cost?")
        if any(f"{rule.word} parcel" in hit.passage.text for hit in hits):
            raise SystemExit(f"DELETED AND STILL FOUND: {rule}")
    counts = check_index(assistant_id, repair=False)
    if counts["missing"] or counts["extra"]:
        raise SystemExit(f"STORE AND DATABASE DIFFER: {counts}")
    server.stop()
    return len(promises.here)
