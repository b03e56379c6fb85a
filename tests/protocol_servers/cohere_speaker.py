"""Cohere, at its address that is compatible with OpenAI's, with errors of its own."""

from typing import Any, ClassVar

from tests.protocol_servers.mistral_speaker import MistralSpeaker


class CohereSpeaker(MistralSpeaker):
    """The same ways below /compatibility/v1."""

    make = "openai"
    path_of_address = "/compatibility/v1"
    errors: ClassVar[dict[str, tuple[int, Any]]] = {
        "key": (401, {"id": "1", "message": "invalid api token KEY"}),
        "quota": (402, {"id": "1", "message": "Please add a payment method: billing."}),
        "rate": (429, {"id": "1", "message": "You are using a trial key, which is limited to 20 calls / minute."}),
        "too_long": (400, {"id": "1", "message": "too many tokens: size limit exceeded by 9000 tokens"}),
        "no_model": (404, {"id": "1", "message": "model 'x' not found, make sure the correct model ID was used"}),
        "server": (500, {"id": "1", "message": "internal server error"}),
        "busy": (503, {"id": "1", "message": "service unavailable"}),
    }
