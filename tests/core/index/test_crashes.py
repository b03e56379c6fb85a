"""Answerbook is killed, or a store goes, in the middle of writing, deleting, switching or moving; on a real Weaviate.

After each one, database and server agree to the id: nothing missing, nothing twice, nothing left over.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlmodel import select

from core import jobs, pipeline
from core.assistants import index_builds, source_rows, sources
from core.database import IndexBuild, session
from core.errors import StoreError
from core.index import change
from core.schema import CutSettings
from core.store import close_stores, store_named
from core.worker import Worker
from tests.core.index.faults_kit import QUESTION, add, assert_agreed, filled, ready, scope
from tests.core.index.test_ingest import pages, row
from tests.core.store.weaviate_server import WeaviateServer
from tests.core.work import wait_until, work_off

PROJECT = Path(__file__).resolve().parents[3]


# A worker that kills itself at the given moment, as a pulled plug would: module, name, which call, before or after it.
KILLS_ITSELF = """
import importlib, os, signal, sys, time
module, name, number, when = sys.argv[1:5]
holder = importlib.import_module(module)
*path, last = name.split(".")
for part in path:
    holder = getattr(holder, part)
real, calls = getattr(holder, last), 0
def call(*arguments, **named):
    global calls
    calls += 1
    fatal = calls == int(number)  # two lanes may be in here at once
    if fatal and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    given = real(*arguments, **named)
    if fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    return given
setattr(holder, last, call)
from core.worker import Worker
Worker().start()
time.sleep(60)
"""
STORE = "core.store.weaviate.store WeaviateStore."


def killed_at(moment: str) -> None:
    """Run a worker in a process of its own that dies at a moment: "module name call before|after"."""
    child = subprocess.Popen([sys.executable, "-c", KILLS_ITSELF, *moment.split()], cwd=PROJECT, env=os.environ.copy())
    assert child.wait(90) == -signal.SIGKILL, "the worker did not come to that moment"


@pytest.mark.parametrize("moment", ["add 1 before", "add 1 after", "count 1 after"])
def test_answerbook_killed_during_an_insert(server: WeaviateServer, moment: str) -> None:
    assistant_id = filled("parcel")
    add(assistant_id, 3, sections=12)
    killed_at(f"{STORE}{moment}")
    assert pipeline.search(assistant_id, QUESTION)
    work_off()
    assert ready(assistant_id) == 4
    assert_agreed(assistant_id)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_answerbook_killed_during_a_deletion(server: WeaviateServer, moment: str) -> None:
    assistant_id = filled("parcel", "letter")
    sources.delete_sources(assistant_id, [row(assistant_id, "letter.md").id])
    killed_at(f"{STORE}delete_versions 1 {moment}")
    assert {hit.source_name for hit in pipeline.search(assistant_id, "letter rule on customs")} <= {"parcel.md"}
    work_off()
    assert source_rows.removed_rows(assistant_id)[0].left == 0
    assert_agreed(assistant_id)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_answerbook_killed_during_the_switch_to_another_cut(server: WeaviateServer, moment: str) -> None:
    assistant_id = filled("parcel", "letter")
    old = scope(assistant_id)
    change.request_cut(assistant_id, CutSettings(size=600, overlap=60))
    killed_at(f"core.index.build _go_live 1 {moment}")
    assert (scope(assistant_id) == old) is (moment == "before")
    assert pipeline.search(assistant_id, QUESTION)
    work_off()
    assert scope(assistant_id).build == old.build + 1
    assert pipeline.search(assistant_id, QUESTION)
    assert_agreed(assistant_id)
    assert change.ways_back(assistant_id)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_answerbook_killed_during_the_switch_to_a_new_version(server: WeaviateServer, moment: str) -> None:
    assistant_id = filled("parcel")
    sources.add_files(assistant_id, [("parcel.md", pages("letter"))])
    killed_at(f"core.index.ingest _switch 1 {moment}")
    found = pipeline.search(assistant_id, QUESTION)
    word = "parcel" if moment == "before" else "letter"
    assert found
    assert all(word in hit.passage.text for hit in found)
    work_off()
    assert all("letter" in hit.passage.text for hit in pipeline.search(assistant_id, QUESTION))
    assert_agreed(assistant_id)


def test_the_server_dies_in_the_middle_of_a_move_to_it(server: WeaviateServer, worker: Worker) -> None:
    assistant_id = moved_to("lancedb")
    change.request_store("weaviate")
    wait_until(lambda: server_holds(assistant_id))
    server.kill()
    time.sleep(2)
    assert pipeline.search(assistant_id, QUESTION)
    server.start()
    wait_until(lambda: index_builds.live_build(assistant_id).store == "weaviate", 90)
    wait_until(lambda: jobs.active_count() == 0)
    assert pipeline.search(assistant_id, QUESTION)
    assert_agreed(assistant_id)


def moved_to(store: str) -> str:
    """Return an assistant with many passages that answers from this store."""
    assistant_id = filled(*(f"word{n}" for n in range(20)))
    change.request_store(store)
    wait_until(lambda: index_builds.live_build(assistant_id).store == store)
    wait_until(lambda: jobs.active_count() == 0)
    return assistant_id


def server_holds(assistant_id: str) -> bool:
    """Whether some passage of the build that is being built is on the server."""
    with session() as db:
        building = db.exec(select(IndexBuild).where(IndexBuild.state == "building")).first()
    try:
        return building is not None and store_named("weaviate").count(index_builds.scope_of(building)) > 0
    except StoreError:
        return False


def test_the_folder_of_passages_vanishes_in_the_middle_of_a_move_away_from_it(
    server: WeaviateServer, data_folder: Path
) -> None:
    assistant_id = filled("parcel", "letter")
    change.request_store("lancedb")
    work_off()
    change.request_store("weaviate")
    killed_at(f"{STORE}add 1 after")
    close_stores()
    shutil.rmtree(data_folder / "passages.lance")
    work_off()
    assert index_builds.live_build(assistant_id).store == "weaviate"
    assert pipeline.search(assistant_id, QUESTION)
    assert_agreed(assistant_id)


def test_passages_move_back_from_a_server_that_is_gone_for_good(server: WeaviateServer) -> None:
    assistant_id = filled("parcel", "letter")
    server.kill()
    change.request_store("lancedb")
    work_off()
    assert index_builds.live_build(assistant_id).store == "lancedb"
    assert pipeline.search(assistant_id, QUESTION)
    server.start()
    assert_agreed(assistant_id)


@pytest.mark.parametrize("moment", ["add 1 after", "count 1 after"])
def test_answerbook_killed_during_a_move(server: WeaviateServer, moment: str) -> None:
    assistant_id = filled("parcel", "letter")
    change.request_store("lancedb")
    work_off()
    assert index_builds.live_build(assistant_id).store == "lancedb"
    change.request_store("weaviate")
    killed_at(f"{STORE}{moment}")
    assert index_builds.live_build(assistant_id).store == "lancedb"
    assert pipeline.search(assistant_id, QUESTION)
    work_off()
    assert index_builds.live_build(assistant_id).store == "weaviate"
    assert pipeline.search(assistant_id, QUESTION)
    assert_agreed(assistant_id)
