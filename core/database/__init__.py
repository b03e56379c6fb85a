"""Database: the tables, which are the truth, and sessions on them."""

from core.database.copies import copy_database, fault_of, overwrite_database
from core.database.cut_tables import PassagePrints
from core.database.demo_tables import DemoAnswer, DemoLink, DemoRun
from core.database.edit_tables import HandEditRow
from core.database.engine import engine, make_engine, reading, session, writing
from core.database.migrate import bring_up_to_date, database_file, make_tables, newest_revision
from core.database.own_words_tables import MEANT_LENGTH, SAID_LENGTH, OwnWord
from core.database.people_tables import (
    AuditLine,
    Invitation,
    PersonRow,
    SignInService,
    SignInSession,
    SignInTry,
)
from core.database.program_tables import ApiKey
from core.database.question_tables import QuestionRun, SavedQuestion
from core.database.source_tables import SourceTag
from core.database.spending_tables import AskWindow, DaySalt, ModelPrice, SpendingLimit, Spent
from core.database.tables import (
    Assistant,
    Conversation,
    IndexBuild,
    Indexed,
    Job,
    LeftoverIndex,
    Message,
    Original,
    Parsed,
    SavedProvider,
    Source,
    UtcDateTime,
    Version,
    VoiceVersion,
    new_id,
    now,
)
from core.database.trouble import words_for
from core.database.visitor_tables import Lead, Publication, VisitorAnswer

__all__ = [
    "MEANT_LENGTH",
    "SAID_LENGTH",
    "ApiKey",
    "AskWindow",
    "Assistant",
    "AuditLine",
    "Conversation",
    "DaySalt",
    "DemoAnswer",
    "DemoLink",
    "DemoRun",
    "HandEditRow",
    "IndexBuild",
    "Indexed",
    "Invitation",
    "Job",
    "Lead",
    "LeftoverIndex",
    "Message",
    "ModelPrice",
    "Original",
    "OwnWord",
    "Parsed",
    "PassagePrints",
    "PersonRow",
    "Publication",
    "QuestionRun",
    "SavedProvider",
    "SavedQuestion",
    "SignInService",
    "SignInSession",
    "SignInTry",
    "Source",
    "SourceTag",
    "SpendingLimit",
    "Spent",
    "UtcDateTime",
    "Version",
    "VisitorAnswer",
    "VoiceVersion",
    "bring_up_to_date",
    "copy_database",
    "database_file",
    "engine",
    "fault_of",
    "make_engine",
    "make_tables",
    "new_id",
    "newest_revision",
    "now",
    "overwrite_database",
    "reading",
    "session",
    "words_for",
    "writing",
]
