"""Makes statements of the sentences of the written documents: said a little otherwise, or twisted in one point.

    python -m training.claims.twists --out FILE.jsonl [--most 40000] [--without FILE]

So the checker learns to look at the one word that counts; what says the same in quite other words it learns from the
statements that were written (``training.claims.examples``). ``--without`` names documents, one a line as "folder/name".
"""

import argparse
import json
import random
import re
from collections.abc import Sequence
from pathlib import Path

from core.answer.passage_spans import read_passage, shown_spans
from training.claims.examples import DOCUMENTS, passages_of

SHORTEST, LONGEST = 35, 230  # characters of a sentence
Rule = tuple[str, str]

SAME: tuple[Rule, ...] = (
    (r"\bmust not\b", "is not allowed to"),
    (r"\bmust\b", "has to"),
    (r"\bmust be\b", "needs to be"),
    (r"\bmay not\b", "is not allowed to"),
    (r"\bmay\b", "can"),
    (r"\bmay\b", "is allowed to"),
    (r"\bcannot\b", "can not"),
    (r"\bcannot\b", "is unable to"),
    (r"\bcan\b", "is able to"),
    (r"\bcan\b", "may"),
    (r"\bwithin\b", "in no more than"),
    (r"\bat least\b", "no less than"),
    (r"\bat least\b", "a minimum of"),
    (r"\bat most\b", "no more than"),
    (r"\bat most\b", "a maximum of"),
    (r"\bup to\b", "as much as"),
    (r"\bfree of charge\b", "at no cost"),
    (r"\bfree\b", "without charge"),
    (r"\bbefore\b", "prior to"),
    (r"\bafter\b", "following"),
    (r"\buntil\b", "up to"),
    (r"\bonly\b", "solely"),
    (r"\bevery\b", "each"),
    (r"\ball\b", "every one of the"),
    (r"\bcosts\b", "is charged at"),
    (r"\bcosts\b", "comes to"),
    (r"\bneeds?\b", "requires"),
    (r"\brequired\b", "needed"),
    (r"\breturn\b", "send back"),
    (r"\bbuy\b", "purchase"),
    (r"\bpay\b", "be charged"),
    (r"\bunless\b", "except if"),
    (r"\bwithout\b", "with no"),
    (r"\bchildren\b", "kids"),
    (r"\bincluded\b", "part of it"),
    (r"\bin writing\b", "by letter or mail"),
    (r"\bask\b", "request"),
    (r"\bbegins?\b", "starts"),
    (r"\bends?\b", "finishes"),
    (r"\bstarts?\b", "begins"),
    (r"\bforbidden\b", "not allowed"),
    (r"\bnot allowed\b", "forbidden"),
    (r"\bopen\b", "not closed"),
    (r"\bclosed\b", "not open"),
    (r"\bwe\b", "they"),
    (r"\bwe\b", "the company"),
    (r"\bour\b", "their"),
    (r"\byou\b", "customers"),
    (r"\bfor example\b", "for instance"),
    (r"\bmuss\b", "hat zu"),
    (r"\bdarf nicht\b", "ist nicht erlaubt zu"),
    (r"\bmindestens\b", "wenigstens"),
    (r"\bhöchstens\b", "maximal"),
    (r"\bkostenlos\b", "ohne Berechnung"),
    (r"\binnerhalb von\b", "binnen"),
    (r"\bspätestens\b", "nicht später als"),
    (r"\bwir\b", "das Unternehmen"),
    (r"\bnur\b", "ausschließlich"),
)

OTHER: tuple[tuple[str, ...], ...] = (
    ("before", "after"),
    ("more than", "less than"),
    ("at least", "at most"),
    ("from", "until"),
    ("may", "must"),
    ("can", "must"),
    ("should", "must"),
    ("included", "excluded"),
    ("included", "charged extra"),
    ("free", "charged"),
    ("free of charge", "for a fee"),
    ("all", "some"),
    ("all", "most"),
    ("every", "no"),
    ("any", "no"),
    ("always", "sometimes"),
    ("never", "sometimes"),
    ("with", "without"),
    ("first", "last"),
    ("inside", "outside"),
    ("buyer", "seller"),
    ("tenant", "landlord"),
    ("employer", "employee"),
    ("sender", "recipient"),
    ("customer", "company"),
    ("we", "you"),
    ("our", "your"),
    ("us", "you"),
    ("morning", "evening"),
    ("earlier", "later"),
    ("up to", "over"),
    ("allowed", "forbidden"),
    ("accept", "refuse"),
    ("accepted", "refused"),
    ("open", "closed"),
    ("day", "week", "month"),
    ("days", "weeks", "months"),
    ("hour", "day"),
    ("hours", "days", "minutes"),
    ("month", "year"),
    ("months", "years"),
    ("monday", "tuesday", "friday"),
    ("saturday", "sunday"),
    ("january", "march", "june"),
    ("april", "july", "september"),
    ("working days", "calendar days"),
    ("gross", "net"),
    ("summer", "winter"),
    ("parents", "children"),
    ("adults", "children"),
    ("left", "right"),
    ("hot", "cold"),
    ("dry", "wet"),
    ("high", "low"),
    ("higher", "lower"),
    ("above", "below"),
    ("top", "bottom"),
    ("new", "used"),
    ("lost", "damaged"),
    ("paid", "unpaid"),
    ("online", "by post"),
    ("by phone", "by e-mail"),
    ("in writing", "by phone"),
    ("manager", "team leader"),
    ("owner", "user"),
    ("guest", "host"),
    ("driver", "passenger"),
    ("supplier", "customer"),
    ("if", "unless"),
    ("if", "even if"),
    ("only if", "even if"),
    ("unless", "if"),
    ("once", "twice"),
    ("each", "the first"),
    ("per person", "per room"),
    ("per day", "per week"),
    ("per month", "per year"),
    ("a year", "a month"),
    ("or", "and"),
    ("both", "neither"),
    ("is", "is not"),
    ("are", "are not"),
    ("can", "cannot"),
    ("may", "may not"),
    ("must", "need not"),
    ("will", "will not"),
    ("has", "does not have"),
    ("is not", "is"),
    ("are not", "are"),
    ("cannot", "can"),
    ("do not", "do"),
    ("does not", "does"),
    ("not", ""),
    ("no", "a"),
    ("only", ""),
    ("also", "only"),
    ("too", "not"),
    ("vor", "nach"),
    ("mindestens", "höchstens"),
    ("darf", "muss"),
    ("dürfen", "müssen"),
    ("kann", "muss"),
    ("alle", "einige"),
    ("nur", "auch"),
    ("nur", ""),
    ("mit", "ohne"),
    ("ist", "ist nicht"),
    ("sind", "sind nicht"),
    ("nicht", ""),
    ("kein", "ein"),
    ("keine", "eine"),
    ("wird", "wird nicht"),
    ("werden", "werden nicht"),
    ("Tage", "Wochen"),
    ("Tagen", "Wochen"),
    ("Monate", "Jahre"),
    ("Stunden", "Tage"),
    ("kostenlos", "kostenpflichtig"),
    ("Mieter", "Vermieter"),
    ("wenn", "auch wenn"),
    ("immer", "manchmal"),
    ("inklusive", "zuzüglich"),
    ("täglich", "wöchentlich"),
    ("morgens", "abends"),
    ("erste", "letzte"),
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NAME = re.compile(r"(?<=[a-zäöü,] )[A-ZÄÖÜ][\wäöüß-]{2,}")
_LEADING = re.compile(r"^(If|When|Where|Unless|Before|After|Once|While) ([^,]{8,90}), (.{10,})$", re.DOTALL)
_BRACKETS = re.compile(r"\s*\([^()]{2,80}\)")
_OPENINGS = ("", "", "", "", "Yes, ", "No, ", "According to the document, ", "In short: ", "Please note: ")


def lower_first(text: str) -> str:
    """Write a sentence's first letter small where it is no name or abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def said_otherwise(sentence: str) -> str:
    """Say the same a little otherwise."""
    words = sentence
    if (match := _LEADING.match(words)) and random.random() < 0.7:
        head, condition, rest = match.groups()
        words = f"{rest[:1].upper()}{rest[1:].rstrip('.')} {head.lower()} {condition}."
    if random.random() < 0.4:
        words = _BRACKETS.sub("", words)
    for pattern, other in random.sample(SAME, len(SAME)):
        if random.random() < 0.6 and re.search(pattern, words):
            words = re.sub(pattern, other, words, count=1)
    return words


def twisted(sentence: str, names: Sequence[str]) -> str:
    """Change one thing so that something else is said; "" where nothing is found to change."""
    ways: list[str] = []
    for group in OTHER:
        for word in group:
            if not word:
                continue
            found = list(re.finditer(rf"\b{re.escape(word)}\b", sentence, re.IGNORECASE))
            if found and word in ("is", "are", "not", "or", "if", "from", "mit", "ist") and len(found) > 1:
                continue
            for match in found[:1]:
                other = random.choice([each for each in group if each != word])
                other = other.capitalize() if match.group()[:1].isupper() and other else other
                ways.append(f"{sentence[: match.start()]}{other}{sentence[match.end() :]}")
    for match in _NUMBER.finditer(sentence):
        number = match.group()
        changed = str(max(1, int(re.sub(r"\D", "", number)[:6]) + random.choice((-2, -1, 1, 2, 5, 10, 20))))
        if changed != number:
            ways.append(f"{sentence[: match.start()]}{changed}{sentence[match.end() :]}")
    for match in _NAME.finditer(sentence):
        if others := [name for name in names if name not in sentence]:
            ways.append(f"{sentence[: match.start()]}{random.choice(others)}{sentence[match.end() :]}")
    words = random.choice(ways) if ways else ""
    return re.sub(r" {2,}", " ", words).replace(" .", ".").replace(" ,", ",")


def main() -> None:
    """Write pairs: a sentence said otherwise and twisted, each with the span it comes from."""
    parser = argparse.ArgumentParser("python -m training.claims.twists")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, default=40_000)
    parser.add_argument("--without", type=Path)
    options = parser.parse_args()
    random.seed(0)
    without = set(options.without.read_text().split()) if options.without else set()
    paths = [path for path in DOCUMENTS.glob("*/*.md") if not path.parent.name.startswith(("unseen", "across"))]
    made = 0
    with options.out.open("w", encoding="utf-8") as out:
        for path in random.sample(paths, len(paths)):
            if f"{path.parent.name}/{path.stem}" in without:
                continue
            passages = passages_of(path)
            names = sorted({match for p in passages for match in _NAME.findall(p.hit.passage.text)})
            for passage in passages:
                read = read_passage(passage, (), "")
                for span, (around, shown) in shown_spans(read).items():
                    single = len(span.segments) == 1 and read.split[span.segments[0]].kind != "row"
                    words = re.sub(r"^\d+[.)]\s+|[*_`]", "", shown)
                    if not single or not SHORTEST <= len(words) <= LONGEST or random.random() < 0.3:
                        continue
                    for true, claim in ((True, said_otherwise(words)), (False, twisted(words, names))):
                        if not claim:
                            continue
                        if not true and random.random() < 0.5:
                            claim = said_otherwise(claim)
                        opening = random.choice(_OPENINGS)
                        claim = f"{opening}{lower_first(claim)}" if opening else claim
                        line = {"claim": claim, "around": around, "shown": shown, "true": true, "other": False}
                        out.write(json.dumps(line, ensure_ascii=False) + "\n")
                        made += 1
            if made >= options.most:
                break
    print(made)


if __name__ == "__main__":
    main()
