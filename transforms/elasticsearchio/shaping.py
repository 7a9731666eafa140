"""Makes operations of elements: of plain documents, through the user's functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from transforms.elasticsearchio.operations import (
    Action,
    Operation,
    UnfitOperationError,
    VersionType,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How an element becomes an operation.

    Attributes:
        action: One for all, or a function of the element.
        index: One for all, or a function of the element.
        id: A function of the element.
        routing: A function of the element.
        version: A function of the element.
        version_type: For `version`.
        document: A function from the element to what is stored; without one, the element itself.
    """

    action: Action | Callable[[Any], Action] = "index"
    index: str | Callable[[Any], str] | None = None
    id: Callable[[Any], str | None] | None = None
    routing: Callable[[Any], str | None] | None = None
    version: Callable[[Any], int | None] | None = None
    version_type: VersionType = "external"
    document: Callable[[Any], Mapping[str, Any]] | None = None

    def operation(self, element: Any) -> Operation:
        """Makes the operation.

        Raises:
            UnfitOperationError: A function failed on the element; says which.
        """
        if isinstance(element, Operation):
            return element
        action = self._call("action", self.action, element)
        document = None
        if action != "delete":
            document = self._call("document", self.document, element) if self.document else element
        return Operation(
            action=action,
            id=self._call("id", self.id, element),
            document=document,
            index=self._call("index", self.index, element),
            routing=self._call("routing", self.routing, element),
            version=self._call("version", self.version, element),
            version_type=self.version_type,
        )

    def known(self, element: Any) -> tuple[str, str, str]:
        """Gives index, id and action of an element as far as they can be found out, else ""."""
        if isinstance(element, Operation):
            index = element.index or self.default_index()
            return index or "", str(element.id or ""), str(element.action)
        found = []
        for name, value in (("index", self.index), ("id", self.id), ("action", self.action)):
            try:
                found.append(str(self._call(name, value, element) or ""))
            except UnfitOperationError:
                found.append("")
        return found[0], found[1], found[2]

    def default_index(self) -> str | None:
        """Gives the index of an operation that names none."""
        return self.index if isinstance(self.index, str) else None

    @staticmethod
    def _call(name: str, value: Any, element: Any) -> Any:
        if not callable(value):
            return value
        try:
            return value(element)
        except Exception as error:
            raise UnfitOperationError(
                f"the {name} function failed on this element: {type(error).__name__}: {error}"
            ) from error
