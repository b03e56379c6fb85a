"""How well, how fast and in how much memory scans are read: `python -m tests.benchmarks.recognition FOLDER`.

FOLDER holds reports as PDF (shared/data/sec_10q/documents). Pages whose words are known are drawn as scanners do, put
into PDFs of nothing but pictures, and read; a word counts as read as often as it stands on the page.
"""

import argparse
import io
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psutil
import pypdfium2
from PIL import Image

from core.load import LoadLimits, Sandbox, load
from core.sample import sample_files
from core.schema import Document

LIMITS = LoadLimits(seconds=300, memory_megabytes=2048, pages=500, megabytes=100)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Scanner:
    """How a page becomes a picture."""

    name: str
    dpi: int
    grey: bool = False
    skew: float = 0.0


SCANNERS = (
    Scanner("150 dpi", 150),
    Scanner("200 dpi", 200),
    Scanner("150 dpi, grey", 150, grey=True),
    Scanner("200 dpi, skewed by 2 degrees", 200, skew=2.0),
    Scanner("150 dpi, grey, skewed by -2 degrees", 150, grey=True, skew=-2.0),
)


def scanned(path: Path, pages: list[int], scanner: Scanner) -> bytes:
    """Return a PDF of pictures of these pages (from 0), as JPEG of quality 60."""
    document = pypdfium2.PdfDocument(path)
    pictures = []
    for number in pages:
        picture = document[number].render(scale=scanner.dpi / 72).to_pil().convert("L" if scanner.grey else "RGB")
        if scanner.skew:
            picture = picture.rotate(scanner.skew, Image.Resampling.BICUBIC, fillcolor="white")
        pictures.append(picture)
    stream = io.BytesIO()
    pictures[0].save(stream, "PDF", save_all=True, append_images=pictures[1:], resolution=scanner.dpi, quality=60)
    return stream.getvalue()


def page_words(document: Document, number: int) -> Counter[str]:
    """Count the words of page ``number`` (from 0)."""
    starts = [*document.page_starts, len(document.text)]
    return Counter(_WORD.findall(document.text[starts[number] : starts[number + 1]].casefold()))


class Watch:
    """Follows the child's memory and processor time."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.peak = 0.0
        self.over = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def processor(self) -> float:
        times = psutil.Process(self.sandbox.process_id).cpu_times()
        return times.user + times.system

    def _look(self) -> None:
        while not self.over.wait(0.02):
            try:
                if self.sandbox.process_id:
                    self.peak = max(self.peak, psutil.Process(self.sandbox.process_id).memory_info().rss / 1_000_000)
            except psutil.Error:
                continue


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--missing", action="store_true", help="print the words that were not read")
    arguments = parser.parse_args()
    reports = sorted(arguments.folder.glob("*.pdf"))[:5]
    samples = [path for path in sample_files() if path.suffix == ".pdf"]
    sandbox = Sandbox()
    watch = Watch(sandbox)
    all_words = all_read = pages = 0
    began = time.monotonic()
    for number, scanner in enumerate(SCANNERS):
        chosen = [(reports[number % len(reports)], [2 + number, 8 + number, 14 + number])]
        chosen.append((samples[number % len(samples)], [number // len(samples) % 2]))
        words = read = 0
        seconds = processor = 0.0
        for path, wanted in chosen:
            truth = load(path.read_bytes(), path.name, limits=LIMITS, sandbox=sandbox)
            data = scanned(path, wanted, scanner)
            started, spent = time.monotonic(), watch.processor()
            document = load(data, "scan.pdf", limits=LIMITS, sandbox=sandbox)
            seconds, processor = seconds + time.monotonic() - started, processor + watch.processor() - spent
            for at, page in enumerate(wanted):
                known, found = page_words(truth, page), page_words(document, at)
                words, read, pages = words + known.total(), read + (known & found).total(), pages + 1
                if arguments.missing:
                    print("   ", path.name, page + 1, dict(known - found), "for", dict(found - known))
        count = sum(len(wanted) for _, wanted in chosen)
        print(
            f"{scanner.name}: word recall {read / words:.4f} of {words} words, {count} pages, "
            f"{seconds / count:.1f} s a page ({processor / count:.1f} s of processor)"
        )
        all_words, all_read = all_words + words, all_read + read
    watch.over.set()
    sandbox.close()
    print(
        f"{pages} pages: word recall {all_read / all_words:.4f}, {time.monotonic() - began:.0f} s in all, "
        f"peak memory of the child {watch.peak:.0f} MB"
    )


if __name__ == "__main__":
    main()
