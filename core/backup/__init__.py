"""Backup: everything as one file, or one assistant as one; made while the app runs, taken in on any machine."""

from core.backup.make import write_everything, writing_everything
from core.backup.one_assistant import Imported, import_assistant, write_assistant, writing_assistant
from core.backup.restore import Held, Restored, held, here, restore
from core.backup.routes import ROUTES

__all__ = [
    "ROUTES",
    "Held",
    "Imported",
    "Restored",
    "held",
    "here",
    "import_assistant",
    "restore",
    "write_assistant",
    "write_everything",
    "writing_assistant",
    "writing_everything",
]
