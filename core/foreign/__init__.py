"""Foreign: questions in another language than the text, by vectors of passages and sentences in one space for both."""

from core.foreign.gloss import gloss, prepare_glosses
from core.foreign.nearest import Meant, nearest
from core.foreign.odds import ODDS_COVERAGE, as_odds
from core.foreign.vector_folder import VectorFolder, vector_rows

__all__ = ["ODDS_COVERAGE", "Meant", "VectorFolder", "as_odds", "gloss", "nearest", "prepare_glosses", "vector_rows"]
