"""Behaviours of services that answer, each in a form of its own."""

from tests.core.provider.owner_sentences import (
    CUT_SHORT,
    DECLINED,
    EMPTY,
    FAULT,
    IN_TEST_DECLINED,
    IN_TEST_STOPPED,
    STOPPED,
    TOOLS,
    UNREADABLE,
)
from tests.core.provider.wire_forms import (
    ANSWER,
    DONE,
    SAID,
    STOP,
    WORDS,
    Row,
    error,
    event,
    in_chat,
    json_reply,
    limited_by,
    lists,
    out_of_turn,
    refusing,
    said,
    stream,
    streaming,
    whole,
    with_system,
)
from tests.fake_provider import Reply, Request

BEGUN = WORDS[0].strip()
_TOOL = [{"index": 0, "id": "c", "type": "function", "function": {"name": "search", "arguments": "{}"}}]
_UMLAUT = "Größe: 9 Uhr. [1]"
_SPLIT = said("").replace(b'"content": ""', f'"content": "{_UMLAUT}"'.encode())
_CUT = _SPLIT.index("ö".encode()) + 1
_FILTERED = {"prompt_index": 0, "content_filter_results": {"hate": {"filtered": False, "severity": "safe"}}}
_USAGE = {"prompt_tokens": 40, "completion_tokens": 90, "completion_tokens_details": {"reasoning_tokens": 80}}


def _second_choice(words: str) -> bytes:
    return event({"content": words}).replace(b'"index": 0', b'"index": 1')


ANSWERS = (
    Row("sane", lambda request: None),
    Row("whole answer although asked to stream", in_chat(json_reply(whole()))),
    Row("whole answer without a content type", in_chat(Reply(200, json_reply(whole()).pieces, kind=""))),
    Row("stream without a content type", in_chat(stream(*SAID, STOP, DONE, kind=""))),
    Row("stream called plain text", in_chat(stream(*SAID, STOP, DONE, kind="text/plain"))),
    Row("[DONE] without a finish reason", in_chat(stream(*SAID, DONE))),
    Row("finish reason without [DONE]", in_chat(stream(*SAID, STOP))),
    Row(
        "finish reason as an empty text until the end",
        in_chat(stream(*[event({"content": w}, "") for w in WORDS], STOP)),
    ),
    Row(
        "null in every field",
        in_chat(
            stream(
                event({"role": None, "content": None, "tool_calls": None, "function_call": None}, usage=None),
                *[event({"role": None, "content": w, "tool_calls": None}, usage=None, model=None) for w in WORDS],
                event(None, "stop", usage={"prompt_tokens": None, "completion_tokens": None}),
                DONE,
            )
        ),
    ),
    Row("choices null at the end", in_chat(stream(*SAID, STOP, event(choices=None), DONE))),
    Row("delta null at the end", in_chat(stream(*SAID, STOP.replace(b'"delta": {}', b'"delta": null'), DONE))),
    Row(
        "two choices, mixed",
        in_chat(stream(*[p for w in WORDS for p in (said(w), _second_choice("No idea. "))], STOP, DONE)),
    ),
    Row("empty deltas between", in_chat(stream(event({}), *[p for s in SAID for p in (s, said(""))], STOP, DONE))),
    Row("comment lines between", in_chat(stream(b": OPENROUTER PROCESSING\n\n", *SAID, b": ping\n\n", STOP, DONE))),
    Row("names and numbers of events", in_chat(stream(*[b"event: message\nid: 7\n" + s for s in SAID], STOP, DONE))),
    Row("lines ended as on Windows", in_chat(stream(*[s.replace(b"\n", b"\r\n") for s in (*SAID, STOP, DONE)]))),
    Row("no blank line between events", in_chat(stream(*[s.replace(b"\n\n", b"\n") for s in (*SAID, STOP, DONE)]))),
    Row("no space behind data:", in_chat(stream(*[s.replace(b"data: ", b"data:") for s in (*SAID, STOP, DONE)]))),
    Row("byte order mark", in_chat(stream(b"\xef\xbb\xbf" + SAID[0], *SAID[1:], STOP, DONE))),
    Row("a letter cut in two", in_chat(stream(_SPLIT[:_CUT], _SPLIT[_CUT:], STOP, DONE)), chat=_UMLAUT),
    Row(
        "a byte that is no letter",
        in_chat(stream(said("The depot opens at 9. [1]").replace(b"depot", b"dep\xffot"), STOP, DONE)),
        chat="The dep\ufffdot opens at 9. [1]",
    ),
    Row(
        "the words as a message, not a delta",
        in_chat(stream(*[s.replace(b"delta", b"message") for s in SAID], STOP, DONE)),
    ),
    Row(
        "content as a list of parts",
        in_chat(stream(*[event({"content": [{"type": "text", "text": w}]}) for w in WORDS], STOP)),
    ),
    Row(
        "Azure's empty first choice",
        in_chat(stream(event(choices=[], prompt_filter_results=[_FILTERED]), *SAID, STOP, DONE)),
    ),
    Row("a refusal of the model's own", in_chat(stream(event({"refusal": ANSWER}), STOP, DONE))),
    Row(
        "thoughts as reasoning_content",
        in_chat(stream(event({"reasoning_content": "Hm."}), *SAID, STOP)),
        learnt={"thinks": True},
    ),
    Row(
        "thoughts as reasoning",
        in_chat(stream(event({"reasoning": "Hm.", "content": None}), *SAID, STOP)),
        learnt={"thinks": True},
    ),
    Row(
        "thoughts only counted",
        in_chat(stream(*SAID, STOP, event(choices=[], usage=_USAGE), DONE)),
        learnt={"thinks": True},
    ),
    Row("thoughts in a whole answer", in_chat(json_reply(whole(reasoning_content="Hm."))), learnt={"thinks": True}),
    Row(
        "cites nothing", in_chat(stream(said("At 9."), STOP)), chat="At 9.", notes="did not say where its answer stands"
    ),
    Row("no word", in_chat(stream(event({"role": "assistant"}), STOP, DONE)), EMPTY, EMPTY),
    Row("no choice", in_chat(json_reply({**whole(), "choices": []})), EMPTY, EMPTY),
    Row(
        "a tool instead of words",
        in_chat(stream(event({"tool_calls": _TOOL}), event(reason="tool_calls"), DONE)),
        TOOLS,
        TOOLS,
    ),
    Row("cut at its length", in_chat(stream(SAID[0], event(reason="length"), DONE)), chat=f"{BEGUN} | {CUT_SHORT}"),
    Row(
        "cut at its length, called otherwise",
        in_chat(stream(SAID[0], event(reason="MAX_TOKENS"))),
        chat=f"{BEGUN} | {CUT_SHORT}",
    ),
    Row(
        "stopped by a filter",
        in_chat(stream(SAID[0], event(reason="content_filter"), DONE)),
        IN_TEST_DECLINED,
        f"{BEGUN} | {DECLINED}",
    ),
    Row("breaks off", in_chat(stream(SAID[0], breaks=True)), IN_TEST_STOPPED, f"{BEGUN} | {STOPPED}"),
    Row("ends without any sign of the end", in_chat(stream(SAID[0])), IN_TEST_STOPPED, f"{BEGUN} | {STOPPED}"),
    Row(
        "falls silent in the middle",
        in_chat(stream(SAID[0], SAID[1], silence=30.0)),
        IN_TEST_STOPPED,
        f"{BEGUN} | {STOPPED}",
    ),
    Row(
        "an error in the middle",
        in_chat(stream(SAID[0], b'data: {"error": {"message": "Provider disconnected", "code": 502}}\n\n')),
        IN_TEST_STOPPED,
        f"{BEGUN} | {STOPPED}",
    ),
    Row(
        "an error as the first event",
        in_chat(stream(b'data: {"error": {"message": "Provider returned error", "code": 502}}\n\n')),
        FAULT,
        FAULT,
    ),
    Row(
        "llama.cpp's error line", in_chat(stream(b'error: {"code":500,"message":"slot unavailable"}\n\n')), FAULT, FAULT
    ),
    Row("an error with status 200", in_chat(json_reply({"error": "The upstream failed."})), FAULT, FAULT),
    Row("no JSON", in_chat(Reply(200, (b'{"choices": [',))), UNREADABLE, UNREADABLE),
)

_NO_STREAM = (
    "Your organization must be verified to stream this model. Please go to: Settings and click on Verify Organization."
)
_ALTERNATE = "After the optional system message, conversation roles must alternate user/assistant/user/assistant/..."
_EXTRA = {
    "detail": [{"type": "extra_forbidden", "loc": ["body", "max_tokens"], "msg": "Extra inputs are not permitted"}]
}


def _refuses_all(request: Request) -> Reply | None:
    body = request.body
    odd = (
        streaming(body)
        or with_system(body)
        or out_of_turn(body)
        or limited_by("max_tokens", "max_completion_tokens")(body)
    )
    return error(400, "Bad request.") if odd else None


def _knows_one_limit(request: Request) -> Reply | None:
    if "max_tokens" in request.body:
        return error(
            400,
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                "'max_completion_tokens' instead."
            ),
            code="unsupported_parameter",
        )
    return None if request.body.get("max_completion_tokens", 0) >= 16 else error(400, "No limit.")


def _wants_sixteen(request: Request) -> Reply | None:
    if request.body.get("max_tokens", 0) < 16:
        return error(400, "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16.")
    return None


SHAPES = (
    Row(
        "refuses streaming (OpenAI)",
        refusing(streaming, error(400, _NO_STREAM, code="unsupported_value")),
        learnt={"streams": False},
    ),
    Row(
        "refuses streaming (422)",
        refusing(streaming, json_reply({"detail": "Streaming is not supported."}, 422)),
        learnt={"streams": False},
    ),
    Row("refuses streaming without a word", refusing(streaming, error(400, "Bad request.")), learnt={"streams": False}),
    Row(
        "refuses a system role (template, 500)",
        refusing(with_system, error(500, "Jinja Exception: System role not supported", "server_error")),
        learnt={"system_role": False},
    ),
    Row(
        "refuses a system role (Google)",
        refusing(
            with_system,
            error(400, "Developer instruction is not enabled for models/gemma-3-27b-it", "INVALID_ARGUMENT", 400),
        ),
        learnt={"system_role": False},
    ),
    Row(
        "refuses a system role (OpenAI)",
        refusing(
            with_system, error(400, "Unsupported value: 'messages[0].role' does not support 'system' with this model.")
        ),
        learnt={"system_role": False},
    ),
    Row(
        "refuses a system role without a word",
        refusing(with_system, error(400, "Bad request.")),
        learnt={"system_role": False},
    ),
    Row(
        "wants turns in turn (vLLM)",
        refusing(
            out_of_turn,
            json_reply({"object": "error", "message": _ALTERNATE, "type": "BadRequestError", "code": 400}, 400),
        ),
        learnt={"strict_turns": True},
    ),
    Row(
        "wants turns in turn (llama.cpp)",
        refusing(
            out_of_turn,
            error(500, "Conversation roles must alternate user/assistant/user/assistant/...", "server_error", 500),
        ),
        learnt={"strict_turns": True},
    ),
    Row(
        "wants turns in turn without a word",
        refusing(out_of_turn, error(422, "Unprocessable.")),
        learnt={"strict_turns": True},
    ),
    Row(
        "no system role and turns in turn",
        refusing(
            lambda b: with_system(b) or out_of_turn(b),
            error(400, "Conversation roles must alternate user/assistant/user/assistant/..."),
        ),
        learnt={"strict_turns": True, "system_role": False},
    ),
    Row("knows the limit under its other name", in_chat(_knows_one_limit), learnt={"limit": "max_completion_tokens"}),
    Row(
        "takes no limit (422)",
        refusing(limited_by("max_tokens", "max_completion_tokens"), json_reply(_EXTRA, 422)),
        learnt={"limit": ""},
    ),
    Row(
        "takes a smaller limit only",
        refusing(
            lambda b: b.get("max_tokens", b.get("max_completion_tokens", 0)) > 512,
            error(400, "max_tokens is too large: 1000. This model supports at most 512 completion tokens."),
        ),
        learnt={"limit": ""},
    ),
    Row("wants at least 16 tokens", in_chat(_wants_sixteen)),
    Row(
        "refuses all of it without a word",
        in_chat(_refuses_all),
        learnt={"streams": False, "system_role": False, "strict_turns": True, "limit": ""},
    ),
    Row(
        "window told by llama.cpp",
        lists({"owned_by": "llamacpp", "meta": {"n_ctx": 4096, "n_ctx_train": 131072}}),
        learnt={"window": 4096},
        notes="4,096 tokens",
    ),
    Row(
        "window told by llama.cpp elsewhere",
        lists({"meta": {"n_ctx_train": 131072}}, {"/props": {"default_generation_settings": {"n_ctx": 8192}}}),
        learnt={"window": 8192},
    ),
    Row("window told by vLLM", lists({"owned_by": "vllm", "max_model_len": 32768}), learnt={"window": 32768}),
    Row(
        "window told by OpenRouter",
        lists({"context_length": 128000, "top_provider": {"context_length": 128000}}),
        learnt={"window": 128000},
    ),
    Row(
        "window told by LM Studio",
        lists(
            {"owned_by": "organization_owner"},
            {
                "/api/v0/models": {
                    "data": [{"id": "fake-chat", "max_context_length": 131072, "loaded_context_length": 4096}]
                }
            },
        ),
        learnt={"window": 4096},
        notes="4,096 tokens",
    ),
)
