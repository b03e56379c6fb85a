"""The values that travel through the API, as JSON Schema (OpenAPI 3.1), by name."""

from typing import Any

Schema = dict[str, Any]


def _text(description: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": description} if description else {}), **more}


def _number(description: str = "", kind: str = "integer", **more: Any) -> Schema:
    return {"type": kind, **({"description": description} if description else {}), **more}


def _maybe(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _flag(description: str = "") -> Schema:
    return {"type": "boolean", **({"description": description} if description else {})}


def _list(of: Schema, description: str = "") -> Schema:
    return {"type": "array", "items": of, **({"description": description} if description else {})}


def _object(required: str, optional: str = "", /, **properties: Schema) -> Schema:
    """Return an object's schema; names by blanks: all properties are in one of the two."""
    assert set(required.split()) | set(optional.split()) == set(properties)
    return {"type": "object", "required": required.split(), "properties": properties}


def named(name: str) -> Schema:
    """Return a reference to one of these schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


_TEXTS = _list(_text())
_TURN_ROLE = _text(enum=["user", "assistant"])
_NOTES = "What else is to be known of it: that nothing of it was found in the documents, or that it broke off."
_KIND = _text(
    "quotes: word for word from the sources; written: by a model; unknown: nothing fits; talk: a greeting, thanks.",
    enum=["quotes", "written", "unknown", "talk"],
)
_BESIDE: dict[str, Schema] = {
    "kind": _KIND,
    "note": _text(_NOTES),
    "understood": _list(_text(), "What mistyped words of the question were taken for."),
    "looked_for": _list(_text(), "Where nothing fits: the words that were looked for."),
    "near": _list(_text(), "Where nothing fits: questions near it that are answered."),
}
_ROLES = ["user", "assistant", "system", "developer", "tool", "function"]

SCHEMAS: dict[str, Schema] = {
    "ChatRequest": _object(
        "model messages",
        "stream stream_options",
        model=_text("The assistant's name as in its address, or its id: see GET /v1/models."),
        messages=_list(
            _object("role content", role=_text(enum=_ROLES), content=_text("Text, or a list of parts with text.")),
            "The last one is the question. System messages are ignored: how the assistant speaks and what it may do "
            "is its owner's alone, and neither callers nor documents change it. Of a long conversation the end counts.",
        ),
        stream=_flag("Whether the answer comes in pieces as it is written."),
        stream_options=_object("include_usage", include_usage=_flag("Whether the last chunk counts tokens.")),
    ),
    "ChatCompletion": _object(
        "id object created model choices usage answerbook",
        id=_text(),
        object=_text(const="chat.completion"),
        created=_number("Seconds since 1970."),
        model=_text(),
        choices=_list(
            _object(
                "index message finish_reason logprobs",
                index=_number(),
                message=_object(
                    "role content citations",
                    role=_text(const="assistant"),
                    content=_text("The answer, with markers like [1]."),
                    citations=_list(named("Citation")),
                ),
                finish_reason=_text("length: the answer broke off before its end.", enum=["stop", "length"]),
                logprobs={"type": "null"},
            )
        ),
        usage=named("Usage"),
        answerbook=named("Beside"),
    ),
    "Usage": {
        **_object(
            "prompt_tokens completion_tokens total_tokens",
            **dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens"), _number()),
        ),
        "description": "An estimate of what was sent and came back, and not what the assistant's own model read.",
    },
    "Beside": _object("kind note understood looked_for near", **_BESIDE),
    "Citation": _object(
        "number source source_id page quote url supported edited",
        number=_number("The n of the marker [n]. In a stream a number may stand for more than one place."),
        source=_text("The source's name."),
        source_id=_maybe(_text("null where the key lacks “read” and visitors may not open the source.")),
        page=_maybe(_number("The page, sheet or slide from 1; null as for source_id, or where there are none.")),
        quote=_maybe(_text("The source's own words; null as for source_id.")),
        url=_maybe(_text("Where anyone may open the place; null where visitors may not.")),
        supported=_flag("Whether the words were found to bear out the sentence that cites them."),
        edited=_flag("Whether the quote has words that the owner wrote by hand; the place shows the document's own."),
    ),
    "Question": _object(
        "question",
        "history",
        question=_text(maxLength=4000),
        history=_list(_object("role text", role=_TURN_ROLE, text=_text()), "What was said before it, oldest first."),
    ),
    "Answer": _object(
        "text citations kind note understood looked_for near",
        text=_text("The answer, with markers like [1]; it is harmless where it is shown as Markdown."),
        citations=_list(named("Citation")),
        **_BESIDE,
    ),
    "Search": _object(
        "question",
        "limit",
        question=_text(maxLength=4000),
        limit=_number("How many passages at most.", minimum=1, maximum=50, default=6),
    ),
    "Passages": _object("data", data=_list(named("Passage"), "Best first.")),
    "Passage": _object(
        "text score similarity coverage source source_id page start end",
        text=_text("The passage, letter for letter. It is a document's: escape it where you show it."),
        score=_number("Orders the passages of one search; it means nothing by itself.", "number"),
        similarity=_maybe(_number("Closeness in meaning, -1 to 1.", "number")),
        coverage=_number("Share of the question's words found in it, 0 to 1, rare words counting more.", "number"),
        source=_text(),
        source_id=_text(),
        page=_maybe(_number()),
        start=_number("Where it begins in the source's text."),
        end=_number(),
    ),
    "Model": _object(
        "id object created owned_by name",
        id=_text("What to put into “model”."),
        object=_text(const="model"),
        created=_number(),
        owned_by=_text(),
        name=_text("The assistant's name."),
    ),
    "Models": _object("object data", object=_text(const="list"), data=_list(named("Model"))),
    "Assistants": _object(
        "data page pages", data=_list(_object("id name", id=_text(), name=_text())), page=_number(), pages=_number()
    ),
    "Assistant": _object(
        "id name model address suggested_questions sources scopes",
        id=_text(),
        name=_text(),
        model=_text("What to put into “model” at chat/completions."),
        address=_maybe(_text("The page for visitors; null while it is offline.")),
        suggested_questions=_TEXTS,
        sources=_object(
            "count passages bytes working",
            count=_number(),
            passages=_number(),
            bytes=_number(),
            working=_number("How many are being read, or about to be."),
        ),
        scopes=_list(_text(enum=["ask", "read", "write"]), "What this key may do."),
    ),
    "Source": _object(
        "id name kind bytes pages passages state answers progress error warnings added_at changed_at",
        id=_text(),
        name=_text(),
        kind=_text("As “pdf”."),
        bytes=_number(),
        pages=_maybe(_number()),
        passages=_number(),
        state=_text(enum=["waiting", "running", "ready", "failed", "stopped"]),
        answers=_flag("Whether it, or the version before it, is found by questions now."),
        progress=_maybe(_object("stage done total", stage=_text(), done=_number(), total=_number())),
        error=_maybe(_object("what remedy code", what=_text(), remedy=_text(), code=_text())),
        warnings=_list(_object("what remedy", what=_text(), remedy=_text()), "What of it could not be read."),
        added_at=_text(format="date-time"),
        changed_at=_text(format="date-time"),
    ),
    "Sources": _object(
        "data count page pages", data=_list(named("Source")), count=_number(), page=_number(), pages=_number()
    ),
    "Added": _object(
        "data",
        data=_list(
            _object(
                "name outcome sentence source_id",
                name=_text(),
                outcome=_text(enum=["new", "version", "unchanged", "duplicate", "refused"]),
                sentence=_text("Why nothing is read, where nothing is."),
                source_id=_maybe(_text()),
            )
        ),
    ),
    "Deleted": _object("id deleted", id=_text(), deleted=_flag()),
    "Error": _object(
        "error",
        error=_object(
            "message type param code what remedy",
            message=_text("Both sentences."),
            type=_text(),
            param={"type": "null"},
            code=_text("A short word that stays the same."),
            what=_text("What happened."),
            remedy=_text("What to do."),
        ),
    ),
}
