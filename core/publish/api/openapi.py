"""The API described (OpenAPI 3.1): what each operation of the table takes and gives, with examples that tests run."""

from dataclasses import dataclass
from typing import Any

from core.publish.api.call import Operation
from core.publish.api.operations import OPERATIONS
from core.publish.api.schemas import SCHEMAS, Schema, named

VERSION = "1"
FIRST_WORDS = (
    "Ask an assistant from your own program, search its sources, add files and take them away. A key is of one "
    "assistant; its owner makes it in Answerbook, under Publish. Send it with each request as "
    "`Authorization: Bearer ab-…`, from your server: whoever has it can use it. Nothing that is asked here is kept."
)
SCOPE_WORDS = {
    None: "Any key may.",
    "ask": "The key needs “ask”.",
    "read": "The key needs “read”.",
    "write": "The key needs “write”.",
}
_REFUSED = {
    400: "The request could not be read.",
    401: "The key is missing, wrong or revoked.",
    403: "The key lacks the scope, or may not be used from a page of this site.",
    404: "There is no such thing for this key.",
    503: "It could not answer just now; `x-should-retry` says whether asking again helps.",
}
Code = dict[str, str]


@dataclass(frozen=True, slots=True)
class Described:
    """An operation in words. ``sends`` and ``gives`` name schemas; ``status`` is that of a request that went well."""

    title: str
    words: str
    gives: str
    sends: str = ""
    status: int = 200
    query: tuple[tuple[str, str, Schema], ...] = ()
    code: tuple[tuple[str, str], ...] = ()


_CURL = 'curl -sS "{base}%s" \\\n  -H "Authorization: Bearer $KEY"'
_OPENAI = 'import os\n\nfrom openai import OpenAI\n\nclient = OpenAI(base_url="{base}/v1", api_key=os.environ["KEY"])\n'
_REQUESTS = (
    "import os\n\nimport requests\n\n"
    'assistant = "{base}/v1/assistants/" + os.environ["ASSISTANT"]\n'
    'headers = {{"Authorization": "Bearer " + os.environ["KEY"]}}\n'
)


def _curl(path: str, *more: str) -> tuple[str, str]:
    return "curl", " \\\n  ".join([_CURL % path, *more])


def _json(body: str) -> str:
    escaped = body.replace("{", "{{").replace("}", "}}")
    return f"--json '{escaped}'"


def _openai(code: str) -> tuple[str, str]:
    return "Python", _OPENAI + code


def _requests(code: str) -> tuple[str, str]:
    return "Python", _REQUESTS + code


_PAGE = ("page", "Which page, from 1.", {"type": "integer", "minimum": 1, "default": 1})
_SIZE = ("size", "How many on a page.", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20})
_WORDS = ("words", "Only sources whose name holds all these words.", {"type": "string"})
_SORT = (
    "sort",
    "The order.",
    {"type": "string", "enum": ["newest", "oldest", "name", "size", "problems"], "default": "newest"},
)
_NAME = ("name", "The file's name, where the file itself is the body.", {"type": "string"})

DESCRIBED: dict[tuple[str, str], Described] = {
    ("POST", "/v1/chat/completions"): Described(
        "Ask, as OpenAI's clients do",
        "Any program that speaks OpenAI's protocol can ask: give it this address and a key. Markers like [1] stand in "
        "the text; what they stand for is in `citations`, beside the message's content and, in a stream, on the chunk "
        "with the `finish_reason`. Parameters of the model, such as `temperature` or `tools`, change nothing: the "
        "owner has tuned the assistant. A streamed answer is checked against the sources when it is whole; where it "
        "was not borne out, the checked answer follows and `answerbook.corrected` is true. Without `stream` only the "
        "checked answer comes.",
        gives="ChatCompletion",
        sends="ChatRequest",
        code=(
            _curl(
                "/v1/chat/completions",
                _json("""{"model": "'$MODEL'", "messages": [{"role": "user", "content": "What does it cost?"}]}"""),
            ),
            _openai(
                'stream = client.chat.completions.create(\n    model=os.environ["MODEL"],\n'
                '    messages=[{{"role": "user", "content": "What does it cost?"}}],\n    stream=True,\n)\n'
                "for chunk in stream:\n    for choice in chunk.choices:\n"
                '        print(choice.delta.content or "", end="", flush=True)\n'
                '    for citation in getattr(chunk, "citations", []):\n'
                "        print(f\"\\n[{{citation['number']}}] {{citation['source']}}: {{citation['quote']}}\")\n"
            ),
        ),
    ),
    ("GET", "/v1/models"): Described(
        "List the models",
        "The one assistant of the key, so that programs with a list to choose from find it.",
        gives="Models",
        code=(_curl("/v1/models"), _openai("print([model.id for model in client.models.list()])\n")),
    ),
    ("GET", "/v1/models/{model}"): Described(
        "Look at a model", "The same assistant by its name or id.", gives="Model", code=(_curl("/v1/models/$MODEL"),)
    ),
    ("GET", "/v1/assistants"): Described(
        "List the assistants", "The one assistant of the key.", gives="Assistants", code=(_curl("/v1/assistants"),)
    ),
    ("GET", "/v1/assistants/{id}"): Described(
        "Look at the assistant",
        "What it is called, where visitors find it, how many sources it has, and what the key may do.",
        gives="Assistant",
        code=(
            _curl("/v1/assistants/$ASSISTANT"),
            _requests('print(requests.get(assistant, headers=headers, timeout=60).json()["name"])\n'),
        ),
    ),
    ("POST", "/v1/assistants/{id}/answers"): Described(
        "Ask for a whole answer",
        "The same answer in plain JSON, with all that is known of it. It comes when it is checked.",
        gives="Answer",
        sends="Question",
        code=(
            _curl("/v1/assistants/$ASSISTANT/answers", _json('{"question": "What does it cost?"}')),
            _requests(
                'asked = {{"question": "What does it cost?"}}\n'
                'answer = requests.post(assistant + "/answers", json=asked, headers=headers, timeout=300).json()\n'
                'print(answer["kind"], answer["text"], answer["citations"])\n'
            ),
        ),
    ),
    ("POST", "/v1/assistants/{id}/search"): Described(
        "Search the sources",
        "The passages that an answer would be made of, best first: the same search as in Chat.",
        gives="Passages",
        sends="Search",
        code=(
            _curl("/v1/assistants/$ASSISTANT/search", _json('{"question": "What does it cost?", "limit": 3}')),
            _requests(
                'asked = {{"question": "What does it cost?", "limit": 3}}\n'
                'found = requests.post(assistant + "/search", json=asked, headers=headers, timeout=60).json()\n'
                'for passage in found["data"]:\n    print(passage["score"], passage["source"], passage["text"][:80])\n'
            ),
        ),
    ),
    ("GET", "/v1/assistants/{id}/sources"): Described(
        "List the sources",
        "A page of the sources with the state of each. Beyond the last page the list is empty.",
        gives="Sources",
        query=(_PAGE, _SIZE, _WORDS, _SORT),
        code=(
            _curl("/v1/assistants/$ASSISTANT/sources?size=50"),
            _requests(
                'listed = requests.get(assistant + "/sources?size=50", headers=headers, timeout=60).json()\n'
                'for source in listed["data"]:\n    print(source["name"], source["state"])\n'
            ),
        ),
    ),
    ("POST", "/v1/assistants/{id}/sources"): Described(
        "Add files",
        "One file as the body, with its name in the address, or up to 50 as a form (multipart/form-data), together as "
        "large as one file may be (413 else). They are kept at once (202) and read in the background: look at the "
        "source until its state is “ready”. A name that is there already becomes a new version of that source, which "
        "answers until the new one is read. 200: nothing is to be read, each `sentence` says why.",
        gives="Added",
        status=202,
        query=(_NAME,),
        code=(
            _curl("/v1/assistants/$ASSISTANT/sources?name=prices.txt", "--data-binary @prices.txt"),
            _requests(
                'with open("prices.txt", "rb") as file:\n'
                '    files = {{"file": file}}\n'
                '    sent = requests.post(assistant + "/sources", files=files, headers=headers, timeout=300)\n'
                'print(sent.json()["data"][0]["outcome"])\n'
            ),
        ),
    ),
    ("GET", "/v1/assistants/{id}/sources/{source}"): Described(
        "Look at a source",
        "How it is: waiting, being read, ready, or why not.",
        gives="Source",
        code=(_curl("/v1/assistants/$ASSISTANT/sources/$SOURCE"),),
    ),
    ("DELETE", "/v1/assistants/{id}/sources/{source}"): Described(
        "Delete a source",
        "It answers no more at once. Its owner can bring it back for 30 days.",
        gives="Deleted",
        code=(_curl("/v1/assistants/$ASSISTANT/sources/$SOURCE", "-X DELETE"),),
    ),
}
_PATH_WORDS = {
    "id": "The assistant's id: see GET /v1/assistants.",
    "source": "The source's id.",
    "model": "The assistant's name as in its address, or its id.",
}


def document(base: str) -> dict[str, Any]:
    """Return the description for an Answerbook that is asked at ``base``, as "https://kb.example.com"."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, base)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Answerbook", "version": VERSION, "description": FIRST_WORDS},
        "servers": [{"url": base}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "A key of an assistant."}},
        },
    }


def _operation(operation: Operation, base: str) -> dict[str, Any]:
    told = DESCRIBED[operation.method, operation.path]
    name = operation.handle.__name__.removesuffix("_route")
    described: dict[str, Any] = {
        "operationId": name,
        "summary": told.title,
        "description": f"{told.words} {SCOPE_WORDS[operation.scope]}",
        "x-scope": operation.scope,
        "responses": _responses(told, operation),
        "x-codeSamples": [{"lang": lang, "source": code.format(base=base)} for lang, code in told.code],
    }
    parameters = [_path_parameter(part) for part in operation.path.split("/") if part.startswith("{")]
    parameters += [{"name": n, "in": "query", "description": words, "schema": of} for n, words, of in told.query]
    if parameters:
        described["parameters"] = parameters
    if told.sends:
        described["requestBody"] = {"required": True, "content": _json_of(told.sends)}
    if operation.scope == "write" and operation.method == "POST":
        described["requestBody"] = {"required": True, "content": _FILES}
    return described


_FILES = {
    "application/octet-stream": {"schema": {}},
    "multipart/form-data": {
        "schema": {"type": "object", "properties": {"file": {"type": "string", "contentMediaType": "*/*"}}}
    },
}


def _responses(told: Described, operation: Operation) -> dict[str, Any]:
    good = _json_of(told.gives)
    if told.sends == "ChatRequest":
        good = {**good, "text/event-stream": {"schema": {"type": "string"}}}
    refused = {code: words for code, words in _REFUSED.items() if code != 400 or told.sends or told.query}
    if told.sends or operation.scope == "write":
        refused[413] = "This is more than is taken at once."
    return {
        str(told.status): {"description": "It went well.", "content": good},
        **{str(code): {"description": words, "content": _json_of("Error")} for code, words in sorted(refused.items())},
    }


def _json_of(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": named(name)}}


def _path_parameter(part: str) -> dict[str, Any]:
    name = part.strip("{}")
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": _PATH_WORDS[name],
        "schema": {"type": "string"},
    }
