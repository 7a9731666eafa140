"""What robots.txt permits (RFC 9309), parsed by Protego. Pure: who asks keeps the answers."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from schemas.poll import FetchResult

MAX_BYTES = 512_000
"""RFC 9309, section 2.5: at least 500 KiB are to be read; what is behind is not."""

KEPT = timedelta(hours=24)
KEPT_AFTER_A_FAILURE = timedelta(hours=1)
MAX_CRAWL_DELAY_SECONDS = 30.0
_UNAVAILABLE = range(400, 500)
# As Protego reads it, which forgives a missing colon and hyphen.
_USER_AGENT = re.compile(r"\s*user(?:-|\s+)?agent(?:\s*:|\s)\s*([^\s/#]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Robots:
    """One site's rules for us.

    Attributes:
        rules: As Protego has parsed them; None where there are none.
        forbidden: Everything is, since nobody can know (section 2.3.1.4).
        until: They are asked for again after this, UTC.
    """

    rules: Any
    forbidden: bool
    until: datetime

    def permits(self, url: str, user_agent: str) -> bool:
        """Says whether an address may be fetched."""
        if self.forbidden:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, _delimited(user_agent)))

    def crawl_delay(self, user_agent: str) -> float:
        """Gives the seconds that are asked for between two requests, bounded; 0 where none are."""
        if self.rules is None:
            return 0.0
        delay = self.rules.crawl_delay(_delimited(user_agent)) or 0.0
        return min(max(float(delay), 0.0), MAX_CRAWL_DELAY_SECONDS)


def read_robots(answer: FetchResult, now: datetime) -> Robots:
    """Reads a site's answer for its robots.txt.

    A 4xx means that there are no rules (section 2.3.1.3); a 5xx, or no answer at all, that nobody
    knows them, and nothing may be fetched (section 2.3.1.4).
    """
    if not answer.error:
        from protego import Protego

        text = answer.body[:MAX_BYTES].decode("utf-8-sig", "replace")
        rules = Protego.parse("\n".join(map(_with_whole_name, text.splitlines())))
        return Robots(rules, False, now + KEPT)
    if answer.status in _UNAVAILABLE and answer.status != 429:
        return Robots(None, False, now + KEPT)
    return Robots(None, True, now + KEPT_AFTER_A_FAILURE)


def robots_url(url: str) -> str:
    """Gives the address of the rules that a page's site has."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def product_token(user_agent: str) -> str:
    """Gives the name that a site's rules know us by: the User-Agent's first word, no version."""
    return user_agent.split("/")[0].split(" ")[0]


def _with_whole_name(line: str) -> str:
    """Marks both ends of the name in a User-agent line.

    A group is for those whose product token is the whole name, in any case (section 2.2.1). To
    Protego it is for those whose token begins with the name, and a version is a part of it.
    """
    match = _USER_AGENT.match(line)
    if match is None or match[1] == "*":
        return line
    return f"User-agent: {_delimited(match[1])}"


def _delimited(user_agent: str) -> str:
    return f"/{product_token(user_agent)}/"
