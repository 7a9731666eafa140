"""How Dateline's models are written where they cross from one worker to another.

JSON, not pickle: a model written by one release can be read by the next, so that a job may be
stopped with a savepoint and resumed by a newer Dateline.
"""

import pickle
from typing import Any

from apache_beam.coders import Coder, registry
from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from schemas.poll import Committed, FetchOrder, HostWork, Learnt, Outcome, PollPiece

_JSON, _PICKLE = b"J", b"P"


class PollPart:
    """Stands for `Learnt | Outcome` as a Beam type: a union has no coder of its own."""


class ModelCoder(Coder):
    """Writes one of several models as JSON.

    Args:
        models: Those that may come; at most 256, told apart by their place here.
    """

    def __init__(self, *models: type[BaseModel]) -> None:
        self._models = models

    def encode(self, value: BaseModel) -> bytes:
        """Gives one byte for the form, one for the model, then the model."""
        which = bytes([self._models.index(type(value))])
        try:
            return _JSON + which + value.model_dump_json().encode()
        except PydanticSerializationError:
            # Half of a surrogate pair, out of a broken feed, has no UTF-8; a bundle that fails for
            # it would fail for ever.
            return _PICKLE + which + pickle.dumps(value)

    def decode(self, encoded: bytes) -> BaseModel:
        """Gives the model back."""
        if encoded[:1] == _PICKLE:
            value: BaseModel = pickle.loads(encoded[2:])
            return value
        return self._models[encoded[1]].model_validate_json(encoded[2:])

    def is_deterministic(self) -> bool:
        """False: nothing of this is a key."""
        return False

    def to_type_hint(self) -> Any:
        """Gives the type that the coder is registered for."""
        return self._models[0] if len(self._models) == 1 else PollPart

    @classmethod
    def from_type_hint(cls, typehint: Any, _registry: Any) -> "ModelCoder":
        """Gives the coder of a registered type."""
        return cls(*_PARTS) if typehint is PollPart else cls(typehint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ModelCoder) and self._models == other._models

    def __hash__(self) -> int:
        return hash(self._models)

    def __repr__(self) -> str:
        return f"ModelCoder({', '.join(model.__name__ for model in self._models)})"


_PARTS = (Learnt, Outcome)

for _model in (HostWork, FetchOrder, Learnt, Outcome, PollPiece, Committed, PollPart):
    registry.register_coder(_model, ModelCoder)
