"""Index: an assistant's passages in time: read, built, switched, compared, put right."""

from core.index.build import drop_leftovers, rebuild_index, retire_expired
from core.index.change import (
    LARGEST,
    SMALLEST,
    Cost,
    Rebuild,
    WayBack,
    at_work,
    cost_of,
    give_up_rebuild,
    go_back,
    rebuild_job,
    rebuilds,
    request_cut,
    request_embedding,
    request_store,
    ways_back,
)
from core.index.check import AssistantCheck, check_index, checks, request_check
from core.index.compare import strangers
from core.index.ingest import forget_source, read_source
from core.index.languages import (
    drop_unknown_vectors,
    fill_at_once,
    keep_prepared,
    languages_notice,
    prepare_languages,
    vector_folder,
)
from core.index.renewal import renew_next, update_notice
from core.index.trial import trial_index
from core.index.vocabulary import vocabulary_of
from core.index.whole import BROKEN, count_is_due, has_lost_passages, repair_lost, request_repair

__all__ = [
    "BROKEN",
    "LARGEST",
    "SMALLEST",
    "AssistantCheck",
    "Cost",
    "Rebuild",
    "WayBack",
    "at_work",
    "check_index",
    "checks",
    "cost_of",
    "count_is_due",
    "drop_leftovers",
    "drop_unknown_vectors",
    "fill_at_once",
    "forget_source",
    "give_up_rebuild",
    "go_back",
    "has_lost_passages",
    "keep_prepared",
    "languages_notice",
    "prepare_languages",
    "read_source",
    "rebuild_index",
    "rebuild_job",
    "rebuilds",
    "renew_next",
    "repair_lost",
    "request_check",
    "request_cut",
    "request_embedding",
    "request_repair",
    "request_store",
    "retire_expired",
    "strangers",
    "trial_index",
    "update_notice",
    "vector_folder",
    "vocabulary_of",
    "ways_back",
]
