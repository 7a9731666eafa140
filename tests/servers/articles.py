"""Small articles for tests."""

from datetime import UTC, datetime
from typing import Any

from schemas.article import Article
from transforms.storage.tokens import segmented

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def article(
    article_id: str, title: str = "", body: str = "", time: datetime = NOON, **news: Any
) -> Article:
    """Gives an article with what the test names, `news.segmented` as normalising makes it."""
    return Article.model_validate(
        {
            "id": article_id,
            "@timestamp": time,
            "event": {"created": time},
            "message": title,
            "news": {
                "title": title,
                "body": body,
                "segmented": segmented(f"{title}\n{body}"),
                **news,
            },
        }
    )
