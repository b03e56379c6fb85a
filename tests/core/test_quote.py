"""Quote mode: exact spans, the right ones, not too many."""

from core.embed import embeddings_for
