"""Chunk: a Document to the passages that questions find."""

from core.chunk.cut import chunk, without_furniture
from core.chunk.flaws import FLAW_KINDS, PRINT_BYTES, Flaw, FlawKind, flaws_of, print_of, same_as, uncited
from core.chunk.kinds import detect_kind

__all__ = [
    "CUTTER_VERSION",
    "FLAW_KINDS",
    "PRINT_BYTES",
    "Flaw",
    "FlawKind",
    "chunk",
    "detect_kind",
    "flaws_of",
    "print_of",
    "same_as",
    "uncited",
    "without_furniture",
]

# Raise it when the same Document gives other passages or contexts: indexes are then built again by themselves.
CUTTER_VERSION = 3
