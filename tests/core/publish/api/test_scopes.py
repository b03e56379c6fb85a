"""Every operation of the table with every set of scopes, and with keys of another assistant: no hole."""

import re
from collections.abc import Iterator
from itertools import chain, combinations

import httpx
import pytest
from sqlmodel import select

from core.assistants import lifecycle, source_rows
from core.database import ApiKey, session
from core.publish import SCOPES, create_key, keys_of, revoke_key
from core.publish.api.call import Operation
from core.publish.api.operations import OPERATIONS
from core.publish.api.routes import routes
from tests.core.publish.api.programs import Program, api, program
from tests.core.publish.serving import QUESTION, published_assistant

SETS = [*chain.from_iterable(combinations(SCOPES, count) for count in (1, 2, 3))]
OPEN_TO_ALL = {"/v1/openapi.json", "/v1/docs", "/v1/docs.css"}


@pytest.fixture(scope="module")
def two(own_folder: object) -> Iterator[tuple[Program, Program]]:
    """Two assistants, each with a source, and a program for each that may do everything."""
    ours, theirs = published_assistant("Ours"), published_assistant("Theirs", "# Secret\n\nThe vault opens at noon.")
    with api() as base:
        programs = program(base, ours.assistant_id, ours.name), program(base, theirs.assistant_id, theirs.name)
        with programs[0].client, programs[1].client:
            yield programs


def source_id(of: Program) -> str:
    return source_rows.source_names(of.assistant_id)[0].id


def tried(operation: Operation, asker: Program, target: Program) -> httpx.Response:
    """Ask for something of ``target`` with the key of ``asker``, rightly in all else."""
    source = "0" * 32 if operation.method == "DELETE" else source_id(target)
    path = operation.path.format(id=target.assistant_id, source=source, model=target.model)
    sent: dict[str, object] = {}
    if operation.path.endswith("completions"):
        sent = {"json": {"model": target.model, "messages": [{"role": "user", "content": QUESTION}]}}
    elif operation.path.endswith(("answers", "search")):
        sent = {"json": {"question": QUESTION}}
    elif operation.scope == "write" and operation.method == "POST":
        sent = {"content": b"Some text.", "params": {"name": "same.txt"}}
    return asker.client.request(operation.method, path, **sent)  # type: ignore[arg-type]


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


@pytest.mark.parametrize("scopes", SETS, ids="+".join)
@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_a_key_does_what_it_may_and_nothing_else(
    two: tuple[Program, Program], operation: Operation, scopes: tuple[str, ...]
) -> None:
    asker = program(two[0].base, two[0].assistant_id, two[0].model, scopes)
    may = operation.scope is None or operation.scope in scopes
    answer = tried(operation, asker, two[0])
    went_well = 404 if operation.method == "DELETE" else 200
    assert answer.status_code in ((went_well, 202) if may else (403,)), answer.text
    if not may:
        assert answer.json()["error"]["code"] == "missing_scope"
    revoke_key(asker.assistant_id, asker.key_id)
    assert tried(operation, asker, two[0]).status_code == 401


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_another_assistant_is_not_there(two: tuple[Program, Program], operation: Operation) -> None:
    ours, theirs = two
    if "{" in operation.path or operation.path.endswith("completions"):
        answer = tried(operation, ours, theirs)
        assert answer.status_code == 404
        assert "Secret" not in answer.text
        assert "vault" not in answer.text
    else:
        assert theirs.assistant_id not in tried(operation, ours, theirs).text
    # Nor is another's source, below the own assistant's address.
    if "{source}" in operation.path:
        path = operation.path.format(id=ours.assistant_id, source=source_id(theirs))
        assert ours.client.request(operation.method, path).status_code == 404
    assert [source.name for source in source_rows.source_names(theirs.assistant_id)] == ["returns.md"]


@pytest.mark.parametrize("authorization", ["", "Bearer", "Basic x", "ab-x", "Bearer ab-" + "A" * 43])
@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_nobody_without_a_key_gets_anything(
    two: tuple[Program, Program], operation: Operation, authorization: str
) -> None:
    two[0].client.headers["Authorization"] = authorization
    try:
        answer = tried(operation, two[0], two[0])
    finally:
        two[0].client.headers["Authorization"] = f"Bearer {two[0].key}"
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    # A key is no part of an address: addresses are written into logs.
    path = operation.path.format(id=two[0].assistant_id, source="x", model="x")
    asked = httpx.request(
        operation.method, f"{two[0].base}{path}?key={two[0].key}&api_key={two[0].key}", trust_env=False
    )
    assert asked.status_code == 401


def test_every_route_is_in_the_table_or_open_to_all() -> None:
    """A route that is added without the look at keys fails here."""
    listed = {operation.path for operation in OPERATIONS}
    assert {route.path for route in routes} - listed == {*OPEN_TO_ALL, "/v1/{rest:path}"}
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == len(OPERATIONS)
    for operation in OPERATIONS:
        assert operation.scope is None or operation.scope in SCOPES


def test_unknown_addresses_and_methods(two: tuple[Program, Program]) -> None:
    client, path = two[0].client, two[0].path
    for unknown in ("/v1/", "/v1/nowhere", f"{path}/nowhere", f"{path}/sources/x/y", f"{path}/", "/v1/files"):
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = client.request(method, unknown)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), unknown
    wrong = client.put(f"{path}/sources")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, POST")


def test_a_key_is_shown_once_and_kept_nowhere(two: tuple[Program, Program], own_folder: object) -> None:
    with session() as db:
        rows = db.exec(select(ApiKey)).all()
    written = "".join(str(row.model_dump()) for row in rows)
    assert two[0].key not in written
    assert all(re.fullmatch(r"[0-9a-f]{64}", row.hash) for row in rows)
    [kept] = [key for key in keys_of(two[0].assistant_id) if key.id == two[0].key_id]
    assert two[0].key.endswith(kept.hint)
    assert kept.used_at is not None, "its last use is not noted"


def test_what_cannot_be_a_key_is_said() -> None:
    from core.errors import AnswerbookError

    made = lifecycle.create_assistant("Keys")
    for name, scopes, sites in (
        ("", ["ask"], []),
        (" \n", ["ask"], []),
        ("x" * 81, ["ask"], []),
        ("x", [], []),
        ("x", ["ask", "own"], []),
        ("x", ["ask"], ["*"]),
        ("x", ["ask"], ["https://*.example"]),
    ):
        with pytest.raises(AnswerbookError) as refused:
            create_key(made, name, scopes, sites)
        assert refused.value.remedy
    assert keys_of(made) == []


def test_the_keys_of_an_assistant_in_the_bin_open_nothing(two: tuple[Program, Program]) -> None:
    made = published_assistant("Gone")
    gone = program(two[0].base, made.assistant_id, made.name)
    assert gone.client.get("/v1/models").status_code == 200
    lifecycle.delete_assistant(made.assistant_id)
    assert gone.client.get("/v1/models").status_code == 401
    lifecycle.restore_assistant(made.assistant_id)
    assert gone.client.get("/v1/models").status_code == 200


def test_only_pages_of_sites_that_the_key_names_may_use_it(two: tuple[Program, Program]) -> None:
    ours = two[0]
    shop = program(ours.base, ours.assistant_id, ours.model, ["ask"], ["https://shop.example"])
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, x-stainless-os"}
    for origin, may in (("https://shop.example", True), ("https://evil.example", False), ("null", False)):
        before = httpx.options(f"{ours.base}/v1/chat/completions", headers={"Origin": origin, **ask}, trust_env=False)
        assert before.headers.get("access-control-allow-origin") == (origin if may else None)
        answer = shop.client.get("/v1/models", headers={"Origin": origin})
        assert answer.status_code == (200 if may else 403)
        assert answer.headers.get("access-control-allow-origin") == (origin if may else None)
        assert "access-control-allow-credentials" not in {**before.headers, **answer.headers}
    # A key without sites is for servers, and one of another assistant opens no door here.
    other = httpx.options(
        f"{ours.base}{two[1].path}/search", headers={"Origin": "https://shop.example"}, trust_env=False
    )
    assert "access-control-allow-origin" not in other.headers
    assert ours.client.get("/v1/models", headers={"Origin": "https://shop.example"}).status_code == 403
    assert "access-control-allow-origin" not in ours.client.get("/v1/models").headers
    revoke_key(shop.assistant_id, shop.key_id)
    after = httpx.options(
        f"{ours.base}/v1/chat/completions", headers={"Origin": "https://shop.example", **ask}, trust_env=False
    )
    assert "access-control-allow-origin" not in after.headers
