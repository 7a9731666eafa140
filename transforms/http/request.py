"""The headers that a poll is asked with (RFC 9110, RFC 3229)."""

from schemas.feed import FeedState

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, "
    "application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, */*;q=0.5"
)
ACCEPT_ENCODING = "gzip, br, deflate"


def request_headers(state: FeedState, user_agent: str) -> dict[str, str]:
    """Gives a poll's headers: who asks, what is understood, what is already known.

    Validators go back exactly as the server gave them, quotes and all: only the server knows
    what they mean. A delta (`A-IM: feed`) is only asked for against a known ETag, which is what
    RFC 3229 counts it from.
    """
    headers = {
        "User-Agent": user_agent,
        "Accept": ACCEPT,
        "Accept-Encoding": ACCEPT_ENCODING,
    }
    if state.etag:
        headers["If-None-Match"] = state.etag
        headers["A-IM"] = "feed"
    if state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return headers
