"""An entry to a sight: each text has one meaning."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.article import Sight
from schemas.config import LimitsConfig
from schemas.entry import Entry
from schemas.errors import TerminalError
from schemas.feed import Feed
from transforms.text.normalize import normalize

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIMITS = LimitsConfig(title_chars=100, body_chars=1000)


def sight(**values: Any) -> Sight:
    return normalize(
        Entry(**values),
        feed=Feed(url="https://paper.example/feed"),
        sight_time=NOW,
        limits=LIMITS,
        article_id="id",
    )


def test_texts_are_plain_and_boilerplate_is_gone() -> None:
    content = sight(
        title="Rain &amp; <b>wind</b>",
        summary="Short.",
        content="<p>First part.</p><p>ADVERTISEMENT</p><p>Second part.</p>",
    ).content
    assert (content.title, content.summary) == ("Rain & wind", "Short.")
    assert content.body == "First part.\n\nSecond part."
    assert content.word_count == 4


@pytest.mark.parametrize(
    ("summary", "full", "body", "rest"),
    [
        ("Only this.", "", "Only this.", ""),
        ("Same.", "Same.", "Same.", ""),
        ("The beginning…", "The beginning and the end.", "The beginning and the end.", ""),
        ("The beginning and the end.", "The beginning […]", "The beginning and the end.", ""),
        ("Another view.", "The text.", "The text.", "Another view."),
        ("", "The text.", "The text.", ""),
    ],
)
def test_summary_and_body_do_not_repeat_each_other(
    summary: str, full: str, body: str, rest: str
) -> None:
    content = sight(title="T", summary=summary, content=full).content
    assert (content.body, content.summary) == (body, rest)


def test_the_body_does_not_begin_with_the_title() -> None:
    content = sight(title="Rain falls", content="<h1>Rain falls</h1><p>All day.</p>").content
    assert content.body == "All day."


def test_a_summary_that_is_the_title_is_none() -> None:
    assert sight(title="Rain falls", summary="Rain falls", content="All day.").content.summary == ""


def test_links_are_canonical_and_without_secrets() -> None:
    link = sight(link="/a?utm_source=x&token=s", base_url="https://news.paper.co.uk/").link
    assert link.full == "https://news.paper.co.uk/a"
    assert (link.domain, link.registered_domain) == ("news.paper.co.uk", "paper.co.uk")
    assert "token" not in link.original


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("By Our Reporter", "Our Reporter"),
        ("desk@paper.example (Our Reporter)", "Our Reporter"),
        ("Our Reporter <desk@paper.example>", "Our Reporter"),
        ("Mina &amp; Co", "Mina & Co"),
    ],
)
def test_authors_are_names(raw: str, name: str) -> None:
    assert sight(title="T", authors=[raw, raw]).content.authors == [name]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"title": "x" * 101}, r"limits\.title_chars"),
        ({"title": "x" * 5000}, r"limits\.title_chars"),
        ({"title": "T", "content": "x" * 1001}, r"limits\.body_chars"),
        ({}, "no title, no text and no"),
        ({"link": "mailto:a@paper.example"}, "no title, no text and no"),
    ],
    ids=["long title", "very long title", "long body", "empty", "only a mail address"],
)
def test_what_cannot_be_stored_says_why(values: dict[str, str], reason: str) -> None:
    with pytest.raises(TerminalError, match=reason):
        sight(**values)


def test_a_broken_date_costs_only_the_date() -> None:
    assert sight(title="T", published="the day before").published is None


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ('It rained &hellip; <a href="x">Continue reading <span>Rain</span></a>', "It rained …"),
        ("It rained [&#8230;] <a>Weiterlesen</a>", "It rained […]"),
        ("It rained... <a>Lire la suite</a>", "It rained..."),
        ("Pupils read more … and their teachers, too.", None),
        ("Go on and continue reading", None),
        ("He stopped... Keep reading, she said, and he did.", None),
    ],
)
def test_the_link_to_the_rest_is_no_text(given: str, text: str | None) -> None:
    assert sight(title="T", summary=given).content.body == (text or given)
