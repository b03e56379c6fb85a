"""Operate: is all that answers there, where is it kept, and how much memory does it take."""

from core.operate.door import Door
from core.operate.health import Seen, health, look_at_stores, store_seen, stores_seen
from core.operate.private_files import keep_files_private
from core.operate.process_memory import give_back_memory, use_few_arenas
from core.operate.slow_heads import close_slow_connections
from core.operate.storage import Places, database_copy, open_data_folder, places, weaviate_label
from core.operate.uploads import UploadLimit

__all__ = [
    "Door",
    "Places",
    "Seen",
    "UploadLimit",
    "close_slow_connections",
    "database_copy",
    "give_back_memory",
    "health",
    "keep_files_private",
    "look_at_stores",
    "open_data_folder",
    "places",
    "store_seen",
    "stores_seen",
    "use_few_arenas",
    "weaviate_label",
]
