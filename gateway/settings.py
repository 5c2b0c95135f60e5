"""liandan.toml in the working folder, overridden by LIANDAN_… variables, overridden by the command line.

LIANDAN_DATA      folder of database and everything kept   default .liandan
LIANDAN_DATABASE  sqlite:///… or postgresql+psycopg://…    default sqlite:///DATA/liandan.db
LIANDAN_PACKS     folders of further packs, DIR:DIR
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from gateway.domain.retention import YEARS
from gateway.errors import BadSettings


class Settings(BaseSettings):
    """Paths as given; a relative one belongs to the working folder."""

    model_config = SettingsConfigDict(
        env_prefix="LIANDAN_", toml_file="liandan.toml", extra="forbid", frozen=True, env_ignore_empty=True
    )

    data: Path = Path(".liandan")
    database: str = ""
    packs: Annotated[tuple[Path, ...], NoDecode] = ()
    body_limit: int = Field(default=32 * 1024 * 1024, gt=0)
    """Bytes of a request's body that the API takes."""
    receive_seconds: float = Field(default=15.0, gt=0)
    """How long a request's body may take to arrive."""
    retention_years: int = Field(default=YEARS, ge=YEARS)
    """How long all is kept, at least: what is younger can't be retired."""
    pull_seconds: float = Field(default=300.0, gt=0)
    """How long `serve` rests between two runs over an adapter."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - not ours: variables come from the process
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - secrets are named in adapter files
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("packs", mode="before")
    @classmethod
    def _folders(cls, value: object) -> object:
        return tuple(part for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'liandan.db'}"

    def prepare(self) -> None:
        """Make the data folder, readable by its owner alone: payloads hold personal data."""
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BadSettings(
                f"数据目录 {self.data} 无法建立: {error.strerror}", f"can't make {self.data}: {error.strerror}"
            ) from error


def load_settings(packs: Sequence[Path] = ()) -> Settings:
    """The settings of this process; `packs` (of --pack) come after those of the settings. BadSettings names each fault."""
    try:
        settings = Settings()
    except (ValidationError, SettingsError, OSError, ValueError) as error:
        raise BadSettings(
            f"liandan.toml 或 LIANDAN_… 变量有误: {_words(error)}",
            f"liandan.toml or a LIANDAN_… variable is wrong: {_words(error)}",
        ) from error
    if not packs:
        return settings
    return settings.model_copy(update={"packs": tuple(dict.fromkeys([*settings.packs, *packs]))})


def _words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors())
    return str(error)
