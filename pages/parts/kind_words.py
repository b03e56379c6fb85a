"""The kinds of cut, in the owner's words."""

from collections.abc import Mapping

from core.schema import CutKind

KIND_NAMES: Mapping[CutKind, str] = {
    "text": "General text",
    "manual": "Manual with headings",
    "questions": "Questions and answers",
    "table": "Price list or table",
    "slides": "Slides",
    "contract": "Contract with clauses",
    "mail": "E-mail",
}
KIND_HINTS: Mapping[CutKind, str] = {
    "text": "Cut at headings, paragraphs and sentences; small sections go together.",
    "manual": "Cut section by section, at headings; small sections under one heading go together.",
    "questions": "Each question with its answer is a passage of its own.",
    "table": "Tables stay whole where they fit, else they are cut between rows, with the names of their columns.",
    "slides": "Each slide is a passage of its own.",
    "contract": "Cut clause by clause, each with the title of the part it stands in.",
    "mail": "Cut at each mail and its paragraphs; short mails stay whole.",
}
