"""An article index in memory, for tests of what is built on compare-and-set."""

from collections.abc import Callable, Sequence

from schemas.article import Article
from schemas.errors import TransientError
from transforms.storage.article_index import Stored, Write, WriteResult


class MemoryIndex:
    """Documents in a dictionary; `before_write` runs between a read and its write.

    Attributes:
        answers: Results to give instead of writing, by article id, each used once.
        down: While above 0, each call fails and counts it down.
    """

    def __init__(self) -> None:
        self.documents: dict[str, Stored] = {}
        self.before_write: Callable[[], None] = lambda: None
        self.answers: dict[str, list[WriteResult]] = {}
        self.down = 0
        self.writes = 0

    def get(self, ids: Sequence[str]) -> dict[str, Stored]:
        self._fail_while_down()
        return {key: self.documents[key] for key in ids if key in self.documents}

    def write(self, writes: Sequence[Write]) -> list[WriteResult]:
        self.before_write()
        self._fail_while_down()
        return [self._write(write) for write in writes]

    def _write(self, write: Write) -> WriteResult:
        self.writes += 1
        key = write.article.id
        if self.answers.get(key):
            return self.answers[key].pop(0)
        stored = self.documents.get(key)
        if (stored.version if stored else None) != write.expected:
            return WriteResult("conflict")
        number = stored.version[0] + 1 if stored else 1
        self.documents[key] = Stored(write.article, (number, 0, ""))
        return WriteResult("written")

    def article(self, key: str = "article") -> Article:
        return self.documents[key].article

    def _fail_while_down(self) -> None:
        if self.down:
            self.down -= 1
            raise TransientError("the index is down")
