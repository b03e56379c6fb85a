"""A process that asks many questions at the same time, once it is told to begin: python -m … assistant count."""

import json
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from core import pipeline
from core.schema import Answer


def main(assistant_id: str, count: int) -> None:
    """Print "ready", wait for a line, ask; then print how many answers came of each kind, and their notes."""
    began = threading.Barrier(count)

    def asked(_: int) -> str:
        began.wait()
        *_pieces, answer = pipeline.answer(assistant_id, "How long does a parcel to Norway take?", asker="visitor")
        assert isinstance(answer, Answer)
        return f"{answer.kind}: {answer.note}"

    pipeline.retriever(assistant_id)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with ThreadPoolExecutor(count) as pool:
        sys.stdout.write(json.dumps(Counter(pool.map(asked, range(count)))))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
