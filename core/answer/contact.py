"""Hits in, the lines of them that say how to get in touch out: an e-mail address, a telephone number."""

import re
from collections.abc import Mapping, Sequence

from core.answer.quote import span_citation
from core.schema import Citation, Hit
from core.text import content_terms, search_terms, segments_of

MOST = 2
# What is searched for, by language: each line is one search.
_QUERIES: Mapping[str, Sequence[str]] = {
    "en": ("contact us by e-mail or telephone", "contact", "customer service support phone number"),
    "de": ("Kontakt per E-Mail oder Telefon", "Kontakt", "Kundenservice Telefonnummer"),
    "es": ("contacto por correo electrónico o teléfono", "contacto", "atención al cliente número de teléfono"),
    "fr": ("contact par e-mail ou téléphone", "contact", "service client numéro de téléphone"),
    "it": ("contatto via e-mail o telefono", "contatti", "servizio clienti numero di telefono"),
    "nl": ("contact per e-mail of telefoon", "contact", "klantenservice telefoonnummer"),
    "pt": ("contacto por e-mail ou telefone", "contato", "atendimento ao cliente número de telefone"),
}
_ADDRESS = re.compile(r"(?<=[\w+-])@[\w-]{1,63}\.\w{2}")
_NUMBER = re.compile(r"(?<![\w.,/-])(?:\+|\(?0)\d[\d ()/-]{5,20}\d(?!\w)")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_NAMED_NUMBER = re.compile(
    r"\b(?:phone|tele?phone|tel|call|extension|hotline|telefon|telefonnummer|durchwahl|teléfono|téléphone|telefono|"
    r"telefoon|telefoonnummer|telefone)\b[^\w\n]{1,3}(?:number |us at |on |at |under |unter |nr\.? |n[ºo°]\.? )?"
    r"\(?\+?\d[\d ()/-]{2,20}",
    re.IGNORECASE,
)
_LONGEST = 450


def contact_queries(languages: Sequence[str]) -> tuple[str, ...]:
    """Return what to search for in documents of these languages."""
    known = [code for code in dict.fromkeys(languages) if code in _QUERIES] or ["en"]
    return tuple(query for code in known for query in _QUERIES[code])


def contact_lines(hits: Sequence[Hit], languages: Sequence[str] = ()) -> list[Citation]:
    """Return the one or two lines that tell best how to get in touch, numbered; none where there is none."""
    asked = (content_terms(query, languages) for query in contact_queries(languages))
    wanted = frozenset(term for words in asked for terms in words.values() for term in terms)
    found: dict[str, tuple[int, int, Citation]] = {}
    for rank, hit in enumerate(hits):
        passage = hit.passage
        around = frozenset(search_terms(passage.context, languages))
        heading: frozenset[str] = frozenset()
        for segment in segments_of(passage):
            words = passage.text[segment.start : segment.end]
            terms = frozenset(search_terms(words, languages))
            if segment.kind in ("heading", "question"):
                heading = terms
            if len(words) <= _LONGEST and _tells(words):
                own = len(wanted & terms) + 2 * len(wanted & heading) + (1 if wanted & around else 0)
                citation = span_citation(hit, 0, segment.start, segment.end)
                found.setdefault(" ".join(words.split()), (-own, rank, citation))
    best = sorted(found.values(), key=lambda item: item[:2])[:MOST]
    return [citation for own, _, citation in best if 2 * own <= best[0][0]]


def _tells(words: str) -> bool:
    """Tell whether a line holds an e-mail address or a telephone number."""
    if _ADDRESS.search(words) or _NAMED_NUMBER.search(words):
        return True
    return any(not _DATE.search(match[0]) for match in _NUMBER.finditer(words))
