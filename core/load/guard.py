"""What the child gives up before it touches a stranger's file: memory, sockets, other programs, writing, most reading.

Of programs it may start Tesseract alone, which gets a picture by a pipe and may write no file either.

This is a second wall behind well-kept parsers, not a jail: code that has taken over the process could leave it.
"""

import os
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from core.load.scans.tesseract import tesseract

# A parser may look up the time zone, the machine's MIME types, fonts or its own memory; never the owner's folders.
_SYSTEM_PLACES = ("/usr/share", "/usr/lib", "/usr/local/share", "/etc/mime.types", "/etc/localtime", "/proc/self")
_REFUSED = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "os.kill", "shutil.", "tempfile.", "winreg.", "ftplib.", "http.client.", "urllib.Request", "smtplib.",
    "webbrowser.", "pty.spawn", "sqlite3.connect",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def set_limits(memory_megabytes: int, seconds: float) -> None:
    """Cap this process: private memory, processor time, no core dump. Nothing where there is no cap.

    ``seconds`` is processor time from now on, a last resort should the parent die before it can stop this process.
    """
    if sys.platform == "win32":
        return
    import resource

    # Private memory, not address space: libraries reserve gigabytes of addresses that they never touch.
    _cap(resource.RLIMIT_DATA, memory_megabytes * 1_000_000)
    _cap(resource.RLIMIT_CPU, _spent() + int(seconds) * 2 + 30)
    _cap(resource.RLIMIT_CORE, 0)


def allow_seconds(seconds: float) -> None:
    """Let this process go on for ``seconds`` from now, whatever it has spent, with up to four threads at once."""
    if sys.platform == "win32":
        return
    import resource

    allowed = resource.getrlimit(resource.RLIMIT_CPU)[0]
    if allowed != resource.RLIM_INFINITY:
        _cap(resource.RLIMIT_CPU, max(allowed, _spent() + int(seconds) * 4 + 30))


def _spent() -> int:
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    return int(usage.ru_utime + usage.ru_stime)


def _cap(which: int, value: int) -> None:
    import resource

    hard = resource.getrlimit(which)[1]
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(which, (soft, hard))
    except (OSError, ValueError):
        return  # some systems know the limit and refuse to set it; the parent watches time and memory as well


def lock_down() -> None:
    """Refuse, from now on and for good, sockets, programs, writing files and reading outside Python's own folders."""
    places = tuple(_readable_places())
    if sys.platform != "win32":
        import resource

        _cap(resource.RLIMIT_FSIZE, 0)
    program = tesseract()  # the one that may be started: it reads letters that we cannot
    # Libraries ask for the folder at import; finding it out would write a trial file.
    tempfile.tempdir = sys.prefix

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _check_open(arguments, places)
        elif event == "subprocess.Popen" and program and arguments[0] == program:
            return
        elif event.startswith(_REFUSED):
            raise PermissionError(f"{event} is not allowed while a file is read")

    sys.addaudithook(refuse)


def _readable_places() -> set[str]:
    paths = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values(), *_SYSTEM_PLACES}
    paths.add(str(Path(__file__).parents[1]))
    here = os.path.realpath(Path(__file__).parents[2])
    # The project's own folder is on sys.path and also holds .env and the data folder: only core/ in it is readable.
    paths.update(path for path in sys.path if path and os.path.realpath(path) != here)
    return {os.path.realpath(path) for path in paths if path and path != os.sep}


def _check_open(arguments: tuple[Any, ...], places: tuple[str, ...]) -> None:
    path, mode, flags = arguments[0], arguments[1], arguments[2]
    if isinstance(path, int):
        return
    real = os.path.realpath(os.fsdecode(path))
    if real == os.devnull:
        return
    if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & _WRITING):
        raise PermissionError("writing files is not allowed while a file is read")
    if not any(real == place or real.startswith(place + os.sep) for place in places):
        raise PermissionError("reading other files is not allowed while a file is read")
