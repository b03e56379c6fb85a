"""Chunk: a Document to the passages that questions find."""

from core.chunk.cut import chunk, without_furniture

__all__ = ["chunk", "without_furniture"]
