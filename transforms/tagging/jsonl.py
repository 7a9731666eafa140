"""The `tag` command's lines: one JSON document in, one answer out, in order."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from transforms.tagging.tagger import Tagger
from transforms.tagging.tags import Mention


def tag_lines(
    lines: Iterable[str], tagger: Tagger, *, explain: bool = False
) -> Iterator[dict[str, Any]]:
    """Tags `{"id","title","text","language","domain"}` lines.

    Gives one answer per line: `{"id","mentions","countries"}`, or `{"id","error"}` for a line that
    is no such document; the lines after it go on. With `explain`, an answer has a list "explain" of
    every name, tagged or passed over, with what decided (`transforms.tagging.explain`).
    """
    for line in lines:
        identity: Any = None
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise TypeError(f"a line must be a JSON object, this is {type(row).__name__}")
            identity = row.get("id")
            fields = [_text(row, key) for key in ("title", "text", "language", "domain")]
        except (ValueError, TypeError) as error:
            yield {"id": identity, "error": str(error)}
            continue
        explained: dict[str, Any] = {}
        if explain:
            tags, reasons = tagger.explain(*fields)
            explained = {"explain": [one.to_json() for one in reasons]}
        else:
            tags = tagger.tag(*fields)
        yield {
            "id": identity,
            "mentions": [_mention(mention) for mention in tags.mentions],
            "countries": [
                {"code": country.code, "share": country.share, "focus": country.focus}
                for country in tags.countries
            ],
            **explained,
        }


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{key!r} must be a string, this is {type(value).__name__}")
    return value


def _mention(mention: Mention) -> dict[str, Any]:
    place = mention.location
    return {
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "type": mention.type,
        "name": mention.name,
        "ids": list(mention.ids),
        "country": mention.country,
        "location": {"lat": place[0], "lon": place[1]} if place else None,
        "score": mention.score,
    }
