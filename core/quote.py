"""Question and passages in, the sentences that answer out, word for word: quote mode, which needs no key."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from langchain_core.embeddings import Embeddings

from core.schema import Answer, Citation, Hit, Voice
from core.sentences import Piece, cells, pieces
from core.terms import content_terms, search_terms

QUOTE_CHARACTERS = 450
QUOTE_COUNT = 3

# How much each sign counts, as log-odds: fitted on half of NQ and XQuAD (en, de, es), kept where the other half agreed.
_OWN, _OWN_OF_BEST, _ABOVE, _BEFORE, _CONTEXT, _PAIRS = 2.2, 1.0, 2.2, 1.9, 3.3, 0.45
_MEANING, _FIRST, _NEW, _CUT_OFF, _RANK, _PASSAGE = 2.3, 0.4, 0.4, -1.3, -0.6, 3.2
# A further quote is worth its place when it is at least about a fifth as likely as the best.
_NEAR_BEST = 1.6

_MONTHS = r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mai|Okt|Dez|ene|abr|ago|dic"
# (question asks for, sentence shows, weight): a number, a moment, a name, a place, a reason.
_CUES: tuple[tuple[re.Pattern[str], re.Pattern[str], float], ...] = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(shows), weight)
    for asks, shows, weight in (
        (r"\b(when|what (year|date|day|time)|which year|wann|cuándo|quand)\b|什么时候|何时|哪一年", r"\d", 0.8),
        (
            r"\b(when|what (year|date|day|time)|which year|wann|cuándo|quand)\b|什么时候|何时|哪一年",
            rf"\b(1\d{{3}}|20\d{{2}})\b|\b({_MONTHS})[a-zé]*\b|[年月日]",
            0.9,
        ),
        (
            r"\bhow (much|many|long|old|far|often|tall|big|large|fast|high|deep|soon|heavy|wide)\b|\bwhat (percentage|"
            r"number|amount|rate|is the (cost|price|fee|rate|limit|threshold|number|population))\b|"
            r"\bwie ?(viele?|lange|oft|hoch|groß|weit)\b|\bcuánt[oa]s?\b|\bcombien\b|多少|几",
            r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million|half|free|"
            r"daily|weekly|once|twice|zwei|drei|vier|fünf|dos|tres|cuatro|cinco)\b|[一二三四五六七八九十百千万]",
            1.0,
        ),
        (r"\b(who|whose|whom|wer|wen|wem|quiéne?s?|qui)\b|谁", r"(?<=[\w,;:)] )[A-Z][\w’'-]+", 0.8),
        (
            r"\b(where|(what|which) (country|city|state|place|town)|wo|woher|dónde|où)\b|哪里|哪儿",
            r"\b(in|at|on|from|near|to|of|aus|bei|en|à|au)\s+(the\s+)?[A-Z]|在",
            0.35,
        ),
        (
            r"\b(why|how come|warum|wieso|weshalb|por qué|pourquoi)\b|为什么",
            r"\b([Bb]ecause|due to|so that|in order to|reason|therefore|caused?|owing|weil|damit|porque|parce)\b|因",
            0.35,
        ),
    )
)
_LEANS_BACK = re.compile(
    r"(?:[-*•]\s+)?(?:it|its|this|these|that|those|they|their|he|his|she|her|such|both|also|however|"
    r"er|sie|es|dies\w*|ese|esto|este|esta|ello|il|elle|ils|ce|cette)\b|[它这他她]",
    re.IGNORECASE,
)
_LEADS = ("heading", "question")
_ENDS = tuple('.!?…:;。！？｡"”’」』）)')


@dataclass(frozen=True, slots=True)
class Quote:
    """A chosen span, ``hits[hit].passage.text[start:end]``, how it is shown, and its score (log-odds; higher fits)."""

    hit: int
    start: int
    end: int
    display: str
    score: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: int
    index: int
    words: str
    terms: tuple[str, ...]
    above: frozenset[str]
    before: frozenset[str]
    context: frozenset[str]


def quoted_answer(
    question: str,
    hits: Sequence[Hit],
    *,
    voice: Voice,
    embeddings: Embeddings | None = None,
    languages: Sequence[str] = (),
) -> Answer:
    """Answer with quotes: each a paragraph “…” [n], and a citation of its exact span; unknown where none is found."""
    chosen = quotes(question, hits, embeddings=embeddings, languages=languages)
    if not chosen:
        return Answer(voice.unknown, "unknown", hits=tuple(hits), question=question)
    text = "\n\n".join(f"“{_plain(quote.display)}” [{number}]" for number, quote in enumerate(chosen, 1))
    citations = tuple(
        span_citation(hits[quote.hit], number, quote.start, quote.end) for number, quote in enumerate(chosen, 1)
    )
    return Answer(text, "quotes", citations, tuple(hits), question)


def span_citation(hit: Hit, number: int, start: int, end: int, *, supported: bool = True) -> Citation:
    """Make the citation of ``hit.passage.text[start:end]``, with offsets in the version's canonical text."""
    passage = hit.passage
    return Citation(
        number=number,
        source_id=passage.source_id,
        version_id=passage.version_id,
        source_name=hit.source_name,
        page=passage.page,
        start=passage.start + start,
        end=passage.start + end,
        quote=passage.text[start:end],
        passage_start=passage.start,
        passage_end=passage.end,
        supported=supported,
    )


def quotes(
    question: str,
    hits: Sequence[Hit],
    *,
    embeddings: Embeddings | None = None,
    languages: Sequence[str] = (),
    characters: int = QUOTE_CHARACTERS,
    most: int = QUOTE_COUNT,
) -> list[Quote]:
    """Choose the one to ``most`` spans of ``hits`` that answer ``question``, together ``characters`` long at most.

    The best span always comes, whatever its length; those of one passage come in reading order. ``embeddings`` adds
    closeness in meaning to the words in common; ``languages`` are those of the sources, for the stems. Whether
    anything fits at all was decided by the retriever.
    """
    split = [pieces(hit.passage.text, table_header(hit)) for hit in hits]
    candidates = _candidates(hits, split, languages)
    if not candidates:
        return []
    scores = _scores(question, hits, candidates, embeddings, languages)
    chosen: list[Quote] = []
    length = 0
    for position in np.argsort(-scores, kind="stable"):
        candidate, score = candidates[position], float(scores[position])
        if len(chosen) == most or (chosen and score < chosen[0].score - _NEAR_BEST):
            break
        start, end = _widened(hits[candidate.hit].passage.text, split[candidate.hit], candidate.index, characters)
        quote = Quote(candidate.hit, start, end, _display(hits[candidate.hit], start, end), score)
        room = not chosen or length + len(quote.display) <= characters
        if room and not any(_overlap(hits, quote, other) for other in chosen):
            chosen.append(quote)
            length += len(quote.display)
    return _in_reading_order(hits, chosen)


def table_header(hit: Hit) -> str:
    """Return the table header that stands in a passage's context (cells joined by " | "), or an empty string."""
    last = hit.passage.context.rsplit(" › ", 1)[-1]
    return last if " | " in last else ""


def _candidates(hits: Sequence[Hit], split: Sequence[Sequence[Piece]], languages: Sequence[str]) -> list[_Candidate]:
    """Collect what could be quoted, once each although passages overlap, with its own terms and those above it."""
    found: list[_Candidate] = []
    seen: set[tuple[str, int, int]] = set()
    for number, hit in enumerate(hits):
        passage, spans = hit.passage, split[number]
        terms = [tuple(search_terms(passage.text[piece.start : piece.end], languages)) for piece in spans]
        context = frozenset(search_terms(f"{hit.source_name} {passage.context}", languages))
        above: frozenset[str] = frozenset()
        for index, piece in enumerate(spans):
            before = spans[index - 1] if index else None
            if piece.kind in _LEADS:
                above = frozenset(terms[index]) | (above if before and before.kind in _LEADS else frozenset())
                continue
            key = (passage.version_id, passage.start + piece.start, passage.start + piece.end)
            if key in seen or _is_header_row(hit, spans, index):
                continue
            seen.add(key)
            previous = frozenset(terms[index - 1]) if before and before.block == piece.block else frozenset()
            words = passage.text[piece.start : piece.end]
            found.append(_Candidate(number, index, words, terms[index], above, previous, context))
    return found


def _is_header_row(hit: Hit, spans: Sequence[Piece], index: int) -> bool:
    """Tell whether a row names the columns of the rows under it: the first of them, and no number in it."""
    if spans[index].kind != "row" or (index and spans[index - 1].kind == "row"):
        return False
    words = hit.passage.text[spans[index].start : spans[index].end]
    rows_follow = index + 1 < len(spans) and spans[index + 1].kind == "row"
    return cells(words) == cells(table_header(hit)) or (rows_follow and not re.search(r"\d", words))


def _scores(
    question: str,
    hits: Sequence[Hit],
    candidates: Sequence[_Candidate],
    embeddings: Embeddings | None,
    languages: Sequence[str],
) -> np.ndarray:
    """Score each candidate (float array, one each): terms shared, itself and around it, meaning, cues, its passage."""
    wanted = content_terms(question, languages)
    asked_terms = frozenset(term for terms in wanted.values() for term in terms)
    asked_pairs = set(pairwise(terms[0] for terms in wanted.values()))
    weight = _word_weights(wanted, candidates)

    def share(terms: frozenset[str]) -> float:
        return sum(weight[word] for word, stems in wanted.items() if not terms.isdisjoint(stems))

    own = [frozenset(candidate.terms) for candidate in candidates]
    best = max(map(share, own)) or 1.0
    meaning = _meaning(question, candidates, embeddings)
    cues = [(shows, points) for asks, shows, points in _CUES if asks.search(question)]
    scores = np.zeros(len(candidates))
    for position, (candidate, terms) in enumerate(zip(candidates, own, strict=True)):
        above, before = terms | candidate.above, terms | candidate.above | candidate.before
        scores[position] = (
            _OWN * share(terms)
            + _OWN_OF_BEST * share(terms) / best
            + _ABOVE * (share(above) - share(terms))
            + _BEFORE * (share(before) - share(above))
            + _CONTEXT * (share(before | candidate.context) - share(before))
            + _PAIRS * len(asked_pairs.intersection(pairwise(candidate.terms))) / max(1, len(asked_pairs))
            + _MEANING * meaning[position]
            + sum(points if shows.search(candidate.words) else -points for shows, points in cues)
            + _FIRST * (candidate.index == 0)
            + _NEW * min(len(terms - asked_terms), 8) / 8
            + _CUT_OFF * (not candidate.words.endswith(_ENDS) and "|" not in candidate.words)
            + _RANK * candidate.hit
            + _PASSAGE * hits[candidate.hit].coverage
        )
    return scores


def _word_weights(wanted: Mapping[str, Sequence[str]], candidates: Sequence[_Candidate]) -> dict[str, float]:
    """Weigh the question's words by how rare they are among the candidates (BM25's idf), summing to 1."""
    count = len(candidates)
    bags = [frozenset(candidate.terms) for candidate in candidates]
    having = {word: sum(not bag.isdisjoint(stems) for bag in bags) for word, stems in wanted.items()}
    rarity = {word: math.log(1 + (count - number + 0.5) / (number + 0.5)) for word, number in having.items()}
    total = sum(rarity.values()) or 1.0
    return {word: value / total for word, value in rarity.items()}


def _meaning(question: str, candidates: Sequence[_Candidate], embeddings: Embeddings | None) -> np.ndarray:
    """Return the cosine similarity of question and each candidate, or zeros without an embedding model."""
    if embeddings is None:
        return np.zeros(len(candidates))
    vectors = np.asarray(embeddings.embed_documents([candidate.words for candidate in candidates]), dtype=np.float32)
    asked = np.asarray(embeddings.embed_query(question), dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(asked)
    return np.nan_to_num(vectors @ asked / np.where(lengths > 0, lengths, 1.0))


def _widened(text: str, spans: Sequence[Piece], index: int, characters: int) -> tuple[int, int]:
    """Bring the question that a sentence answers, or the sentence that its opening "This" points to, if there is room.

    A list item brings nothing: the line that opens the list is its context, not its words.
    """
    piece = spans[index]
    if index == 0 or piece.kind == "row":
        return piece.start, piece.end
    before = spans[index - 1]
    leans = before.block == piece.block and _LEANS_BACK.match(text[piece.start : piece.end])
    if (before.kind == "question" or leans) and piece.end - before.start <= characters:
        return before.start, piece.end
    return piece.start, piece.end


def _display(hit: Hit, start: int, end: int) -> str:
    """Show a span on one line: blanks collapsed, marks of Markdown dropped, a table row with its column names."""
    words = hit.passage.text[start:end]
    labels = cells(table_header(hit))
    if not labels:
        first = next((piece for piece in pieces(hit.passage.text) if piece.kind == "row"), None)
        if first and first.start < start and not re.search(r"\d", hit.passage.text[first.start : first.end]):
            labels = cells(hit.passage.text[first.start : first.end])
    values = cells(words, len(labels)) if labels and "\n" not in words else []
    if values:
        return " · ".join(
            f"{label}: {value}" if label else value for label, value in zip(labels, values, strict=True) if value
        )
    return " ".join(re.sub(r"^\s*(?:[-*+•]|#{1,6})\s+", "", words).split())


def _plain(display: str) -> str:
    """Keep Markdown from reading marks into quoted words."""
    return re.sub(r"([\\`*_\[\]<>#~$])", r"\\\1", display)


def _overlap(hits: Sequence[Hit], one: Quote, other: Quote) -> bool:
    first, second = hits[one.hit].passage, hits[other.hit].passage
    if " ".join(one.display.split()) == " ".join(other.display.split()):
        return True
    return first.version_id == second.version_id and (
        first.start + one.start < second.start + other.end and second.start + other.start < first.start + one.end
    )


def _in_reading_order(hits: Sequence[Hit], chosen: Sequence[Quote]) -> list[Quote]:
    """Order quotes by the best of their document and by place within it; neighbours on one paragraph become one."""
    documents = list(dict.fromkeys(hits[quote.hit].passage.version_id for quote in chosen))
    ordered: list[Quote] = []
    for quote in sorted(
        chosen,
        key=lambda quote: (
            documents.index(hits[quote.hit].passage.version_id),
            hits[quote.hit].passage.start + quote.start,
        ),
    ):
        last = ordered[-1] if ordered else None
        text = hits[quote.hit].passage.text
        gap = text[last.end : quote.start] if last and last.hit == quote.hit else "-"
        if last and not gap.strip() and gap.count("\n") < 2 and "|" not in text[last.start : quote.end]:
            display = f"{last.display} {quote.display}"
            ordered[-1] = Quote(last.hit, last.start, quote.end, display, max(last.score, quote.score))
        else:
            ordered.append(quote)
    return ordered
