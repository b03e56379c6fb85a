"""What Answerbook can do only with packages that are added later: reading scans. One click adds them, with pip."""

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

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements-ocr.txt"
RECOGNITION_MEGABYTES = 190
INSTALL_SECONDS = 1800.0
_COLLECTING = re.compile(r"Collecting ([\w.-]+)")
_UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Temporary failure|Name or service|getaddrinfo|ProxyError"
    r"|Could not find a version|No matching distribution|Network is unreachable|Connection (refused|reset|aborted)"
)
_BY_HAND = "Ask who runs this Answerbook to install requirements-ocr.txt; the Docker image has it already."
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Installation:
    """How adding text recognition stands: at work and at what, or why it failed."""

    running: bool = False
    doing: str = ""
    error: AnswerbookError | None = None


_state = Installation()
_starting = threading.Lock()


def recognition_installation() -> Installation:
    """Return how the installation that this process was asked for last stands."""
    return _state


def recognition_here() -> bool:
    """Tell whether scans can be read here."""
    from core.load import recognition_available

    return recognition_available()


def start_recognition() -> None:
    """Add text recognition in the background, unless that is going on, and then read the scans that were refused."""
    global _state
    with _starting:
        if _state.running:
            return
        _state = Installation(running=True, doing="Starting")
        threading.Thread(target=_install, name="install-recognition", daemon=True).start()


def _install() -> None:
    global _state

    def tell(doing: str) -> None:
        global _state
        _state = Installation(running=True, doing=doing)

    error: AnswerbookError | None = None
    try:
        install_recognition(tell)
        log("extras.installed", scans=jobs.retry_refused("scanned"))
    except AnswerbookError as failed:
        error = failed
    except Exception as failed:  # noqa: BLE001  whatever pip or the system does must not leave "running" for ever
        error = AnswerbookError("Text recognition could not be added.", _BY_HAND, code="extras")
        log_failure("extras.failed", failed)
    _state = Installation(error=error)


def install_recognition(progress: Progress) -> None:
    """Install what reading scans needs into this Python. Returns when it is there.

    Raises AnswerbookError: where pip is missing, nothing may be written, the packages cannot be reached, or pip fails.
    """
    if importlib.util.find_spec("pip") is None:
        raise AnswerbookError("Answerbook cannot add packages here: pip is missing.", _BY_HAND, code="no_pip")
    if not os.access(sysconfig.get_paths()["purelib"], os.W_OK):
        raise AnswerbookError("Answerbook may not change its own installation here.", _BY_HAND, code="read_only")
    wanted = sum("==" in line for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines())
    said = _run_pip(progress, wanted)
    importlib.invalidate_caches()
    if not recognition_here():
        log("extras.pip_failed", said=said[-500:])
        raise AnswerbookError("Text recognition was installed but is not found.", _BY_HAND, code="extras")


def _run_pip(progress: Progress, wanted: int) -> str:
    """Run pip and return what it said. Raises AnswerbookError."""
    command = [sys.executable, "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", "--requirement", str(REQUIREMENTS)]
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
        raise _why(said)
    return said


def _why(said: str) -> AnswerbookError:
    """Say in an owner's words why pip failed."""
    if _UNREACHABLE.search(said):
        return AnswerbookError(
            "The packages could not be reached: there is no way to the internet from here, or it is slow.",
            "Try again later, or " + _BY_HAND[0].lower() + _BY_HAND[1:],
            code="unreachable",
        )
    if "No space left" in said:
        return AnswerbookError(
            "There is no space left on the disk.", f"Free {3 * RECOGNITION_MEGABYTES} MB and try again.", code="full"
        )
    if "Permission denied" in said or "Read-only file system" in said or "externally-managed" in said:
        return AnswerbookError("Answerbook may not change its own installation here.", _BY_HAND, code="read_only")
    return AnswerbookError("Text recognition could not be added; the log says what pip said.", _BY_HAND, code="extras")
