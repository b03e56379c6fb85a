"""Operate: is all that answers there, where is it kept, and how much memory does it take."""

from core.operate.backups import (
    Copy,
    backups_folder,
    copies,
    copy_trouble,
    database_is_file,
    enough_space,
    make_daily_copy,
)
from core.operate.bring_back import (
    REPLACED,
    bring_back,
    came_since,
    check_passages,
    kept_as,
    one_at_a_time,
    state_of_database,
    stop_running,
    take_place,
)
from core.operate.disk_fate import Disk, Fate, disk, note_start
from core.operate.door import LOCAL_NAMES, Door, read_authority, turn_away
from core.operate.extras import EXTRAS, PROVIDERS, SCANS, Installation, installation, recognition_here, start_extra
from core.operate.health import (
    VERSION,
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
from core.operate.process_memory import give_back_memory, spare_what_stays, use_few_arenas
from core.operate.slow_heads import close_slow_connections
from core.operate.storage import Places, open_data_folder, places, weaviate_label, worker_at_work
from core.operate.uploads import UploadLimit, take_refusal

__all__ = [
    "EXTRAS",
    "LOCAL_NAMES",
    "PROVIDERS",
    "REPLACED",
    "SCANS",
    "VERSION",
    "Copy",
    "Disk",
    "Door",
    "Fate",
    "Installation",
    "Places",
    "Seen",
    "UploadLimit",
    "backups_folder",
    "bring_back",
    "came_since",
    "check_passages",
    "close_slow_connections",
    "copies",
    "copy_trouble",
    "database_is_file",
    "disk",
    "end_streams_with_the_server",
    "enough_space",
    "give_back_memory",
    "health",
    "installation",
    "keep_files_private",
    "kept_as",
    "look_at_stores",
    "make_daily_copy",
    "note_start",
    "one_at_a_time",
    "open_data_folder",
    "places",
    "read_authority",
    "recognition_here",
    "spare_what_stays",
    "start_extra",
    "state_of_database",
    "stop_running",
    "store_seen",
    "stores_seen",
    "take_place",
    "take_refusal",
    "turn_away",
    "use_few_arenas",
    "wait_until_asked",
    "wake_look",
    "weaviate_label",
    "worker_at_work",
]
