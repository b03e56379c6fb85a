"""Operate: is all that answers there, where is it kept, and how much memory does it take."""

from core.operate.backups import Copy, copies, copy_trouble, database_is_file, make_daily_copy
from core.operate.bring_back import bring_back, came_since, state_of_database
from core.operate.disk_fate import Disk, Fate, disk, note_start
from core.operate.door import LOCAL_NAMES, Door, read_authority, turn_away
from core.operate.extras import EXTRAS, PROVIDERS, SCANS, Installation, installation, recognition_here, start_extra
from core.operate.health import (
    Seen,
    health,
    look_at_stores,
    store_seen,
    stores_seen,
    wait_until_asked,
    wake_look,
)
from core.operate.open_streams import end_streams_with_the_server
from core.operate.private_files import keep_files_private
from core.operate.process_memory import give_back_memory, use_few_arenas
from core.operate.slow_heads import close_slow_connections
from core.operate.storage import Places, database_copy, open_data_folder, places, weaviate_label, worker_at_work
from core.operate.uploads import UploadLimit, take_refusal

__all__ = [
    "EXTRAS",
    "LOCAL_NAMES",
    "PROVIDERS",
    "SCANS",
    "Copy",
    "Disk",
    "Door",
    "Fate",
    "Installation",
    "Places",
    "Seen",
    "UploadLimit",
    "bring_back",
    "came_since",
    "close_slow_connections",
    "copies",
    "copy_trouble",
    "database_copy",
    "database_is_file",
    "disk",
    "end_streams_with_the_server",
    "give_back_memory",
    "health",
    "installation",
    "keep_files_private",
    "look_at_stores",
    "make_daily_copy",
    "note_start",
    "open_data_folder",
    "places",
    "read_authority",
    "recognition_here",
    "start_extra",
    "state_of_database",
    "store_seen",
    "stores_seen",
    "take_refusal",
    "turn_away",
    "use_few_arenas",
    "wait_until_asked",
    "wake_look",
    "weaviate_label",
    "worker_at_work",
]
