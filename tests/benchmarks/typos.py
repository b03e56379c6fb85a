"""What one slip of the finger in a question costs: Natural Questions as they were asked, and with a typo in each.

    python -m tests.benchmarks.typos [--questions 300] [--json OUT]

The typo is in the question's rarest word, where it hurts most: two letters swapped, one dropped, doubled or replaced.
The data is looked for where tests/benchmarks/quality.py looks for it.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.quality import Asked, Figures, data_folder, hit_rates, index, natural_questions

MOST_LOST = 0.03
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[a-z]{4,}", re.IGNORECASE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print both shares; the exit status is 1 where more is lost than may be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, help="only so many, the same each time")
    parser.add_argument("--json", type=Path, help="write the figures into this file as well")
    options = parser.parse_args(arguments)
    folder = data_folder()
    if folder is None:
        print("The measuring data is not on this machine.")
        return 0
    documents, asked = natural_questions(folder)
    counts = Counter(word.casefold() for _, document in documents for word in set(_WORD.findall(document.text)))
    asked = random.Random(7).sample(asked, min(options.questions or len(asked), len(asked)))
    slipped = with_typos(asked, counts)
    with index(documents) as made:
        figures: dict[str, Figures] = {
            "as asked": hit_rates(made, asked, parts=False),
            "with a typo": hit_rates(made, slipped, parts=False),
        }
    for name, values in figures.items():
        print(f"{name:12}", *(f"{key} {value:.3f}" for key, value in values.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    lost = figures["as asked"]["hit@5"] - figures["with a typo"]["hit@5"]
    print(f"lost: {lost:.3f}; {MOST_LOST} may be")
    return int(lost > MOST_LOST)


def with_typos(asked: Sequence[Asked], counts: Mapping[str, int]) -> list[Asked]:
    """Return the questions, each with one typo in the word that the fewest passages hold; seeded."""
    chance = random.Random(11)
    return [replace(each, question=with_typo(each.question, counts, chance)) for each in asked]


def with_typo(question: str, counts: Mapping[str, int], chance: random.Random) -> str:
    """Return a question with one typo, not in the first letter; one without a word of four letters stays as it is."""
    known = [found for found in _WORD.finditer(question) if counts.get(found.group().casefold())]
    if not known:
        return question
    rarest = min(known, key=lambda found: counts[found.group().casefold()])
    return question[: rarest.start()] + misspelt(rarest.group(), chance) + question[rarest.end() :]


def misspelt(word: str, chance: random.Random) -> str:
    """Return a word with two letters swapped, or one dropped, doubled or replaced; never the same word."""
    while True:
        place, slip = chance.randrange(1, len(word) - 1), chance.randrange(4)
        before, letter, after = word[:place], word[place], word[place + 1 :]
        changed = (
            before + after[0] + letter + after[1:],
            before + after,
            before + letter + letter + after,
            before + chance.choice(LETTERS) + after,
        )[slip]
        if changed != word:
            return changed


if __name__ == "__main__":
    sys.exit(main())
