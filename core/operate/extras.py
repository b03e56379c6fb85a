"""What Answerbook can do only with packages that are added later. One click adds them, with pip.

An extra has a name: SCANS reads pictures of pages, PROVIDERS speaks to model services with protocols of their own.
"""

import importlib
import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core import jobs
from core.errors import AnswerbookError
from core.log import log, log_failure

_PROJECT = Path(__file__).resolve().parents[2]
INSTALL_SECONDS = 1800.0
_COLLECTING = re.compile(r"Collecting ([\w.-]+)")
_UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Temporary failure|Name or service|getaddrinfo|ProxyError"
    r"|Could not find a version|No matching distribution|Network is unreachable|Connection (refused|reset|aborted)"
)
SCANS, PROVIDERS = "scans", "providers"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Extra:
    """Packages that are added together: what they are to an owner, their list, their size, and whether they are here.

    ``after`` is what is done once they are there; it returns what the log is to tell.
    """

    label: str
    requirements: Path
    megabytes: int
    here: Callable[[], bool]
    after: Callable[[], dict[str, int]] = dict

    @property
    def by_hand(self) -> str:
        """What to do where one click cannot add them."""
        file = self.requirements.name
        return f"Ask who runs this Answerbook to install {file}; the Docker image has it already."


def recognition_here() -> bool:
    """Tell whether scans can be read here."""
    from core.load import recognition_available

    return recognition_available()


def providers_here() -> bool:
    """Tell whether all makes of model services can be spoken to here."""
    return all(
        importlib.util.find_spec(f"langchain_{name}") for name in ("anthropic", "google_genai", "mistralai", "ollama")
    )


EXTRAS = {
    SCANS: Extra(
        "Text recognition",
        _PROJECT / "requirements-ocr.txt",
        190,
        lambda: recognition_here(),
        lambda: {"scans": jobs.retry_refused("scanned")},
    ),
    PROVIDERS: Extra(
        "What speaks to this AI service",
        _PROJECT / "requirements-providers.txt",
        20,
        lambda: providers_here(),
    ),
}


@dataclass(frozen=True, slots=True)
class Installation:
    """How adding an extra stands: at work and at what, or why it failed."""

    running: bool = False
    doing: str = ""
    error: AnswerbookError | None = None


_states: dict[str, Installation] = {}
_starting = threading.Lock()


def installation(name: str) -> Installation:
    """Return how the installation of an extra that this process was asked for last stands."""
    return _states.get(name, Installation())


def start_extra(name: str) -> None:
    """Add an extra in the background, unless one is being added; for SCANS, read those that were refused after it."""
    with _starting:
        if any(state.running for state in _states.values()):
            return
        _states[name] = Installation(running=True, doing="Starting")
        threading.Thread(target=_install, args=(name,), name=f"install-{name}", daemon=True).start()


def _install(name: str) -> None:
    def tell(doing: str) -> None:
        _states[name] = Installation(running=True, doing=doing)

    extra = EXTRAS[name]
    error: AnswerbookError | None = None
    try:
        install_extra(name, tell)
        log("extras.installed", extra=name, **extra.after())
    except AnswerbookError as failed:
        error = failed
    except Exception as failed:  # noqa: BLE001  whatever pip or the system does must not leave "running" for ever
        error = AnswerbookError(f"{extra.label} could not be added.", extra.by_hand, code="extras")
        log_failure("extras.failed", failed)
    _states[name] = Installation(error=error)


def install_extra(name: str, progress: Progress) -> None:
    """Install what an extra needs into this Python. Returns when it is there.

    Raises AnswerbookError: where pip is missing, nothing may be written, the packages cannot be reached, or pip fails.
    """
    extra = EXTRAS[name]
    if importlib.util.find_spec("pip") is None:
        raise AnswerbookError("Answerbook cannot add packages here: pip is missing.", extra.by_hand, code="no_pip")
    if not os.access(sysconfig.get_paths()["purelib"], os.W_OK):
        raise AnswerbookError("Answerbook may not change its own installation here.", extra.by_hand, code="read_only")
    said = _run_pip(extra, progress)
    importlib.invalidate_caches()
    if not extra.here():
        log("extras.pip_failed", said=said[-500:])
        raise AnswerbookError(f"{extra.label} was installed but is not found.", extra.by_hand, code="extras")


def _run_pip(extra: Extra, progress: Progress) -> str:
    """Run pip and return what it said. Raises AnswerbookError."""
    wanted = sum("==" in line for line in extra.requirements.read_text(encoding="utf-8").splitlines())
    command = [sys.executable, "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", "--requirement", str(extra.requirements)]
    pip = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    alarm = threading.Timer(INSTALL_SECONDS, pip.kill)
    alarm.daemon = True
    alarm.start()
    lines: list[str] = []
    try:
        for line in pip.stdout or ():
            lines.append(line)
            if match := _COLLECTING.match(line):
                seen = sum(_COLLECTING.match(each) is not None for each in lines)
                progress(f"Downloading {match[1]} ({min(seen, wanted)} of {wanted} packages)")
            elif line.startswith("Installing"):
                progress("Unpacking")
        status = pip.wait()
    finally:
        alarm.cancel()
        pip.kill()  # nothing, unless this was broken off
    said = "".join(lines)
    if status != 0:
        log("extras.pip_failed", status=status, said=said[-500:])
        raise _why(said, extra)
    return said


def _why(said: str, extra: Extra) -> AnswerbookError:
    """Say in an owner's words why pip failed."""
    if _UNREACHABLE.search(said):
        return AnswerbookError(
            "The packages could not be reached: there is no way to the internet from here, or it is slow.",
            "Try again later, or " + extra.by_hand[0].lower() + extra.by_hand[1:],
            code="unreachable",
        )
    if "No space left" in said:
        return AnswerbookError(
            "There is no space left on the disk.", f"Free {3 * extra.megabytes} MB and try again.", code="full"
        )
    if "Permission denied" in said or "Read-only file system" in said or "externally-managed" in said:
        return AnswerbookError("Answerbook may not change its own installation here.", extra.by_hand, code="read_only")
    return AnswerbookError(
        f"{extra.label} could not be added; the log says what pip said.", extra.by_hand, code="extras"
    )
