"""What is kept of how sources are cut: the prints by which their passages are known among those of other sources."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String
from sqlmodel import Field, SQLModel

from core.database.tables import ID_LENGTH


class PassagePrints(SQLModel, table=True):
    """The prints of a version's passages in one build of an index, 8 bytes each, in order."""

    __tablename__ = "passage_prints"

    build_id: str = Field(
        sa_column=Column(
            "generation_id", String(ID_LENGTH), ForeignKey("generation.id", ondelete="CASCADE"), primary_key=True
        )
    )
    version_id: str = Field(
        sa_column=Column(String(ID_LENGTH), ForeignKey("version.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
