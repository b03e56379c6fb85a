"""Chunk: a Document to the passages that questions find."""

from core.chunk.anchors import Places, anchor_of
from core.chunk.cut import chunk, without_furniture
from core.chunk.flaws import FLAW_KINDS, PRINT_BYTES, Flaw, FlawKind, flaws_of, print_of, same_as, uncited
from core.chunk.kinds import detect_kind
from core.chunk.overlay import Overlay, overlaid, with_aliases
from core.chunk.rewording import Rewording, rewording

__all__ = [
    "CUTTER_VERSION",
    "FLAW_KINDS",
    "PRINT_BYTES",
    "Flaw",
    "FlawKind",
    "Overlay",
    "Places",
    "Rewording",
    "anchor_of",
    "chunk",
    "detect_kind",
    "flaws_of",
    "overlaid",
    "print_of",
    "rewording",
    "same_as",
    "uncited",
    "with_aliases",
    "without_furniture",
]

# Raise it when the same Document gives other passages or contexts: indexes are then built again by themselves.
CUTTER_VERSION = 3
