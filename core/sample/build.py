"""Build the ShipIt sample: an assistant from real files, by the same way as an owner's own."""

from core.assistants import assistants, lifecycle, sources, voices
from core.sample.documents import SAMPLE_NAME, SUGGESTED, sample_files
from core.schema import Voice

GREETING = "Hello. Ask me about customs, import tax, prices, prohibited goods or a damaged parcel."


def sample_assistant() -> str:
    """Return the sample assistant's id; built now when it does not exist yet."""
    if existing := assistants.assistant_called(SAMPLE_NAME):
        return existing
    made = lifecycle.create_assistant(SAMPLE_NAME)
    voices.save_voice(made, Voice(name=SAMPLE_NAME, greeting=GREETING))
    assistants.set_suggested(made, SUGGESTED)
    sources.add_files(made, [(path.name, path.read_bytes()) for path in sample_files()])
    return made
