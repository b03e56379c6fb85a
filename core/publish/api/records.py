"""An assistant and its sources for a program: read, searched, added to, taken from."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from anyio.to_thread import run_sync
from sqlmodel import col, select
from starlette.responses import JSONResponse, Response

from core.assistants import sources
from core.assistants.assistants import profile
from core.assistants.source_filter import SourceFilter
from core.assistants.source_rows import SourceRow, source_numbers, source_page, source_row
from core.assistants.sources import Added
from core.database import Source, session
from core.publish.api.answers import NO_STORE
from core.publish.api.call import Call, viewer_of
from core.publish.api.reading import number_of, read_json, read_question, text_of
from core.publish.api.refusals import Refusal, not_found
from core.publish.api.uploads import read_files
from core.publish.work import found_for
from core.schema import Hit

PAGE_SIZE, MOST_ON_PAGE = 20, 100
PASSAGES, MOST_PASSAGES = 6, 50
SORTS = ("newest", "oldest", "name", "size", "problems")
LAST_PAGE = 1_000_000


async def assistant_route(call: Call) -> Response:
    """``GET /v1/assistants/{id}``: what it is called, where visitors find it, and how many sources it has."""
    viewer = await viewer_of(call)
    chosen, told = await run_sync(profile, call.assistant_id), await run_sync(source_numbers, call.assistant_id)
    open_to_all = viewer.publication.state == "link"
    facts = {
        "id": chosen.id,
        "name": chosen.name,
        "model": viewer.publication.name,
        "address": f"{viewer.base}/a/{viewer.publication.name}" if open_to_all else None,
        "suggested_questions": list(chosen.suggested),
        "sources": {"count": told.sources, "passages": told.passages, "bytes": told.size, "working": told.working},
        "scopes": list(call.key.scopes),
    }
    return JSONResponse(facts, headers=NO_STORE)


async def assistants_route(call: Call) -> Response:
    """``GET /v1/assistants``: the one assistant of the key."""
    chosen = await run_sync(profile, call.assistant_id)
    return JSONResponse({"data": [{"id": chosen.id, "name": chosen.name}], "page": 1, "pages": 1}, headers=NO_STORE)


async def sources_route(call: Call) -> Response:
    """``GET /v1/assistants/{id}/sources``: a page of the sources, newest first."""
    asked = call.request.query_params
    number = number_of(asked.get("page"), "page", 1, LAST_PAGE)
    size = number_of(asked.get("size"), "size", PAGE_SIZE, MOST_ON_PAGE)
    words, sort = asked.get("words", "").replace("\0", ""), asked.get("sort", SORTS[0])
    if sort not in SORTS:
        raise Refusal(f"“{sort[:40]}” is no order.", f"It is one of: {', '.join(SORTS)}.", code="bad_sort")

    def listed() -> dict[str, Any]:
        found = source_page(call.assistant_id, SourceFilter(words), sort=sort, page=number, size=size)
        pages = max(1, -(-found.matching // size))
        rows = found.rows if number <= pages else ()  # beyond the last page there is nothing, and not the last again
        return {"data": [_source(row) for row in rows], "count": found.matching, "page": number, "pages": pages}

    return JSONResponse(await run_sync(listed), headers=NO_STORE)


async def source_route(call: Call) -> Response:
    """``GET /v1/assistants/{id}/sources/{source}``: how one source is."""
    row = await run_sync(source_row, call.assistant_id, call.request.path_params["source"])
    if row is None:
        raise not_found()
    return JSONResponse(_source(row), headers=NO_STORE)


async def upload_route(call: Call) -> Response:
    """``POST /v1/assistants/{id}/sources``: files are kept and read later; 202 where some are, 413 where none was."""
    files = await read_files(call.request)

    def kept() -> list[dict[str, Any]]:
        added = sources.add_files(call.assistant_id, files)
        ids = _ids_of(call.assistant_id, added)
        return [{**asdict(each), "source_id": ids.get(each.name)} for each in added]

    told = await run_sync(kept)
    outcomes = {each["outcome"] for each in told}
    if outcomes == {"refused"}:
        raise Refusal(told[0]["sentence"], "Nothing was kept.", status=413, code="too_large")
    return JSONResponse({"data": told}, 202 if outcomes & {"new", "version"} else 200, NO_STORE)


async def delete_route(call: Call) -> Response:
    """``DELETE /v1/assistants/{id}/sources/{source}``: into the bin, where its owner finds it for 30 days."""
    source_id = call.request.path_params["source"]

    def deleted() -> bool:
        there = source_row(call.assistant_id, source_id) is not None
        if there:
            sources.delete_sources(call.assistant_id, [source_id])
        return there

    if not await run_sync(deleted):
        raise not_found()
    return JSONResponse({"id": source_id, "deleted": True}, headers=NO_STORE)


async def search_route(call: Call) -> Response:
    """``POST /v1/assistants/{id}/search``: the passages that an answer would be made of, best first."""
    sent = await read_json(call.request)
    question, _ = read_question({"question": text_of(sent, "question")})
    limit = number_of(sent.get("limit"), "limit", PASSAGES, MOST_PASSAGES)
    hits = await found_for(call.assistant_id, question, limit)
    return JSONResponse({"data": [_hit(hit) for hit in hits[:limit]]}, headers=NO_STORE)


def _hit(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "text": passage.text,
        "score": round(hit.score, 4),
        "similarity": None if hit.similarity is None else round(hit.similarity, 4),
        "coverage": round(hit.coverage, 4),
        "source": hit.source_name,
        "source_id": passage.source_id,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
    }


def _source(row: SourceRow) -> dict[str, Any]:
    """Return a source's row as a program gets it; what is wrong with it in the owner's own sentences."""
    progress: Mapping[str, Any] | None = None
    if row.state in ("waiting", "running"):
        progress = {"stage": row.stage, "done": row.done, "total": row.total}
    error = {"what": row.error, "remedy": row.remedy, "code": row.code} if row.error else None
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "bytes": row.size,
        "pages": row.page_count,
        "passages": row.passages,
        "state": row.state,
        "answers": row.answering and not row.standing.rests,
        "progress": progress,
        "error": error,
        "warnings": [{"what": warning.what, "remedy": warning.remedy} for warning in row.warnings],
        "added_at": row.added_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
    }


def _ids_of(assistant_id: str, added: Sequence[Added]) -> dict[str, str]:
    """Return the ids of sources by their names."""
    here = (Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None))
    with session() as db:
        named = col(Source.name).in_([each.name for each in added])
        return dict(db.execute(select(Source.name, Source.id).where(*here, named)).tuples().all())
