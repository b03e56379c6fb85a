"""Build the ShipIt sample: an assistant from real files, by the same way as an owner's own."""

from sqlmodel import col, select

from core import library, sources
from core.database import Assistant, session
from core.sample import SAMPLE_NAME, SUGGESTED, sample_files
from core.schema import Voice

GREETING = "Hello. Ask me about customs, import tax, prices, prohibited goods or a damaged parcel."


def sample_assistant() -> str:
    """Return the sample assistant's id; built now when it does not exist yet."""
    with session() as db:
        here = select(Assistant.id).where(Assistant.name == SAMPLE_NAME, col(Assistant.deleted_at).is_(None))
        existing = db.exec(here).first()
    if existing:
        return existing
    made = library.create_assistant(SAMPLE_NAME)
    library.save_voice(made, Voice(name=SAMPLE_NAME, greeting=GREETING))
    library.set_suggested(made, SUGGESTED)
    sources.add_files(made, [(path.name, path.read_bytes()) for path in sample_files()])
    return made
