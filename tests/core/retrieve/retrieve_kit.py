"""Assistants over a real store: a handbook, and reports that read alike."""

from collections.abc import Mapping
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from core.chunk import chunk, without_furniture
from core.embed import embedding
from core.retrieve import PassageRetriever, SourceInfo
from core.schema import BUILT_IN_EMBEDDING, Block, CutSettings, Document, Scope, StoredPassage
from core.store.lance.store import LanceStore
from core.text import search_terms

SCOPE = Scope("test", 1, BUILT_IN_EMBEDDING, 256)


HANDBOOK = {
    "returns-policy.md": (
        "Returns. A parcel can be sent back within 30 days of delivery.",
        "The label for a return costs 4.50 euro and is valid for 14 days.",
        "Opened food and cut cloth cannot be returned.",
    ),
    "customs-guide.md": (
        "Import tax is paid by the recipient before the parcel is handed over.",
        "A commercial invoice in three copies goes with every parcel that leaves the customs union.",
        "Gifts up to 45 euro between private people are free of import tax.",
    ),
    "opening-hours.md": (
        "The depot is open from Monday to Friday, 8 to 18 o'clock.",
        "On Saturdays the counter closes at noon.",
    ),
}


def paragraphs(*texts: str) -> Document:
    text, blocks = "", []
    for each in texts:
        blocks.append(Block("paragraph", len(text), len(text) + len(each)))
        text += each + "\n\n"
    return Document(text, tuple(blocks), "md", language="en")


class Assistant:
    """Sources in a store of their own, one passage a paragraph; ``sources`` is what the database would say."""

    def __init__(self, folder: Path) -> None:
        self.store = LanceStore(folder)
        self.sources: dict[str, SourceInfo] = {}

    def put(self, name: str, *texts: str, version: int = 1, title: str = "") -> str:
        document = paragraphs(*texts)
        source_id = uuid5(NAMESPACE_URL, name).hex
        version_id = f"{source_id}v{version}"
        size = max(map(len, texts))
        passages = chunk(document, CutSettings(size, 0), title)
        stored = [
            StoredPassage(
                id=str(uuid5(NAMESPACE_URL, f"{version_id}/{each.ordinal}")),
                source_id=source_id,
                version_id=version_id,
                ordinal=each.ordinal,
                start=each.start,
                end=each.end,
                page=each.page,
                text=each.text,
                context=each.context,
                terms=" ".join(search_terms(without_furniture(document, each).search_text, ["en"])),
            )
            for each in passages
        ]
        vectors = np.array(
            embedding(BUILT_IN_EMBEDDING).embed_documents(
                [without_furniture(document, p).search_text for p in passages]
            )
        )
        self.store.add(SCOPE, stored, vectors.astype(np.float32))
        self.sources[source_id] = SourceInfo(source_id, name, version_id, title, "en", document.text[:600])
        return source_id

    def retriever(self, sources: Mapping[str, SourceInfo] | None = None, **changed: object) -> PassageRetriever:
        return PassageRetriever.model_validate(
            {
                "store": self.store,
                "scope": SCOPE,
                "embeddings": embedding(BUILT_IN_EMBEDDING),
                "sources": self.sources if sources is None else sources,
            }
            | changed
        )

    def names(self, question: str, limit: int = 5) -> list[str]:
        return [hit.source_name for hit in self.retriever().find(question, limit)]
