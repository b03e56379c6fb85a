"""What Settings asks of the indexes of many assistants: as many statements as for a few."""

from datetime import timedelta

import pytest

from core.assistants import lifecycle
from core.assistants.index_builds import add_build, live_build, settings_of
from core.database import now, session
from core.errors import NotFound
from core.index import checks, go_back, rebuilds, ways_back
from core.index.build import RETENTION
from core.schema import BuildState, CutSettings, IndexSettings
from tests.core.assistants.test_many_sources import counted_work

pytestmark = pytest.mark.usefixtures("database")


def with_an_earlier_build(name: str, cut: CutSettings, age: timedelta = timedelta(hours=1)) -> str:
    """An assistant that answered from passages cut like this until so long ago."""
    made = lifecycle.create_assistant(name)
    live = settings_of(live_build(made))
    with session() as db:
        build = add_build(db, made, IndexSettings(cut, live.embedding, live.dimension, live.store))
        build.state, build.retired_at = BuildState.OLD, now() - age
    return made


def test_the_ways_back_of_many_assistants_are_found_at_once() -> None:
    counts = []
    for number in range(25):
        with_an_earlier_build(f"Help {number}", CutSettings(600, 60 + number))
        if number in (1, 24):
            with counted_work() as work:
                assert [way.before.cut.overlap for way in ways_back()] == [60 + n for n in range(number + 1)]
                rebuilds()
                checks()
            counts.append(work.statements)
    assert counts[0] == counts[1]


def test_only_what_differs_and_is_still_kept_is_a_way_back() -> None:
    live = settings_of(live_build(lifecycle.create_assistant("New"))).cut
    with_an_earlier_build("Same", live)
    late = with_an_earlier_build("Late", CutSettings(600, 60), RETENTION + timedelta(minutes=1))
    binned = with_an_earlier_build("Binned", CutSettings(600, 60))
    lifecycle.delete_assistant(binned)
    kept = with_an_earlier_build("Kept", CutSettings(600, 60))
    assert [(way.assistant_id, way.now.cut) for way in ways_back()] == [(kept, live)]
    assert [way.assistant_id for way in ways_back(kept)] == [kept]
    assert ways_back(late) == ways_back(binned) == ways_back("nobody") == []
    for assistant_id in (late, binned, "nobody"):
        with pytest.raises(NotFound):
            go_back(assistant_id)
