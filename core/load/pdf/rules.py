"""The level lines drawn on a PDF page: rules, the borders of cells, the edges of filled rows."""

import ctypes
from collections.abc import Sequence
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from core.load.pdf.grid import Piece

_MOST_OBJECTS = 6000
_THIN = 3
_SAME_HEIGHT = 1.5
_NEAR = 20


class Edge(NamedTuple):
    """A level line: its height on the page, its left and its right end, in points; ``seen``: it is drawn as a line.

    Else it is the edge of what is filled, which nobody sees where the next thing is filled alike.
    """

    height: float
    left: float
    right: float
    seen: bool = True


def drawn_edges(page: Any) -> list[Edge]:
    """Return the level edges of all that is drawn on a page but letters and pictures."""
    edges: list[Edge] = []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top) or right.value - left.value < 5:
            continue
        if top.value - bottom.value < _THIN:
            edges.append(Edge((top.value + bottom.value) / 2, left.value, right.value))
        else:
            seen = bool(pdfium.FPDFPath_GetDrawMode(drawn, filled, stroked) and stroked.value)
            edges.append(Edge(top.value, left.value, right.value, seen))
            edges.append(Edge(bottom.value, left.value, right.value, seen))
    return edges


def edges_across(edges: Sequence[Edge], pieces: Sequence[Piece]) -> list[float]:
    """Return the heights at which edges, one or several together, cross at least half of the pieces' width."""
    return [group[0].height for group in groups_across(edges, pieces)]


def groups_across(edges: Sequence[Edge], pieces: Sequence[Piece]) -> list[list[Edge]]:
    """Return, from the lowest up, the edges that together cross at least half of the pieces' width at one height."""
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    low = min(piece.bottom for piece in pieces) - _NEAR
    high = max(piece.top for piece in pieces) + _NEAR
    groups: list[list[Edge]] = []
    group: list[Edge] = []
    near = sorted(edge for edge in edges if low < edge.height < high and edge.right > left and edge.left < right)
    for edge in [*near, Edge(float("inf"), 0.0, 0.0)]:
        if group and edge.height > group[0].height + _SAME_HEIGHT:
            if covered(group, left, right) > 0.5:
                groups.append(group)
            group = []
        group.append(edge)
    return groups


def covered(edges: Sequence[Edge], left: float, right: float) -> float:
    """Return how much of the way from ``left`` to ``right`` edges cover together, 0 to 1."""
    total, reached = 0.0, left
    for edge in sorted(edges, key=lambda edge: edge.left):
        start, end = max(edge.left, reached), min(edge.right, right)
        if end > start:
            total += end - start
            reached = end
    return total / (right - left) if right > left else 0.0
