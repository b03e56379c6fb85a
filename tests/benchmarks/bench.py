"""All measures in one run: speed, memory, and the quality of the search where its corpora are on this machine.

    python -m tests.benchmarks.bench [--json build/bench.json] [--quick] [--only ingest,search]
    python -m tests.benchmarks.bench --only readers --against REVISION [--folder FILES]

Everything happens in temporary folders. A measure that cannot be taken here is told as skipped, with the reason.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.measured import Line, Skipped, in_child, lines_from

MEASURES = {
    "floor": ("Reading files against the floor", "measure_ingest:against_floor"),
    "ingest": ("Reading files by type", "measure_ingest:by_type"),
    "readers": ("Reading alone by type", "measure_readers:by_type"),
    "tables": ("Tables", "measure_tables:in_place"),
    "search": ("Search", "measure_search:at_sizes"),
    "weaviate": ("Weaviate beside its bare client", "measure_weaviate:beside_bare"),
    "answer": ("Answering", "measure_answer:before_model"),
    "quotes": ("Answering without a key", "measure_answer:to_quotes"),
    "visitors": ("Visitors at once", "measure_visitors:at_once"),
    "start": ("Starting", "measure_start:start_up"),
    "pages": ("Pages", "measure_pages:click_to_page"),
    "passages": ("Passages of long sources", "measure_passages:long_sources"),
    "memory": ("Memory", "measure_memory:memory"),
    "quality": ("Quality of the search", "measure_quality:quality"),
}
SECONDS = 1200.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure that was run: its lines, or why there are none."""

    name: str
    title: str
    seconds: float
    lines: tuple[Line, ...] = ()
    skipped: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measures, print the table as it grows, write the JSON; 0 also where a target was missed."""
    parser = argparse.ArgumentParser(
        "python -m tests.benchmarks.bench", description="Measure search quality and speed."
    )
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="by default build/bench.json")
    parser.add_argument("--quick", action="store_true", help="small sizes, for a first look")
    parser.add_argument("--only", default=",".join(MEASURES), help=f"some of: {', '.join(MEASURES)}")
    parser.add_argument("--against", default="", metavar="REVISION", help="readers: compare with those of a commit")
    parser.add_argument("--folder", default="", help="readers: read the files of this folder")
    options = parser.parse_args(arguments)
    chosen = [name for name in options.only.split(",") if name]
    if unknown := sorted(set(chosen) - set(MEASURES)):
        parser.error(f"there is no measure called {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    done = []
    for name in chosen:
        more = (options.against, options.folder) if name == "readers" else ()
        done.append(run(name, options.quick, *more))
        print(table(done[-1]), flush=True)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report(done, options.quick), indent=1) + "\n", encoding="utf-8")
    return 0


def run(name: str, quick: bool, *more: str) -> Measured:
    """Run one measure in a process of its own; never raises for what goes wrong in it."""
    title, function = MEASURES[name]
    began = time.perf_counter()
    try:
        lines = tuple(lines_from(in_child(function, quick, *more, seconds=SECONDS)))
    except Skipped as why:
        return Measured(name, title, time.perf_counter() - began, skipped=str(why))
    return Measured(name, title, time.perf_counter() - began, lines)


def report(done: Sequence[Measured], quick: bool) -> dict[str, Any]:
    """Return everything measured as it is written to the JSON."""
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    measures = [
        {
            **asdict(measured),
            "seconds": round(measured.seconds, 1),
            "lines": [{**asdict(line), "value": round(line.value, 4), "met": line.met} for line in measured.lines],
        }
        for measured in done
    ]
    return {"machine": machine, "load": _load(), "quick": quick, "measures": measures}


def _load() -> float | None:
    """Return how many processes wanted the processor in the last minutes: a busy machine measures slow."""
    return round(os.getloadavg()[1], 2) if hasattr(os, "getloadavg") else None


def table(measured: Measured) -> str:
    """Return one measure as lines for people."""
    lines = [f"\n{measured.title} ({measured.seconds:.0f} s)"]
    if measured.skipped:
        return f"{lines[0]}\n  skipped: {measured.skipped}"
    for line in measured.lines:
        number = (
            f"{line.value:,.0f}"
            if line.value >= 100
            else f"{line.value:.1f}"
            if line.value >= 10
            else f"{line.value:.3g}"
        )
        target = ""
        if line.met is not None:
            bound = f"at most {line.most:g}" if line.most is not None else f"at least {line.least:g}"
            target = f"{bound}: {'met' if line.met else 'MISSED'}"
        lines.append(f"  {line.name:38} {number:>8} {line.unit:8} {target:22} {line.note}".rstrip())
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
