"""The ShipIt sample: the documents of a fictional parcel carrier, questions about them, and its assistant."""

from core.sample.build import sample_assistant
from core.sample.documents import (
    EXAMPLE,
    KINDS,
    SAMPLE_NAME,
    SUGGESTED,
    Place,
    SampleQuestion,
    sample_files,
    sample_questions,
)

__all__ = [
    "EXAMPLE",
    "KINDS",
    "SAMPLE_NAME",
    "SUGGESTED",
    "Place",
    "SampleQuestion",
    "sample_assistant",
    "sample_files",
    "sample_questions",
]
