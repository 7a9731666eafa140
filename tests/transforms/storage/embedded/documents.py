"""Articles for the embedded backend's tests, made as the pipeline makes them: by merging."""

from datetime import timedelta
from typing import Any

from schemas.article import Article, Content, FeedReference, Geo, Sight
from tests.transforms.storage.sights import START
from transforms.storage.merge import merge
from transforms.storage.tokens import segmented


def article(article_id: str, title: str = "", *, seconds: int = 0, **content: Any) -> Article:
    countries = content.pop("countries", [])
    texts = (title, content.get("summary", ""), content.get("body", ""))
    return merge(
        None,
        Sight(
            article_id=article_id,
            feed=FeedReference(url="https://a.example/feed"),
            time=START,
            hash=article_id,
            published=START + timedelta(seconds=seconds),
            content=Content(
                title=title,
                segmented=segmented("\n".join(texts)),
                geo=Geo(country_iso_code=countries),
                **content,
            ),
        ),
    ).article
