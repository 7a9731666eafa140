"""Keeps operations on one document in their order: one under way at a time, the others wait."""

from collections import deque
from collections.abc import Iterator

from transforms.elasticsearchio.encoding import Encoded

_Key = tuple[str, str]


class IdOrder:
    """Holds an operation back while an earlier one on the same document has not ended.

    Batches are sent several at once, and a part of one may be tried again later: two operations on
    one document under way together could be carried out in the wrong order. Operations without an
    id of the user's make new documents, and never wait. Pure and without locks.
    """

    def __init__(self) -> None:
        self._busy: dict[_Key, deque[Encoded] | None] = {}
        self.held = 0

    def enter(self, operation: Encoded) -> bool:
        """Takes an operation; says whether it may be sent now, else it is held."""
        if operation.operation.id is None:
            return True
        key = (operation.index, operation.id)
        if key not in self._busy:
            # A queue for each document would cost more than the document's place in the request.
            self._busy[key] = None
            return True
        waiting = self._busy[key]
        if waiting is None:
            waiting = self._busy[key] = deque()
        waiting.append(operation)
        self.held += 1
        return False

    def give_up(self, index: str, identity: str) -> Iterator[Encoded]:
        """Gives, and holds no longer, what waits behind an operation that is still under way."""
        waiting = self._busy.get((index, identity))
        while waiting:
            self.held -= 1
            yield waiting.popleft()

    def leave(self, ended: list[Encoded]) -> Iterator[Encoded]:
        """Lets operations go that have ended; gives those that may be sent in their stead."""
        for operation in ended:
            if operation.operation.id is None:
                continue
            key = (operation.index, operation.id)
            waiting = self._busy[key]
            if waiting:
                self.held -= 1
                yield waiting.popleft()
            else:
                del self._busy[key]
