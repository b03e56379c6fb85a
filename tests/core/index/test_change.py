"""Another cut or another embedding: asked for in one transaction, replaced by a later wish, taken back."""

import pytest
from pydantic import SecretStr
from sqlmodel import select

from core import jobs, model_connection
from core.assistants import lifecycle
from core.assistants.index_builds import live_build, settings_of
from core.database import IndexBuild, Job, session
from core.errors import AnswerbookError, ModelError, NotFound
from core.index import at_work, give_up_rebuild, rebuild_job, rebuilds, request_cut, request_embedding
from core.index.change import TAKEN_BACK, UNCHANGED, check_cut
from core.schema import BUILT_IN_EMBEDDING, CutSettings, Provider
from tests.fake_provider import FakeProvider

SMALL, LARGE = CutSettings(400, 50), CutSettings(4000, 400)


@pytest.fixture
def assistant_id(database: str) -> str:
    return lifecycle.create_assistant("Help")


def builds(assistant_id: str) -> list[tuple[int, str]]:
    with session() as db:
        found = db.exec(select(IndexBuild).where(IndexBuild.assistant_id == assistant_id).order_by(IndexBuild.number))
        return [(build.cut_size, build.state) for build in found.all()]


def building(assistant_id: str) -> IndexBuild:
    card = rebuild_job(assistant_id)
    assert card is not None
    with session() as db:
        return db.get_one(IndexBuild, db.get_one(Job, card.id).build_id)


def states(assistant_id: str) -> list[str]:
    with session() as db:
        return list(db.exec(select(Job.state).where(Job.assistant_id == assistant_id).order_by(Job.created_at)).all())


@pytest.mark.parametrize(
    "cut",
    [CutSettings(199, 0), CutSettings(8001, 0), CutSettings(1000, 501), CutSettings(1000, -1)],
)
def test_cuts_that_cannot_work_are_refused(assistant_id: str, cut: CutSettings) -> None:
    with pytest.raises(AnswerbookError) as refused:
        request_cut(assistant_id, cut)
    assert refused.value.code == "cut"
    assert refused.value.remedy
    assert builds(assistant_id) == [(1600, "live")]


@pytest.mark.parametrize("cut", [CutSettings(200, 0), CutSettings(8000, 4000), CutSettings(1001, 500)])
def test_cuts_at_the_bounds_work(cut: CutSettings) -> None:
    check_cut(cut)


def test_a_new_cut_is_built_beside_the_one_that_answers(assistant_id: str) -> None:
    live = live_build(assistant_id)
    assert "0 sources are cut again" in request_cut(assistant_id, SMALL)
    assert builds(assistant_id) == [(1600, "live"), (400, "building")]
    assert live_build(assistant_id).id == live.id
    assert [rebuild.assistant_id for rebuild in at_work(rebuilds())] == [assistant_id]


def test_the_cut_in_use_is_not_built_again(assistant_id: str) -> None:
    assert request_cut(assistant_id, settings_of(live_build(assistant_id)).cut) == UNCHANGED
    assert builds(assistant_id) == [(1600, "live")]


def test_asking_twice_builds_once(assistant_id: str) -> None:
    request_cut(assistant_id, SMALL)
    assert request_cut(assistant_id, SMALL) == UNCHANGED
    assert builds(assistant_id) == [(1600, "live"), (400, "building")]


def test_a_later_wish_replaces_the_one_that_waits(assistant_id: str) -> None:
    request_cut(assistant_id, SMALL)
    request_cut(assistant_id, LARGE)
    assert builds(assistant_id) == [(1600, "live"), (400, "old"), (4000, "building")]
    assert states(assistant_id) == ["stopped", "waiting"]
    assert building(assistant_id).cut_size == 4000


def test_a_later_wish_stops_the_one_that_runs(assistant_id: str) -> None:
    request_cut(assistant_id, SMALL)
    running = jobs.claim()
    assert running is not None
    request_cut(assistant_id, LARGE)
    assert jobs.stop_requested(running.id)


def test_going_back_to_the_cut_in_use_gives_up_what_is_built(assistant_id: str) -> None:
    request_cut(assistant_id, SMALL)
    assert request_cut(assistant_id, CutSettings()) == TAKEN_BACK
    assert rebuild_job(assistant_id) is None
    assert at_work(rebuilds()) == []


def test_a_rebuild_that_failed_can_still_be_gone_on_with(assistant_id: str) -> None:
    request_cut(assistant_id, SMALL)
    job = jobs.claim()
    assert job is not None
    jobs.fail(job.id, AnswerbookError("The disk is full.", "Free some space."))
    shown = rebuild_job(assistant_id)
    assert shown is not None
    assert shown.error == "The disk is full."
    assert at_work(rebuilds()) == []


def test_a_rebuild_that_is_given_up_never_goes_live(assistant_id: str) -> None:
    request_cut(assistant_id, SMALL)
    give_up_rebuild(assistant_id)
    assert rebuild_job(assistant_id) is None
    assert states(assistant_id) == ["stopped"]
    assert builds(assistant_id) == [(1600, "live"), (400, "old")]


def test_an_assistant_in_the_bin_is_not_rebuilt(assistant_id: str) -> None:
    lifecycle.delete_assistant(assistant_id)
    with pytest.raises(NotFound):
        request_cut(assistant_id, SMALL)
    assert rebuilds() == []


def use(server: FakeProvider) -> str:
    model_connection.save_provider(Provider(server.base_url, SecretStr("key"), "fake-chat", "fake-embed"))
    return f"openai:fake-embed@{server.base_url}"


def test_another_embedding_is_built_for_every_assistant(assistant_id: str, fake_provider: FakeProvider) -> None:
    other = lifecycle.create_assistant("Other")
    told = request_embedding(use(fake_provider))
    assert told.startswith("Every assistant is being prepared anew")
    for each in (assistant_id, other):
        assert building(each).embedding == f"openai:fake-embed@{fake_provider.base_url}"
        assert building(each).dimension == fake_provider.dimension
        assert live_build(each).embedding == BUILT_IN_EMBEDDING


def test_an_embedding_that_fails_changes_nothing(assistant_id: str, fake_provider: FakeProvider) -> None:
    name = use(fake_provider)
    fake_provider.script(["401"])
    with pytest.raises(ModelError):
        request_embedding(name)
    assert builds(assistant_id) == [(1600, "live")]


def test_a_cut_keeps_the_embedding_that_is_being_built(assistant_id: str, fake_provider: FakeProvider) -> None:
    name = use(fake_provider)
    request_embedding(name)
    request_cut(assistant_id, SMALL)
    assert (building(assistant_id).embedding, building(assistant_id).cut_size) == (name, 400)


def test_an_embedding_keeps_the_cut_that_is_being_built(assistant_id: str, fake_provider: FakeProvider) -> None:
    name = use(fake_provider)
    request_cut(assistant_id, SMALL)
    request_embedding(name)
    assert (building(assistant_id).embedding, building(assistant_id).cut_size) == (name, 400)
    assert request_embedding(name) == UNCHANGED
