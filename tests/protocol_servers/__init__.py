"""Model services for tests: real HTTP servers on this machine, each speaking one protocol, failing on demand.

``with speaking("anthropic") as server: …`` and ``server.provider(model, key)``. A failure is chosen by the model's name
or the key, "fail-rate", or for the next requests in turn: ``server.script(["rate", "ok"])``. See ``serving.FAILURES``.
"""

from tests.protocol_servers.anthropic_speaker import AnthropicSpeaker
from tests.protocol_servers.azure_speaker import AzureSpeaker
from tests.protocol_servers.cohere_speaker import CohereSpeaker
from tests.protocol_servers.google_speaker import GoogleSpeaker
from tests.protocol_servers.mistral_speaker import MistralSpeaker
from tests.protocol_servers.ollama_speaker import OllamaSpeaker
from tests.protocol_servers.serving import FAILURES, TEXT, ProtocolServer

SPEAKERS = {
    "anthropic": AnthropicSpeaker,
    "azure_openai": AzureSpeaker,
    "cohere": CohereSpeaker,
    "google_genai": GoogleSpeaker,
    "mistralai": MistralSpeaker,
    "ollama": OllamaSpeaker,
}

__all__ = ["FAILURES", "SPEAKERS", "TEXT", "ProtocolServer", "speaking"]


def speaking(service: str) -> ProtocolServer:
    """Return a server that speaks as this service does; it serves within ``with``."""
    return ProtocolServer(SPEAKERS[service])
