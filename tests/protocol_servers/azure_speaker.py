"""Azure OpenAI: OpenAI's form below a deployment's path, with a version in the query and a header of its own."""

import re
from typing import Any, ClassVar

from tests.protocol_servers.mistral_speaker import MistralSpeaker


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


class AzureSpeaker(MistralSpeaker):
    """POST /openai/deployments/NAME/chat/completions?api-version=…, and …/embeddings."""

    make = "azure_openai"
    path_of_address = ""
    errors: ClassVar[dict[str, tuple[int, Any]]] = {
        "key": (401, _error("401", "Access denied due to invalid subscription key KEY or wrong API endpoint.")),
        "quota": (429, _error("insufficient_quota", "You exceeded your current quota.")),
        "rate": (429, _error("429", "Requests have exceeded the token rate limit of your current pricing tier.")),
        "too_long": (400, _error("context_length_exceeded", "This model's maximum context length is 128000 tokens.")),
        "no_model": (404, _error("DeploymentNotFound", "The API deployment for this resource does not exist.")),
        "server": (500, _error("InternalServerError", "The server had an error.")),
        "busy": (503, _error("ServiceUnavailable", "The service is overloaded.")),
    }

    def key(self) -> str:
        return self.headers.get("api-key") or ""

    def model(self, body: dict[str, Any]) -> str:
        named = re.match(r"/openai/deployments/([^/]+)/", self.path)
        return named[1] if named else ""

    def wants(self) -> str:
        way = re.match(r"/openai/deployments/[^/]+(/[^?]+)\?api-version=20\d\d-\d\d-\d\d", self.path)
        return {"/chat/completions": "chat", "/embeddings": "embed"}.get(way[1] if way else "", "")
