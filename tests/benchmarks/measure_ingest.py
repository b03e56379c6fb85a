"""How fast files become passages that can be found: by file type, and against the floor on the same PDFs."""

from pathlib import Path
from typing import Any

from tests.benchmarks.measured import SAMPLES, Line, Skipped, in_child, report_pdfs, shared_data
from tests.benchmarks.throwaway import import_files, throwaway_data

TYPES = ("pdf", "docx", "pptx", "xlsx", "html", "md", "txt", "csv", "eml", "epub", "odt", "rtf", "msg")
PAGED = ("pdf", "pptx")  # pages and slides; what a Word file calls a page depends on who opens it
LEAST_BYTES = 3_000  # files smaller than this measure the queue, not the reading
QUICK_BYTES = 400_000
FLOOR_TIMES = 2.0


def by_type(quick: bool) -> list[Line]:
    """Import the files of each type as one batch; MB and pages (where there are pages) a second."""
    lines: list[Line] = []
    with throwaway_data():
        _warm()
        for kind in TYPES:
            files = _files(kind, quick)
            if not files:
                continue
            done = import_files((path.name, path) for path in files)
            seconds = f"{done.read} of {len(files)} files, {done.passages:,} passages in {done.seconds:.1f} s"
            lines.append(Line(kind, done.megabytes / done.seconds, "MB/s", note=seconds))
            if kind in PAGED:
                lines.append(Line(kind, done.pages / done.seconds, "pages/s"))
    return lines


def _files(kind: str, quick: bool) -> list[Path]:
    shared = shared_data()
    found = sorted((shared / "real_files").glob(f"*.{kind}")) if shared else []
    found = [path for path in found if path.stat().st_size >= LEAST_BYTES] or sorted(SAMPLES.glob(f"*.{kind}"))
    return [path for path in found if path.stat().st_size <= QUICK_BYTES][:4] if quick else found


def _warm() -> None:
    """Load what the first import of a process loads once: LanceDB, the embedding, the database."""
    from core.embed import embedding

    if SAMPLES.is_dir():
        import_files((path.name, path) for path in sorted(SAMPLES.glob("*.md")))
    embedding("wordllama-256").embed_query("warm")


def against_floor(quick: bool) -> list[Line]:
    """Import the same PDFs with Answerbook and with the bare floor, each in a fresh process."""
    count = 4 if quick else None
    ours = in_child("measure_ingest:seconds_of_ours", count)
    floor = in_child("measure_ingest:seconds_of_floor", count)
    pdfs = report_pdfs(count)
    size = sum(path.stat().st_size for path in pdfs) / 1_000_000
    note = f"{len(pdfs)} PDFs, {size:.1f} MB, {ours['pages']:,} pages"
    return [
        Line("Answerbook", ours["seconds"], "s", note=f"{note}, {ours['passages']:,} passages"),
        Line(
            "floor",
            floor["seconds"],
            "s",
            note=", ".join(f"{name} {part:.1f}" for name, part in floor["parts"].items()),
        ),
        Line("Answerbook / floor", ours["seconds"] / floor["seconds"], "times", most=FLOOR_TIMES),
        Line("Answerbook", ours["pages"] / ours["seconds"], "pages/s"),
    ]


def seconds_of_ours(count: int | None) -> dict[str, Any]:
    """Import PDFs as the Knowledge page does, in a process that has not imported anything before."""
    with throwaway_data():
        done = import_files((path.name, path) for path in report_pdfs(count))
    if done.refused:
        raise Skipped(f"{done.refused[0][0]} was not read: {done.refused[0][1]}")
    return {"seconds": done.seconds, "pages": done.pages, "passages": done.passages}


def seconds_of_floor(count: int | None) -> dict[str, Any]:
    """Import the same PDFs with the floor; ``parts`` are its seconds by step."""
    from tests.benchmarks.floor import floor_ingest

    done = floor_ingest(report_pdfs(count))
    return {"seconds": done.seconds, "parts": done.parts}
