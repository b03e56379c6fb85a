"""Office files and e-books are zip archives: look at what is in one before a parser unpacks it."""

import io
import zipfile
import zlib

from core.errors import LoadError

_MOST_MEMBERS = 20_000
_STEP = 1 << 20
_ENTITY = b"<!entity"


def check_archive(data: bytes, megabytes: int) -> None:
    """Unpack every member once, keeping nothing, and refuse bombs.

    ``megabytes`` is the largest file taken; what is in it may be eight times that when unpacked, by what the archive
    declares and by what really comes out. XML that declares entities is refused: no office program writes them, and
    they are how a small file grows without end or reaches for other files. Raises LoadError.
    """
    allowed = megabytes * 8_000_000
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > allowed:
                raise _too_large()
            for member in members:
                if member.flag_bits & 1:
                    raise LoadError(
                        "This file is locked with a password.",
                        "Save a copy without the password and upload it again.",
                        code="encrypted",
                    )
                allowed -= _unpacked(archive, member, allowed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise LoadError(
            "This file is incomplete or damaged and could not be opened.",
            "Save it again in the program it was made with and upload the new copy.",
            code="broken",
        ) from error


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, allowed: int) -> int:
    size = 0
    markup, before = True, b""
    with archive.open(member) as stream:
        while piece := stream.read(_STEP):
            text = piece.replace(b"\x00", b"")
            # Whatever the member is called: what begins like markup is read as such by somebody.
            markup = markup and (bool(size) or text.lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")[:1] in (b"", b"<"))
            if markup and _ENTITY in (before + text).lower():
                raise LoadError(
                    "This file holds instructions that no office program writes, so it was not opened.",
                    "Save it again in the program it was made with and upload the new copy.",
                    code="broken",
                )
            before = text[-len(_ENTITY) :]
            size += len(piece)
            if size > allowed:
                raise _too_large()
    return size


def _too_large() -> LoadError:
    return LoadError(
        "This file unpacks to far more than one file may hold.",
        "Split it into smaller files, or save it with smaller pictures.",
        code="too_large",
    )
