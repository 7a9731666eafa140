"""How a field of a model is indexed: markers for `Annotated`, read by whoever builds an index."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["keyword", "text", "date", "integer", "geo_point", "flattened", "stored"]


@dataclass(frozen=True, slots=True)
class Indexed:
    """Says how a field is indexed.

    Attributes:
        kind: The index's type; `stored` means kept in the document and never searched.
        max_chars: For keywords, the longest value that is indexed (longer ones are only kept).
    """

    kind: Kind
    max_chars: int = 256


KEYWORD = Indexed("keyword")
URL = Indexed("keyword", max_chars=2048)
TEXT = Indexed("text")
DATE = Indexed("date")
INTEGER = Indexed("integer")
GEO_POINT = Indexed("geo_point")
FLATTENED = Indexed("flattened")
STORED = Indexed("stored")
