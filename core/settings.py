"""What the host sets from outside: environment variables and .env, read once into one frozen Settings."""

from functools import lru_cache
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.schema import DEFAULT_CHAT_MODEL, StoreName


class Settings(BaseSettings):
    """Everything a host can set. Each field is the environment variable ANSWERBOOK_<NAME> unless it says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="ANSWERBOOK_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data: Path = Field(Path("data"), description="The data folder: database, passages, secret key, log.")
    database_url: str = Field("", validation_alias="DATABASE_URL", description="Postgres; empty: SQLite in data/.")
    weaviate_url: str = Field(
        "", validation_alias="WEAVIATE_URL", description="Addresses, by comma, or: embedded. Empty: the data folder."
    )
    weaviate_grpc: str = Field(
        "", validation_alias="WEAVIATE_GRPC", description="host:port or port of gRPC, by comma, where it is elsewhere."
    )
    weaviate_api_key: SecretStr = Field(SecretStr(""), validation_alias="WEAVIATE_API_KEY")
    weaviate_replicas: int = Field(
        1, ge=1, le=9, validation_alias="WEAVIATE_REPLICAS", description="Copies of each passage in a cluster."
    )
    hosts: str = Field("", description="Names besides localhost under which browsers may ask for Answerbook, by comma.")
    secret: SecretStr = Field(SecretStr(""), description="Encrypts keys at rest; empty: a key file in the data folder.")
    openai_api_key: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("OPENAI_API_KEY"))
    openai_base_url: str = Field("", validation_alias=AliasChoices("OPENAI_BASE_URL", "OPENAI_API_BASE"))
    openai_chat_model: str = Field(DEFAULT_CHAT_MODEL, validation_alias=AliasChoices("OPENAI_MODEL"))
    file_megabytes: int = Field(100, ge=1, description="The largest file taken, in MB.")
    file_pages: int = Field(5000, ge=1, description="The most pages of a file that are read.")
    file_seconds: int = Field(300, ge=1, description="The longest a file may take to be read.")
    file_memory_megabytes: int = Field(2048, ge=256, description="The most memory the reading child process may take.")
    workers: int = Field(2, ge=1, le=16, description="Files read at the same time.")
    log_level: str = "INFO"

    @property
    def preferred_store(self) -> StoreName:
        """The store where new assistants' passages go: Weaviate where WEAVIATE_URL is set."""
        return StoreName.WEAVIATE if self.weaviate_url else StoreName.LANCEDB

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        if not self.database_url:
            return f"sqlite:///{self.data / 'answerbook.db'}"
        scheme, _, rest = self.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else self.database_url


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the one Settings of this process, read at first use."""
    return Settings()
