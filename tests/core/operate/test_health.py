"""What a probe and every page say of database, passage stores and worker: on real stores, ports and databases."""

import contextlib
import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import structlog

from core.assistants import index_builds, lifecycle
from core.database import IndexBuild, engine, session
from core.operate import health, look_at_stores, store_seen, stores_seen
from core.operate.health import _seen, stores_in_use
from core.settings import settings
from core.store import close_stores
from tests.core.postgres import missing_programs, postgres_server
from tests.core.store.weaviate_server import free_ports
from tests.needs import need, posix


@pytest.fixture(autouse=True)
def _nothing_was_seen_yet(data_folder: Path) -> Iterator[None]:
    _seen.clear()
    yield
    _seen.clear()


@pytest.fixture
def passages(data_folder: Path) -> Path:
    """Where LanceDB keeps its passages; a file in its place is a fault that root meets as well."""
    return data_folder / "passages.lance"


def break_lance(passages: Path) -> None:
    close_stores()
    if passages.is_dir():
        passages.rename(passages.with_name("away"))
    passages.write_bytes(b"a file")


def mend_lance(passages: Path) -> None:
    passages.unlink()


def set_weaviate(monkeypatch: pytest.MonkeyPatch, url: str, grpc: str = "") -> None:
    """Start again with this address, as a host would."""
    close_stores()
    monkeypatch.setenv("WEAVIATE_URL", url)
    monkeypatch.setenv("WEAVIATE_GRPC", grpc)
    settings.cache_clear()


def answers_from(store: str) -> str:
    """Make an assistant whose live index lies in this store; return the build's id."""
    build = index_builds.live_build(lifecycle.create_assistant(f"In {store}"))
    with session() as db:
        kept = db.get_one(IndexBuild, build.id)
        kept.store = store
        db.add(kept)
    return build.id


def codes() -> dict[str, str]:
    return health("here")["stores"]


def test_starting_then_ok() -> None:
    assert store_seen() == (False, None)
    report = health("here")
    assert (report["ok"], report["store"], report["stores"]) == (False, "starting", {})
    assert look_at_stores() is None
    assert store_seen() == (True, None)
    report = health("here")
    assert (report["ok"], report["database"], report["store"], report["stores"]) == (
        True,
        "ok",
        "ok",
        {"lancedb": "ok"},
    )
    assert report["versions"]["answerbook"]
    assert not health("stopped")["ok"]


def test_since_is_when_a_store_began_to_be_as_it_is(passages: Path) -> None:
    look_at_stores()
    well = stores_seen()["lancedb"]
    look_at_stores()
    assert stores_seen()["lancedb"].since == well.since
    break_lance(passages)
    trouble = look_at_stores()
    assert trouble is not None
    broken = stores_seen()["lancedb"]
    assert broken.trouble is trouble
    assert broken.since > well.since
    report = health("here")
    assert (report["ok"], report["store"], report["stores"]) == (False, trouble.code, {"lancedb": trouble.code})
    look_at_stores()
    assert stores_seen()["lancedb"].since == broken.since
    mend_lance(passages)
    assert look_at_stores() is None
    assert stores_seen()["lancedb"].since > broken.since
    assert health("here")["ok"]


@posix
def test_another_trouble_is_a_line_in_the_log_and_began_with_the_first(
    passages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    written = io.StringIO()
    monkeypatch.setattr("core.log._logger", structlog.wrap_logger(structlog.PrintLogger(written)))

    look_at_stores()
    assert "store.trouble" not in written.getvalue()
    break_lance(passages)
    look_at_stores()
    first = stores_seen()["lancedb"]
    look_at_stores()
    assert written.getvalue().count("store.trouble") == 1
    mend_lance(passages)
    passages.mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))  # the disk is full for whoever writes more than this
    try:
        full = look_at_stores()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert full is not None
    assert first.trouble is not None
    assert full.code == "full" != first.trouble.code
    assert stores_seen()["lancedb"].since == first.since, "it has not worked since then"
    assert written.getvalue().count("store.trouble") == 2
    assert look_at_stores() is None


def test_a_server_that_refuses_is_told_as_the_doctor_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_ports(1)[0]
    set_weaviate(monkeypatch, f"http://127.0.0.1:{port}")
    trouble = look_at_stores()
    assert trouble is not None
    assert trouble.code == "refused_connection"
    assert f"127.0.0.1:{port}" in trouble.what
    assert codes() == {"weaviate": "refused_connection"}
    since = stores_seen()["weaviate"].since
    look_at_stores()
    assert (codes(), stores_seen()["weaviate"].since) == ({"weaviate": "refused_connection"}, since)


def test_an_address_that_is_none_is_told_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    set_weaviate(monkeypatch, "http://")
    trouble = look_at_stores()
    assert trouble is not None
    assert codes() == {"weaviate": trouble.code}
    assert trouble.code != "refused_connection"


def test_the_stores_in_use_are_looked_at_and_no_other(passages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = answers_from("weaviate")
    assert stores_in_use() == ["weaviate", "lancedb"]
    trouble = look_at_stores()
    assert trouble is not None
    assert codes() == {"weaviate": "weaviate_unset", "lancedb": "ok"}
    assert health("here")["store"] == "weaviate_unset"
    with session() as db:
        kept = db.get_one(IndexBuild, build)
        kept.state = "old"
        db.add(kept)
    assert look_at_stores() is None
    assert codes() == {"lancedb": "ok"}
    assert health("here")["ok"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator["StandIn"]:
    with stand_in() as started:
        set_weaviate(monkeypatch, started.url, started.grpc)
        yield started
        close_stores()


class StandIn:
    """What a Weaviate server says to a store that only looks whether it is there; ``right`` is for the doctor alone."""

    def __init__(self, url: str, grpc: str) -> None:
        self.url = url
        self.grpc = grpc
        self.says_ready = threading.Event()
        self.right = True
        self.asked: list[str] = []


@contextlib.contextmanager
def stand_in() -> Iterator[StandIn]:
    """A real web and gRPC server that can be slow to say that it is ready: the doctor's question, not the store's."""
    import grpc

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            this.asked.append(path)
            status, body = 200, b"{}"
            if path == "/v1/.well-known/ready":
                this.says_ready.wait(20)
            if path == "/v1/meta":
                body = b'{"version": "1.39.0"}'
            if path.startswith("/v1/schema/"):
                status = 404
            if path == "/v1/schema" and not this.right:
                status = 403
            with contextlib.suppress(OSError):  # whoever asked may have gone
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    calls = grpc.server(ThreadPoolExecutor(2))
    serving = grpc.unary_unary_rpc_method_handler(lambda _request, _context: b"\x08\x01")
    calls.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("grpc.health.v1.Health", {"Check": serving})])
    port = calls.add_insecure_port("127.0.0.1:0")
    calls.start()
    this = StandIn(f"http://127.0.0.1:{web.server_port}", f"127.0.0.1:{port}")
    try:
        yield this
    finally:
        this.says_ready.set()
        web.shutdown()
        web.server_close()
        calls.stop(None)


def test_a_slow_doctor_does_not_overrule_a_store_that_answers(server: StandIn) -> None:
    assert look_at_stores() is None
    assert "/v1/.well-known/ready" in server.asked, "the doctor was not asked"
    assert codes() == {"weaviate": "ok"}


def test_the_doctor_is_asked_at_the_start_and_not_while_all_is_well(server: StandIn) -> None:
    server.says_ready.set()
    assert look_at_stores() is None
    server.asked.clear()
    assert look_at_stores() is None
    assert "/v1/.well-known/live" in server.asked
    assert "/v1/.well-known/ready" not in server.asked


def test_what_the_doctor_finds_with_a_server_that_answers_is_a_trouble(server: StandIn) -> None:
    server.says_ready.set()
    server.right = False
    trouble = look_at_stores()
    assert trouble is not None
    assert codes() == {"weaviate": "right"}
    server.right = True
    assert look_at_stores() is None
    assert codes() == {"weaviate": "ok"}


def use_database(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    engine.cache_clear()


def test_a_database_that_was_never_there_is_said_by_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    use_database(monkeypatch, f"postgresql://nobody@127.0.0.1:{free_ports(1)[0]}/nothing?connect_timeout=5")
    report = health("here")
    assert (report["ok"], report["database"], report["store"]) == (False, "database_away", "starting")
    assert look_at_stores() is None
    assert store_seen() == (False, None)


@pytest.mark.postgres
def test_a_database_that_goes_away_is_said_and_what_was_seen_of_stores_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    need("postgres", missing_programs())
    with postgres_server() as url:
        use_database(monkeypatch, f"{url}/postgres?connect_timeout=5")
        assert look_at_stores() is None
        assert health("here")["ok"]
    report = health("here")
    assert (report["ok"], report["database"], report["store"]) == (False, "away", "ok")
    assert look_at_stores() is None
    assert codes() == {"lancedb": "ok"}


def test_a_data_folder_that_cannot_be_used_is_said_by_its_code(data_folder: Path) -> None:
    data_folder.write_bytes(b"a file")
    report = health("here")
    assert not report["ok"]
    assert report["database"] not in ("ok", "away")
