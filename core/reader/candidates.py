"""Passages in, what could be quoted of them out: each sentence, list item and row with what stands around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from core.schema import Hit, StoredPassage, asked_besides
from core.text import Segment, SegmentKind, column_names, header_rows, row_cells, search_terms, segments_of

PASSAGES_KEPT = 200  # some 20 kB each: ranking, quoting and the next question look into the same ones
AROUND = 160  # characters of headings, and of the sentence before, that the reader is given
_LEADS = ("heading", "question")
_ONE_WORD = re.compile(r"[^\W\d_]{2,20}[.!]")
_ENDS = tuple('.!?…:;。！？｡"”’」』）)')


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence or row of ``hits[hit]``, its ``index`` there, and the terms of it and of what stands around it.

    ``bag`` holds each of its terms once; ``above`` are the terms of the heading or question over it, ``below`` how many
    segments lie between; ``before`` those of the sentence before it in its paragraph; ``context`` those of the
    passage's title, headings and source name. ``cut_off``: it ends where the passage does, in the middle. For the
    reader: ``shown`` are its words on one line (a row with the names of its columns), ``around`` the headings over it
    and the sentence before it.
    """

    hit: int
    index: int
    kind: SegmentKind
    words: str
    terms: tuple[str, ...]
    bag: frozenset[str]
    above: frozenset[str]
    below: int
    before: frozenset[str]
    context: frozenset[str]
    cut_off: bool
    shown: str = ""
    around: str = ""


def candidates(hits: Sequence[Hit], languages: Sequence[str]) -> tuple[list[tuple[Segment, ...]], list[Candidate]]:
    """Return the segments of each hit's passage, and what could be quoted, once each although passages overlap."""
    pool: list[Candidate] = []
    split: list[tuple[Segment, ...]] = []
    seen: set[tuple[str, int, int]] = set()
    for number, hit in enumerate(hits):
        spans, own = _of_passage(hit.passage, hit.source_name, tuple(languages))
        split.append(spans)
        # Offsets in a passage with words of the owner's are its own: no other passage has the same words there.
        of = f"{hit.passage.version_id} {hit.passage.ordinal}" if hit.passage.patches else hit.passage.version_id
        for candidate in own:
            span = spans[candidate.index]
            key = (of, hit.passage.start + span.start, hit.passage.start + span.end)
            if key not in seen:
                seen.add(key)
                pool.append(replace(candidate, hit=number) if number else candidate)
    return split, pool


@lru_cache(maxsize=PASSAGES_KEPT)
def _of_passage(
    passage: StoredPassage, source_name: str, languages: tuple[str, ...]
) -> tuple[tuple[Segment, ...], tuple[Candidate, ...]]:
    """Return a passage's segments, and its candidates as if it were the only hit, with their terms and those above."""
    pool: list[Candidate] = []
    spans = tuple(segments_of(passage))
    terms = [tuple(search_terms(passage.text[segment.start : segment.end], languages)) for segment in spans]
    bags = [frozenset(own) for own in terms]
    where = _with_asked(passage.context or source_name, passage)
    context = frozenset(search_terms(f"{source_name} {where}", languages))
    headers = header_rows(passage, spans)
    # Over a row whose table began in an earlier passage stands the header that was stored with it.
    names = frozenset(() if headers else search_terms(passage.table_header, languages))
    above, lead, leads = names, -1, ""
    for index, segment in enumerate(spans):
        before = spans[index - 1] if index else None
        label = segment.kind == "row" and passage.text.endswith(":", segment.start, segment.end)
        if segment.kind in _LEADS or index in headers or label:
            own = bags[index]
            above = own | (names if label else above if before and before.kind in _LEADS else frozenset())
            names = own if index in headers else names
            if segment.kind in _LEADS:
                line = on_one_line(passage.text[segment.start : segment.end])
                leads = f"{leads} {line}" if before and before.kind in _LEADS else line
            lead = index
            continue
        previous = bags[index - 1] if before and before.block == segment.block else frozenset()
        words = passage.text[segment.start : segment.end]
        goes_on = index + 1 < len(spans) and spans[index + 1].block == segment.block
        if goes_on and _ONE_WORD.fullmatch(on_one_line(words)):
            continue  # "• Return. The parcel …": the word alone answers nothing
        cut_off = segment is spans[-1] and segment.kind == "sentence" and not words.endswith(_ENDS)
        below = 0 if segment.kind == "row" else index - lead - 1
        row = named_row(passage, spans, headers, index) if segment.kind == "row" else ""
        shown = row or on_one_line(passage.text[segment.start : segment.end])
        continues = before and before.block == segment.block and before.kind not in _LEADS
        sentence_before = on_one_line(passage.text[before.start : before.end]) if before and continues else ""
        around = surroundings(where, leads, sentence_before)
        pool.append(
            Candidate(
                0, index, segment.kind, words, terms[index], bags[index], above, below, previous, context,
                cut_off, shown, around,
            )
        )  # fmt: skip
    return spans, tuple(pool)


def _with_asked(context: str, passage: StoredPassage) -> str:
    """Put what people ask for a passage over it as if it were its heading."""
    return " › ".join([context, *asked_besides(passage)])


def surroundings(context: str, leads: str, before: str) -> str:
    """Say in a line where a candidate stands: its document and headings, what is right over it, the words before it."""
    where = context if not leads or leads in context else f"{context} › {leads}"
    return f"{where[-AROUND:]}: {before[-AROUND:]}" if before else where[-AROUND:]


def on_one_line(words: str) -> str:
    """Show a span on one line: blanks collapsed, marks of Markdown in front dropped."""
    return " ".join(re.sub(r"^\s*(?:[-*+•]|#{1,6})\s+", "", words).split())


def named_row(passage: StoredPassage, spans: Sequence[Segment], headers: set[int], index: int) -> str:
    """Show a table's row with the names of its columns; "" where they are not known or do not fit its cells."""
    names = column_names(passage, spans, headers, index)
    values = row_cells(passage, spans[index], len(names)) if names else []
    pairs = zip(names, values, strict=False)
    return " · ".join(f"{name}: {value}" if name else value for name, value in pairs if value)
