"""The one table of what a program may do: its address, the scope a key needs for it, and what does it."""

from core.publish.api.answers import answers_route, chat_route, model_route, models_route
from core.publish.api.call import Operation
from core.publish.api.records import (
    assistant_route,
    assistants_route,
    delete_route,
    search_route,
    source_route,
    sources_route,
    upload_route,
)

_ASSISTANT = "/v1/assistants/{id}"
OPERATIONS = (
    Operation("POST", "/v1/chat/completions", "ask", chat_route),
    Operation("GET", "/v1/models", None, models_route),
    Operation("GET", "/v1/models/{model}", None, model_route),
    Operation("GET", "/v1/assistants", None, assistants_route),
    Operation("GET", _ASSISTANT, None, assistant_route),
    Operation("POST", f"{_ASSISTANT}/answers", "ask", answers_route),
    Operation("POST", f"{_ASSISTANT}/search", "read", search_route),
    Operation("GET", f"{_ASSISTANT}/sources", "read", sources_route),
    Operation("POST", f"{_ASSISTANT}/sources", "write", upload_route),
    Operation("GET", f"{_ASSISTANT}/sources/{{source}}", "read", source_route),
    Operation("DELETE", f"{_ASSISTANT}/sources/{{source}}", "write", delete_route),
)
