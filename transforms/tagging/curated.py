"""The format of curated entity files: what `data/**/*.yaml` and a user's own files hold."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from schemas.errors import ConfigError

EntityType = Literal["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "NONE"]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Role(BaseModel):
    """An office a person held; dates are inclusive, an open end is still held."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    title: str
    since: date | None = Field(default=None, alias="from")
    until: date | None = None


class CuratedEntry(BaseModel):
    """One thing that news names.

    Attributes:
        name: Canonical name, as news agencies write it.
        type: OntoNotes type; NONE where the words are no name.
        country: ISO 3166-1 alpha-2 code of its own country.
        aliases: Other whole names, in any language.
        surname: The last name alone, later in a text, means this person.
        acronym: Matched case-sensitively.
        location: Latitude and longitude in degrees.
        ids: `wikidata:Q…` or `geonames:…`; in a user's file, a GPE with the `geonames:` id of one
            of several places of its name says that this one is meant.
    """

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=2)
    type: EntityType
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    aliases: list[str] = Field(default_factory=list)
    surname: bool = True
    acronym: str | None = None
    location: tuple[Latitude, Longitude] | None = None
    ids: list[Annotated[str, Field(pattern=r"^(wikidata:Q|geonames:)[1-9]\d*$")]] = Field(
        default_factory=list
    )
    roles: list[Role] = Field(default_factory=list)

    @field_validator("aliases")
    @classmethod
    def _aliases_say_something(cls, aliases: list[str]) -> list[str]:
        if any(len(alias.strip()) < 2 for alias in aliases):
            raise ValueError("an alias needs two characters or more")
        return aliases

    @model_validator(mode="after")
    def _acronyms_are_of_organisations(self) -> "CuratedEntry":
        if self.acronym is not None and self.type != "ORG":
            raise ValueError(f"only an ORG has an acronym, this is a {self.type}")
        return self


def load_curated(path: Path) -> list[CuratedEntry]:
    """Reads one file of entries.

    Raises:
        ConfigError: The file is no such list; the text names file, entry and what is right.
    """
    try:
        content = yaml.load(path.read_bytes(), Loader=_loader())
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read as YAML: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("entries"), list):
        raise ConfigError(f"{path}: must hold a list under the key 'entries'")
    return [_entry(path, number, row) for number, row in enumerate(content["entries"], start=1)]


def _entry(path: Path, number: int, row: Any) -> CuratedEntry:
    try:
        return CuratedEntry.model_validate(row)
    except ValidationError as error:
        name = row.get("name") if isinstance(row, dict) else row
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'entry'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise ConfigError(f"{path}: entry {number} ({name!r}): {faults}") from error


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
