"""Whether what is put in outlives a restart: judged by mounts, hosting services and the marker of an earlier start."""

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from core.operate import Disk, Fate, disk, note_start
from core.operate.disk_fate import MARKER, Found, Place, judge, place_of
from core.operate.hosted_at import COMMUNITY_CLOUD, SERVICES, Service, hosted_at, public_name
from core.settings import settings

MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 0:29 / / rw,relatime master:1 - overlay overlay rw,lowerdir=/a:/b
30 27 0:31 / /dev/shm rw - tmpfs shm rw
31 27 8:1 /volumes/x /data rw,relatime shared:7 - ext4 /dev/sda1 rw
32 27 8:1 /volumes/y /my\\040data rw,relatime - ext4 /dev/sda1 rw
33 31 0:40 / /data/scratch rw - tmpfs tmpfs rw
"""
RENDER = next(service for service in SERVICES if service.name == "Render")
CONTAINER = Found(None, True, Place.LAYER, False, Path("/data"), is_file=True, has_secret=False)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test notes of a start is forgotten after it."""
    monkeypatch.setattr("core.operate.disk_fate._disk", Disk(Fate.KEPT))


@pytest.mark.parametrize(
    ("folder", "place"),
    [
        ("/data", Place.VOLUME),
        ("/data/deeper", Place.VOLUME),
        ("/my data/x", Place.VOLUME),
        ("/data/scratch", Place.MEMORY),
        ("/dev/shm/x", Place.MEMORY),
        ("/app/data", Place.LAYER),
        ("/database", Place.LAYER),
    ],
)
def test_what_a_folder_lies_on(folder: str, place: Place) -> None:
    assert place_of(Path(folder), MOUNTS) is place


def test_a_program_in_memory_keeps_nothing_and_no_mounts_tell_nothing() -> None:
    assert place_of(Path("/data"), "27 1 0:29 / / rw - tmpfs rootfs rw") is Place.MEMORY
    assert place_of(Path("/data"), "") is None


def test_an_ordinary_computer_is_told_nothing() -> None:
    for place in (*Place, None):
        assert judge(replace(CONTAINER, container=False, place=place)) == judge(replace(CONTAINER, container=False))
    found = judge(replace(CONTAINER, container=False))
    assert (found.fate, found.what, found.remedy) == (Fate.KEPT, "", "")


def test_a_service_s_own_disk_is_lost_and_what_is_attached_there_is_kept() -> None:
    lost = judge(replace(CONTAINER, service=RENDER))
    assert lost.fate is Fate.LOST
    assert "lost at the next restart" in lost.what
    assert all(word in lost.remedy for word in ("Render", "a disk at /data", "DATABASE_URL", "ANSWERBOOK_SECRET"))
    kept = judge(replace(CONTAINER, service=RENDER, place=Place.VOLUME))
    assert (kept.fate, kept.what) == (Fate.KEPT, "")


def test_what_community_cloud_mounts_itself_keeps_nothing() -> None:
    found = judge(replace(CONTAINER, service=COMMUNITY_CLOUD, place=Place.VOLUME))
    assert found.fate is Fate.LOST
    assert "attach" not in found.remedy
    assert "DATABASE_URL" in found.remedy


def test_a_mount_of_an_unknown_container_is_kept_once_another_one_has_seen_it() -> None:
    first = judge(replace(CONTAINER, place=Place.VOLUME))
    assert first.fate is Fate.UNKNOWN
    assert "not known yet" in first.what
    again = judge(replace(CONTAINER, place=Place.VOLUME, seen_before=True))
    assert (again.fate, again.what) == (Fate.KEPT, "")
    assert judge(CONTAINER).fate is Fate.LOST
    assert judge(replace(CONTAINER, place=Place.MEMORY, seen_before=True)).fate is Fate.LOST


def test_with_the_database_elsewhere_only_a_missing_secret_is_told() -> None:
    elsewhere = replace(CONTAINER, service=RENDER, is_file=False)
    told = judge(elsewhere)
    assert told.fate is Fate.LOST
    assert "Keys of model services" in told.what
    assert "ANSWERBOOK_SECRET" in told.remedy
    assert judge(replace(elsewhere, has_secret=True)).what == ""
    assert judge(replace(elsewhere, place=Place.VOLUME, service=None)).what == ""


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_each_service_is_known_by_its_variable(service: Service) -> None:
    assert hosted_at({service.sign: "x"}) is service


def test_no_service_is_seen_where_there_is_none() -> None:
    assert hosted_at({"RENDER": "", "HOME": "/root"}) is None
    assert hosted_at({}, Path("/mount/src/answerbook/core/operate/hosted_at.py")) is COMMUNITY_CLOUD


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"RENDER": "true", "RENDER_EXTERNAL_HOSTNAME": "kb.onrender.com"}, "kb.onrender.com"),
        ({"RAILWAY_PROJECT_ID": "1", "RAILWAY_PUBLIC_DOMAIN": "kb.up.railway.app"}, "kb.up.railway.app"),
        ({"FLY_APP_NAME": "kb"}, "kb.fly.dev"),
        ({"SPACE_ID": "me/kb", "SPACE_HOST": "me-kb.hf.space"}, "me-kb.hf.space"),
        ({"SPACE_ID": "me/kb"}, ""),
        ({"K_SERVICE": "kb"}, ""),
        ({"RENDER_EXTERNAL_HOSTNAME": "evil.example"}, ""),
    ],
)
def test_the_service_s_name_for_this_server(environment: dict[str, str], name: str) -> None:
    assert public_name(environment) == name


def test_a_start_leaves_its_marker_and_the_next_machine_finds_it(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.operate.disk_fate._CONTAINER_FILES", (Path(__file__),))
    monkeypatch.setattr("core.operate.disk_fate.place_of", lambda _folder, _mounts: Place.VOLUME)
    marker = data_folder / MARKER
    for _ in range(2):  # the same container started twice proves nothing
        note_start("0.0.0.0")
        assert disk().fate is Fate.UNKNOWN
        assert json.loads(marker.read_text()) == {"machine": socket.gethostname(), "kept": False}
    monkeypatch.setattr(socket, "gethostname", lambda: "another")
    for _ in range(2):
        note_start("0.0.0.0")
        assert disk().fate is Fate.KEPT
    marker.write_text("[1")
    note_start("")
    assert disk().fate is Fate.UNKNOWN


def test_only_this_machine_s_own_browsers_are_told_nothing_even_in_a_container(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.operate.disk_fate._CONTAINER_FILES", (Path(__file__),))
    monkeypatch.setattr("core.operate.disk_fate.place_of", lambda _folder, _mounts: Place.LAYER)
    note_start("0.0.0.0")
    assert disk().fate is Fate.LOST
    (data_folder / MARKER).unlink()
    note_start("localhost")
    assert disk().fate is Fate.KEPT
    assert not (data_folder / MARKER).exists()


def test_a_folder_that_cannot_be_written_stops_no_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ANSWERBOOK_DATA", str(tmp_path / "file" / "data"))
    monkeypatch.setenv("RENDER", "true")
    settings.cache_clear()
    try:
        note_start("")
    finally:
        settings.cache_clear()
    assert disk().fate is Fate.LOST
