"""What publishers have written of before: weak evidence for the tagger's places."""

import hashlib
import json

from pydantic import BaseModel, ConfigDict, Field


class PublisherPrior(BaseModel):
    """One publisher's shares, each from 0 to 1, over its places that were sure."""

    model_config = ConfigDict(extra="forbid")

    places: int = Field(description="Mentions that were counted.")
    countries: dict[str, float] = Field(description="By ISO 3166-1 alpha-2 code.")
    divisions: dict[str, float] = Field(description='By country and code, as "US.TX".')


class Prior(BaseModel):
    """Priors by the publishers' registered domains."""

    model_config = ConfigDict(extra="forbid")

    publishers: dict[str, PublisherPrior]

    @property
    def version(self) -> str:
        """Hash of its content, 8 hexadecimal digits; documents keep it beside the tagger's."""
        text = json.dumps(self.model_dump(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:8]
