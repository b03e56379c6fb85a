"""Behaviours of services that refuse or fail, in the words that they use."""

from tests.core.provider.owner_sentences import (
    BAD_REQUEST,
    BUSY,
    DECLINED,
    FAULT,
    FORBIDDEN,
    GATEWAY,
    GATEWAY_DOWN,
    IN_TEST_DECLINED,
    IN_TEST_REFUSED,
    IN_TEST_TOO_LONG,
    KEY,
    MEMORY,
    NO_CREDIT,
    NO_KEY,
    NO_MODEL,
    NOT_API,
    NOT_AVAILABLE,
    NOT_CHAT,
    NOTHING_LOADED,
    REDIRECT,
    REGION,
    RETIRED,
    RETIRED_NAMED,
    TIMEOUT,
    TOO_LARGE,
    TOO_LONG,
)
from tests.core.provider.wire_forms import Row, always, error, in_chat, json_reply, page
from tests.fake_provider import Reply, Request


def waits(words: str, why: str = "too many requests at once") -> str:
    return f"The AI service asks to wait {words}: {why}. Nothing was lost. Try again then."


def row(name: str, reply: Reply, words: str, settings: str = "", **others: str) -> Row:
    return Row(name, in_chat(reply), settings or words, words, **others)  # type: ignore[arg-type]


def everywhere(name: str, reply: Reply, words: str, **others: str) -> Row:
    return Row(name, always(reply), words, words, **others)  # type: ignore[arg-type]


_AZURE_FILTER = {
    "error": {
        "message": (
            "The response was filtered due to the prompt triggering Azure OpenAI's content "
            "management policy. Please modify your prompt and retry."
        ),
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {"violence": {"filtered": True, "severity": "medium"}},
        },
    }
}
_GOOGLE_KEY = [
    {
        "error": {
            "code": 400,
            "message": "API key not valid. Please pass a valid API key.",
            "status": "INVALID_ARGUMENT",
            "details": [{"reason": "API_KEY_INVALID"}],
        }
    }
]
_GOOGLE_QUOTA = [
    {
        "error": {
            "code": 429,
            "message": (
                "You exceeded your current quota, please check your plan and billing details. Please retry in 34.07s."
            ),
            "status": "RESOURCE_EXHAUSTED",
            "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}],
        }
    }
]
_LLAMA_SIZE = {
    "error": {
        "code": 400,
        "message": "request (5120 tokens) exceeds the available context size (4096 tokens), try increasing it",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 5120,
        "n_ctx": 4096,
    }
}
_ROWS_KEYS = (
    everywhere(
        "wrong key (OpenAI)",
        error(401, "Incorrect API key provided: sk-test-********cdef.", code="invalid_api_key"),
        KEY,
    ),
    everywhere(
        "wrong key (Anthropic)",
        json_reply({"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}, 401),
        KEY,
    ),
    everywhere("wrong key (Google, 400)", json_reply(_GOOGLE_KEY, 400), KEY),
    everywhere("wrong key (Mistral)", json_reply({"message": "Unauthorized", "request_id": "1"}, 401), KEY),
    everywhere("wrong key, no body", Reply(401, (), ""), KEY),
    everywhere(
        "leaked key (403)",
        error(403, "Your API key was reported as leaked. Please use another API key.", "PERMISSION_DENIED"),
        KEY,
    ),
    everywhere("no key given", error(401, "You didn't provide an API key."), NO_KEY, key=""),
    everywhere("no key given (OpenRouter)", error(401, "No auth credentials found", code=401), NO_KEY),
    row(
        "key without the right",
        error(403, "You have insufficient permissions for this operation. Missing scopes: model.request."),
        FORBIDDEN,
    ),
    row(
        "country not served",
        error(
            403,
            "Country, region, or territory not supported",
            "request_forbidden",
            "unsupported_country_region_territory",
        ),
        REGION,
    ),
    row(
        "model not in the key's project (403)",
        error(403, "Project `proj_1` does not have access to model `fake-chat`", code="model_not_found"),
        NO_MODEL,
        NOT_AVAILABLE,
    ),
)
_ROWS_MONEY = (
    row(
        "no credit (OpenAI)",
        error(
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            "insufficient_quota",
            "insufficient_quota",
        ),
        NO_CREDIT,
    ),
    row(
        "no credit (OpenRouter)",
        error(402, "Insufficient credits. Add more using https://openrouter.ai/credits", code=402),
        NO_CREDIT,
    ),
    row("no credit (DeepSeek)", error(402, "Insufficient Balance", "unknown_error"), NO_CREDIT),
    row(
        "no credit (Anthropic, 400)",
        json_reply(
            {
                "type": "error",
                "error": {
                    "type": "invalid_request_error",
                    "message": "Your credit balance is too low to access the Anthropic API.",
                },
            },
            400,
        ),
        NO_CREDIT,
    ),
    row(
        "rate limit, wait in a header",
        error(429, "Rate limit reached for requests.", "requests", "rate_limit_exceeded", Retry_After="45"),
        waits("45 seconds"),
    ),
    row(
        "rate limit, wait as milliseconds", error(429, "Too many requests.", retry_after_ms="90000"), waits("2 minutes")
    ),
    row(
        "rate limit, wait in words (OpenAI)",
        error(
            429,
            (
                "Rate limit reached for fake-chat on tokens per min (TPM): Limit 200000, Used 200000. "
                "Please try again in 6m0s. You can increase your rate limit by adding a payment method "
                "at https://platform.openai.com/account/billing."
            ),
            "tokens",
            "rate_limit_exceeded",
        ),
        waits("6 minutes"),
    ),
    row("rate limit, wait in words (Google)", json_reply(_GOOGLE_QUOTA, 429), waits("35 seconds")),
    row(
        "rate limit, wait in words (Azure)",
        error(
            429,
            (
                "Requests to the ChatCompletions_Create Operation have exceeded call rate limit of "
                "your current OpenAI S0 pricing tier. Please retry after 26 seconds."
            ),
            code="429",
        ),
        waits("26 seconds"),
    ),
    row(
        "rate limit of a day (Groq)",
        error(
            429,
            (
                "Rate limit reached for model `fake-chat` on tokens per day (TPD): Limit 100000, Used "
                "99000. Please try again in 2h12m10.5s."
            ),
            "tokens",
            "rate_limit_exceeded",
        ),
        waits("3 hours"),
    ),
    row("rate limit without a wait", error(429, "Rate limit reached for requests.", code="rate_limit_exceeded"), BUSY),
    row("rate limit as a web page", page(429, "429 Too Many Requests"), BUSY),
    row(
        "overloaded (Anthropic)",
        json_reply({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, 529),
        FAULT,
    ),
    row(
        "overloaded, with a wait",
        error(503, "The engine is currently overloaded.", "overloaded", Retry_After="30"),
        waits("30 seconds", "it has too much to do"),
    ),
)
_ROWS_MODELS = (
    row(
        "no such model (OpenAI)",
        error(404, "The model `fake-chat` does not exist or you do not have access to it.", code="model_not_found"),
        NO_MODEL,
        NOT_AVAILABLE,
    ),
    row(
        "no such model (Ollama)",
        error(404, 'model "fake-chat" not found, try pulling it first', "not_found_error"),
        NO_MODEL,
        NOT_AVAILABLE,
    ),
    row(
        "no such model (Mistral, 400)",
        json_reply(
            {"object": "error", "message": "Invalid model: fake-chat", "type": "invalid_model", "code": "1500"}, 400
        ),
        NO_MODEL,
        NOT_AVAILABLE,
    ),
    row(
        "no such deployment (Azure)",
        error(404, "The API deployment for this resource does not exist.", code="DeploymentNotFound"),
        NO_MODEL,
        NOT_AVAILABLE,
    ),
    row(
        "model retired (Groq)",
        error(
            400,
            "The model `fake-chat` has been decommissioned and is no longer supported.",
            code="model_decommissioned",
        ),
        RETIRED,
        RETIRED_NAMED,
    ),
    row(
        "model retired (OpenAI)",
        error(404, "The model `fake-3.5-chat` has been deprecated, learn more here.", code="model_not_found"),
        RETIRED,
        RETIRED_NAMED,
    ),
    row("model gone (410)", error(410, "This model is gone."), RETIRED, RETIRED_NAMED),
    row("not for chats (Ollama)", error(400, '"fake-chat" does not support chat'), NOT_CHAT),
    row(
        "not for chats (OpenAI)",
        error(404, "This is not a chat model and thus not supported in the v1/chat/completions endpoint."),
        NOT_CHAT,
    ),
    row(
        "nothing loaded (LM Studio)",
        error(
            404,
            "No models loaded. Please load a model in the developer page or use the `lms load` command.",
            code="model_not_found",
        ),
        NOTHING_LOADED,
    ),
    row(
        "too little memory (Ollama)",
        error(500, "model requires more system memory (9.1 GiB) than is available (3.8 GiB)", "api_error"),
        MEMORY,
    ),
    row("too long (llama.cpp)", json_reply(_LLAMA_SIZE, 400), TOO_LONG, IN_TEST_TOO_LONG),
    row(
        "too long (OpenAI)",
        error(
            400,
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
            code="context_length_exceeded",
        ),
        TOO_LONG,
        IN_TEST_TOO_LONG,
    ),
    row(
        "too long (Anthropic)",
        json_reply(
            {
                "type": "error",
                "error": {
                    "type": "invalid_request_error",
                    "message": "prompt is too long: 210000 tokens > 200000 maximum",
                },
            },
            400,
        ),
        TOO_LONG,
        IN_TEST_TOO_LONG,
    ),
    row("filter (Azure)", json_reply(_AZURE_FILTER, 400), DECLINED, IN_TEST_DECLINED),
    row(
        "filter (OpenRouter, 403)",
        error(403, "Your chosen model requires moderation and your input was flagged", code=403),
        DECLINED,
        IN_TEST_DECLINED,
    ),
    row("refused without a reason", error(400, "Something is off."), BAD_REQUEST, IN_TEST_REFUSED),
    row(
        "a field it does not know",
        json_reply({"detail": [{"loc": ["body", "messages", 0, "name"], "msg": "field required"}]}, 422),
        BAD_REQUEST,
        IN_TEST_REFUSED,
    ),
)
_ROWS_GATEWAYS = (
    everywhere("a web page at the address", page(200, "Welcome"), NOT_API),
    row("a web page although a chat was asked", page(200, "Sign in"), NOT_API),
    row("a web page without a content type", Reply(200, page(200, "Sign in").pieces, ""), NOT_API),
    everywhere("no page at the address", page(404, "404 Not Found"), NOT_API),
    everywhere("nothing for this method", Reply(405, (b'{"detail":"Method Not Allowed"}',)), NOT_API),
    everywhere("a firewall's page", page(403, "Attention Required! | Cloudflare"), GATEWAY),
    everywhere("a proxy that wants a login", page(407, "Proxy Authentication Required"), GATEWAY),
    row("the gateway's page, service away", page(502, "502 Bad Gateway"), GATEWAY_DOWN),
    row("the gateway's page, service slow", page(504, "504 Gateway Time-out"), TIMEOUT),
    row("the gateway's page, request too large", page(413, "413 Request Entity Too Large"), TOO_LARGE),
    everywhere(
        "sends on to another address",
        page(301, "301 Moved Permanently", Location="https://www.example.com/v1"),
        REDIRECT,
    ),
    row(
        "a fault of its own",
        error(500, "The server had an error while processing your request.", "server_error"),
        FAULT,
    ),
    row("frozen before the first word", Reply(200, (b"",), silence=30.0), TIMEOUT),
)


class _Loading:
    """A server that loads its model for a while, in the words of one of them, and then answers."""

    def __init__(self, reply: Reply, times: int) -> None:
        self.reply, self.times, self.asked = reply, times, 0

    def __call__(self, request: Request) -> Reply | None:
        if not request.path.endswith("/chat/completions"):
            return None
        self.asked += 1
        return self.reply if self.asked % (self.times + 1) else None


_ROWS_LOADING = (
    Row("still loads its model (llama.cpp)", _Loading(error(503, "Loading model", "unavailable_error", 503), 4)),
    Row(
        "still loads its model (Hugging Face)",
        _Loading(json_reply({"error": "Model fake-chat is currently loading", "estimated_time": 20.0}, 503), 3),
    ),
)
ERRORS = (*_ROWS_KEYS, *_ROWS_MONEY, *_ROWS_MODELS, *_ROWS_GATEWAYS, *_ROWS_LOADING)
