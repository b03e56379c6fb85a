"""Will what is put in here outlive a restart? Judged at the start, so that it can be said before the first upload."""

import json
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.log import log
from core.operate.backups import database_path
from core.operate.hosted_at import Service, hosted_at
from core.settings import settings

MARKER = "last_start.json"
_MOUNTS = Path("/proc/self/mountinfo")
_CONTAINER_FILES = (Path("/.dockerenv"), Path("/run/.containerenv"))
_ONLY_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_SECRET = "ANSWERBOOK_SECRET to a long random text"


class Fate(StrEnum):
    """What becomes of the data folder when the server is started anew."""

    KEPT = "kept"
    LOST = "lost"
    UNKNOWN = "unknown"


class Place(StrEnum):
    """What a folder lies on."""

    VOLUME = "volume"  # a mount of its own
    LAYER = "layer"  # the file system that the program itself came on
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Disk:
    """What becomes of what is put in, and the sentences for whoever can change it; empty where nothing is to do."""

    fate: Fate
    what: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All that the judgement rests on; ``place`` is None where the system does not tell what a folder lies on."""

    service: Service | None
    container: bool
    place: Place | None
    seen_before: bool  # the folder holds the marker of another machine's start
    folder: Path
    is_file: bool  # the database is a file in the data folder
    has_secret: bool


_disk = Disk(Fate.KEPT)


def disk() -> Disk:
    """Return what was judged at this process's start; before any, that of an ordinary computer."""
    return _disk


def note_start(listens_at: str) -> None:
    """Judge the disk and leave this start's marker on it; ``listens_at`` is the server's address, "" for all.

    Never raises. On an ordinary computer nothing is judged and nothing written; nor in a container that only its own
    machine reaches, as a developer's is.
    """
    global _disk  # it holds for the whole life of this process
    found = _look(listens_at)
    _disk = judge(found)
    if found.service or found.container:
        _leave_marker(kept=found.seen_before)
        log("disk.judged", fate=_disk.fate, service=found.service.name if found.service else "")


def judge(found: Found) -> Disk:
    """Say what becomes of what is put in.

    The marker of an earlier machine is proof. Without it a hosting service's own disk is lost, and what is mounted
    there stays: these services mount nothing by themselves. Elsewhere a mount may be of either kind.
    """
    if found.service is None and not found.container:
        return Disk(Fate.KEPT)
    if found.place is Place.VOLUME and (found.seen_before or (found.service and found.service.mounts_nothing)):
        return Disk(Fate.KEPT)
    if found.place is None or (found.place is Place.VOLUME and found.service is None):
        return Disk(Fate.UNKNOWN, *_not_known(found)) if found.is_file else Disk(Fate.UNKNOWN)
    return Disk(Fate.LOST, *(_all_lost(found) if found.is_file else _keys_lost(found)))


def place_of(folder: Path, mounts: str) -> Place | None:
    """Return what an absolute folder lies on; ``mounts`` is the text of Linux's /proc/self/mountinfo."""
    best: tuple[int, Place] | None = None
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        point = _unescaped(left.split()[4])
        if folder.is_relative_to(point) and (best is None or len(point) >= best[0]):
            kind = right.split()[0]
            memory, layer = kind in ("tmpfs", "ramfs"), point == "/" or kind == "overlay"
            best = (len(point), Place.MEMORY if memory else Place.LAYER if layer else Place.VOLUME)
    return best[1] if best else None


def _unescaped(point: str) -> str:
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(code, letter)
    return point


def _look(listens_at: str) -> Found:
    file, service = database_path(), hosted_at()
    folder = (file.parent if file else settings().data).absolute()
    with suppress(OSError, RuntimeError):
        folder = folder.resolve()
    try:
        place = place_of(folder, _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"))
    except (OSError, IndexError):
        place = None
    container = listens_at not in _ONLY_HERE and _in_container(os.environ)
    has_secret = bool(settings().secret.get_secret_value())
    return Found(service, container, place, _seen_before(), folder, file is not None, has_secret)


def _in_container(environment: Mapping[str, str]) -> bool:
    return "KUBERNETES_SERVICE_HOST" in environment or any(path.exists() for path in _CONTAINER_FILES)


def _seen_before() -> bool:
    """Whether another machine, or an earlier container, has started on this folder."""
    try:
        marker = json.loads((settings().data / MARKER).read_text(encoding="utf-8"))
        return bool(marker["kept"]) or str(marker["machine"]) != socket.gethostname()
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _leave_marker(*, kept: bool) -> None:
    """Write which machine starts here. Where it cannot be written, opening the data folder says what is wrong."""
    target = settings().data / MARKER
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".new")
        fresh.write_text(json.dumps({"machine": socket.gethostname(), "kept": kept}), encoding="utf-8")
        fresh.replace(target)


def _all_lost(found: Found) -> tuple[str, str]:
    database = f"set DATABASE_URL to the address of a Postgres database and {_SECRET}"
    if found.service is None:
        return (
            "Everything you put in here is lost when this container is replaced, by an update for example.",
            f"Before you upload, give it a volume at {found.folder}; or {database}.",
        )
    service = found.service
    volume = f"attach {service.volume} at {found.folder}; or " if service.volume else ""
    return (
        "Everything you put in here is lost at the next restart.",
        f"{service.name} {service.starts_empty}. Before you upload, {volume}{database} (at {service.name}: "
        f"{service.variables}).",
    )


def _keys_lost(found: Found) -> tuple[str, str]:
    """The database is elsewhere and passages are made again from it: only the key file of the folder is missed."""
    if found.has_secret:
        return "", ""
    where = f" (at {found.service.name}: {found.service.variables})" if found.service else ""
    return (
        "Keys of model services that you save here cannot be read any more after the next restart.",
        f"Everything else is kept in the database. Set {_SECRET}{where} before you enter a key.",
    )


def _not_known(found: Found) -> tuple[str, str]:
    return (
        "Whether what you put in here outlives an update is not known yet.",
        f"Answerbook starts on this disk ({found.folder}) for the first time. Replace the container once before you "
        "upload: if it asks for a first owner again, the disk is not kept; else this line is gone.",
    )
