"""The description of the API as a page for people: plain HTML made of the document, without any script."""

from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from core.publish.colours import DEFAULT_COLOUR, shades

_FOLDER = Path(__file__).parent / "page"
_SCOPES = (
    ("ask", "ask questions. Of a source that visitors may not open, only the name is told."),
    ("read", "list the sources, search them and read their words, in citations, too."),
    ("write", "add files and delete sources."),
)


def policy() -> str:
    """Return the page's Content-Security-Policy: one stylesheet of our own, nothing else, in no frame."""
    return "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@cache
def docs_style() -> str:
    """Return the page's stylesheet in the usual colour."""
    colours = "".join(f"--{name}:{value};" for name, value in shades(DEFAULT_COLOUR).items())
    return f":root{{{colours}}}\n{(_FOLDER / 'docs.css').read_text(encoding='utf-8')}"


def docs_page(described: dict[str, Any]) -> str:
    """Return the page for a document as ``openapi.document`` makes it."""
    operations = [
        (method.upper(), path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = described["components"]["schemas"]
    return Template((_FOLDER / "docs.html").read_text(encoding="utf-8")).substitute(
        style=f"/v1/docs.css?v={sha256(docs_style().encode()).hexdigest()[:12]}",
        first_words=_words(described["info"]["description"]),
        base=escape(described["servers"][0]["url"]),
        scopes="".join(f"<li><code>{name}</code>: {escape(words)}</li>" for name, words in _SCOPES),
        refused="".join(f"<li><code>{code}</code>: {_words(words)}</li>" for code, words in _refused(operations)),
        contents="".join(_entry(*operation) for operation in operations),
        operations="".join(_operation(*operation) for operation in operations),
        schemas="".join(_schema(name, schema) for name, schema in schemas.items()),
    )


def _refused(operations: list[tuple[str, str, dict[str, Any]]]) -> list[tuple[str, str]]:
    """Return what each status of a refusal means, once for all operations."""
    responses = [each for *_, operation in operations for each in list(operation["responses"].items())[1:]]
    return sorted({(code, told["description"]) for code, told in responses})


def _entry(method: str, path: str, operation: dict[str, Any]) -> str:
    return f'<li><a href="#{operation["operationId"]}">{escape(operation["summary"])}</a>{_line(method, path)}</li>'


def _line(method: str, path: str) -> str:
    return f'<code class="line"><b>{method}</b> {escape(path)}</code>'


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    """Return one operation: what it does, what it takes and gives, and how to ask."""
    parts = [
        f'<section id="{operation["operationId"]}"><h3>{escape(operation["summary"])}</h3>{_line(method, path)}',
        f"<p>{_words(operation['description'])}</p>",
    ]
    if parameters := operation.get("parameters"):
        rows = "".join(_row(each["name"], each["schema"], each["description"]) for each in parameters)
        parts.append(f"<dl>{rows}</dl>")
    if body := operation.get("requestBody"):
        sent = body["content"].get("application/json")
        parts.append(f"<p>Sends {_reference(sent['schema'])}.</p>" if sent else "<p>Sends the files.</p>")
    good, *others = operation["responses"].items()
    given = good[1]["content"]["application/json"]["schema"]
    codes = ", ".join(code for code, _ in others)
    parts.append(f"<p>Gives {good[0]} {_reference(given)}, else {_reference({'$ref': 'Error'})}: {codes}.</p>")
    for sample in operation["x-codeSamples"]:
        label = escape(f"{operation['summary']}: {sample['lang']}")
        parts.append(f"<h4>{escape(sample['lang'])}</h4>")
        parts.append(
            f'<pre tabindex="0" aria-label="{label}" data-language="{sample["lang"].lower()}">'
            f"<code>{escape(sample['source'].rstrip())}</code></pre>"
        )
    return "".join([*parts, "</section>"])


def _schema(name: str, schema: dict[str, Any]) -> str:
    words = f"<p>{_words(schema['description'])}</p>" if "description" in schema else ""
    required = schema.get("required", ())
    rows = "".join(
        _row(each, of, of.get("description", ""), optional=each not in required)
        for each, of in schema["properties"].items()
    )
    return f'<section id="of-{name}"><h3>{name}</h3>{words}<dl>{rows}</dl></section>'


def _row(name: str, schema: dict[str, Any], words: str, *, optional: bool = False) -> str:
    kind = _kind(schema) + (", may be left out" if optional else "")
    return f'<dt><code>{escape(name)}</code> <span class="kind">{kind}</span></dt><dd>{_words(words)}</dd>'


def _kind(schema: dict[str, Any]) -> str:
    """Return what a value is, in words: "text or null", "list of Citation"."""
    if "$ref" in schema:
        return _reference(schema)
    if "const" in schema:
        return f"“{escape(str(schema['const']))}”"
    if "enum" in schema:
        return ", ".join(f"“{escape(str(each))}”" for each in schema["enum"])
    types = schema.get("type", "anything")
    names = [{"string": "text", "array": "list", "integer": "number"}.get(each, each) for each in _listed(types)]
    if "items" in schema:
        return f"list of {_kind(schema['items'])}"
    if schema.get("properties"):
        inside = ", ".join(f"<code>{escape(name)}</code> {_kind(of)}" for name, of in schema["properties"].items())
        return f"{' or '.join(names)} with {inside}"
    return " or ".join(names)


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _reference(schema: dict[str, Any]) -> str:
    name = schema["$ref"].rpartition("/")[2]
    return f'<a href="#of-{name}">{name}</a>'


def _words(text: str) -> str:
    """Return words as HTML; what stands between backticks is code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
