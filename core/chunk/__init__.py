"""Chunk: a Document to the passages that questions find."""

from core.chunk.cut import chunk, without_furniture

__all__ = ["CUTTER_VERSION", "chunk", "without_furniture"]

# Raise it when the same Document gives other passages or contexts: indexes are then built again by themselves.
CUTTER_VERSION = 3
