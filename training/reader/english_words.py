"""Makes core/foreign/words/english.npz and english.txt: the English words into which questions are glossed.

    python -m training.reader.english_words [--out FOLDER]

The words are those of the written English documents, by how many of them, and of the questions to them, have each:
names stand in few. Their vectors in the space of 16 languages are turned to the directions in which they differ most,
and kept as int8.
"""

import argparse
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np

from core.embed import across_vectors
from core.foreign.gloss import WORDS

DOCUMENTS = Path(__file__).parent / "documents"
MOST, IN_DOCUMENTS, WIDTH = 8_000, 3, 256
SHARE_OF_SMALL = 0.06  # of the words of an English text: the, and, of, is
_SMALL = {"the", "and", "of", "is"}


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser("python -m training.reader.english_words")
    parser.add_argument("--out", type=Path, default=WORDS)
    out = parser.parse_args().out
    words = english_words()
    vectors = across_vectors(words)
    turn = np.linalg.svd(vectors[:: max(1, len(words) // 4_000)], full_matrices=False)[2][:WIDTH]
    turned = vectors @ turn.T
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    kept = np.clip(np.round(turned * 256), -127, 127).astype(np.int8)
    whole = np.argsort(-(vectors[:400] @ vectors.T), axis=1)[:, 1]
    small = np.argsort(-(turned[:400] @ kept.T.astype(np.float32)), axis=1)[:, :2]
    print(len(words), "words; same neighbour", float(np.mean([a in b for a, b in zip(whole, small, strict=True)])))
    np.savez_compressed(out / "english.npz", vectors=kept, turn=turn.astype(np.float16))
    (out / "english.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


def english_words() -> list[str]:
    """Return the words, those of the most documents first."""
    written: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for path in sorted(DOCUMENTS.glob("*/*.md")):
        words = _words(path.read_text(encoding="utf-8"))
        if sum(word in _SMALL for word in words) < SHARE_OF_SMALL * len(words):
            continue
        written.update(set(words))
        if not path.parent.name.startswith(("unseen", "across")):
            lines = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
            asked.update(set(_words(" ".join(json.loads(line)["question"] for line in lines))))
    # What is only asked may be mistyped.
    common = {word: number + asked[word] for word, number in written.items() if number >= IN_DOCUMENTS}
    return sorted(common, key=lambda word: (-common[word], word))[:MOST]


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]+", text.casefold()) if word.isascii() and len(word) > 1]


if __name__ == "__main__":
    main()
