"""Operate: is all that answers there, where is it kept, and how much memory does it take."""

from core.operate.health import (
    Seen,
    health,
    look_at_stores,
    store_seen,
    stores_seen,
    wait_until_asked,
    wake_look,
)
from core.operate.process_memory import give_back_memory, use_few_arenas
from core.operate.storage import Places, database_copy, open_data_folder, places, weaviate_label, worker_at_work

__all__ = [
    "Places",
    "Seen",
    "database_copy",
    "give_back_memory",
    "health",
    "look_at_stores",
    "open_data_folder",
    "places",
    "store_seen",
    "stores_seen",
    "use_few_arenas",
    "wait_until_asked",
    "wake_look",
    "weaviate_label",
    "worker_at_work",
]
