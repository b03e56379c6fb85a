"""Backup: everything as one file, or one assistant as one; made while the app runs, taken in on any machine."""

from core.backup.make import write_everything, writing_everything
from core.backup.restore import Held, Restored, held, here, restore

__all__ = ["Held", "Restored", "held", "here", "restore", "write_everything", "writing_everything"]
