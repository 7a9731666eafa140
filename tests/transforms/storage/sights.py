"""Sights for the storage tests: plain ones, and hypothesis' histories of several feeds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from schemas.article import Content, FeedReference, Image, Link, Sight

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
FEEDS = ("https://a.example/feed", "https://b.example/feed", "https://c.example/feed")


def sight(
    feed: str = FEEDS[0],
    second: int = 0,
    version: str = "v1",
    *,
    article_id: str = "article",
    title: str | None = None,
    body: str = "",
    published: datetime | None = START,
    language: str = "en",
    authors: Sequence[str] = (),
    image: str = "",
) -> Sight:
    """Makes a sight: `version` stands for what the publisher sent, `second` for when."""
    return Sight(
        article_id=article_id,
        feed=FeedReference(url=feed, name=f"Paper {feed[8]}", tags=[feed[8]]),
        time=START + timedelta(seconds=second),
        hash=version,
        published=published,
        link=Link(full="https://paper.example/1", domain="paper.example"),
        content=Content(
            title=f"Title {version}" if title is None else title,
            body=body,
            language=language,
            authors=list(authors),
            image=Image(url=image),
        ),
    )


@st.composite
def feed_histories(draw: st.DrawFn) -> list[list[Sight]]:
    """Draws, for one to three feeds, what each showed of one article, in order of time.

    The times of different feeds may be equal; those of one feed never are.
    """
    histories = []
    for feed in FEEDS[: draw(st.integers(1, 3))]:
        count = draw(st.integers(1, 5))
        seconds = sorted(draw(st.sets(st.integers(0, 30), min_size=count, max_size=count)))
        history = []
        for second in seconds:
            version = draw(st.sampled_from(["v1", "v2", "v3"]))
            # What the publisher sent decides everything about the text.
            body = {"v1": "short", "v2": "a longer text", "v3": "a longer tale"}[version]
            published = draw(st.sampled_from([None, START - timedelta(days=1)]))
            authors = [f"Author {feed[8]}"] if version == "v2" else []
            image = f"{feed}/1.jpg" if version == "v1" else ""
            one = sight(
                feed, second, version, body=body, published=published, authors=authors, image=image
            )
            history.append(one)
        histories.append(history)
    return histories


@st.composite
def interleaved(draw: st.DrawFn, histories: list[list[Sight]]) -> list[Sight]:
    """Draws one order of all sights that keeps each feed's own order."""
    queues = [list(history) for history in histories]
    order = []
    while any(queues):
        queue = draw(st.sampled_from([queue for queue in queues if queue]))
        order.append(queue.pop(0))
    return order
