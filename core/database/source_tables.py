"""The table of the tags that owners give to sources."""

from sqlalchemy import Column, ForeignKey, Index, String
from sqlmodel import Field, SQLModel

from core.database.tables import ID_LENGTH


class SourceTag(SQLModel, table=True):
    """A word that an owner gave to a source, as it was typed; a source has each once."""

    __tablename__ = "source_tag"
    __table_args__ = (Index("ix_source_tag_tag", "tag"),)

    source_id: str = Field(
        sa_column=Column(String(ID_LENGTH), ForeignKey("source.id", ondelete="CASCADE"), primary_key=True)
    )
    tag: str = Field(primary_key=True, max_length=60)
