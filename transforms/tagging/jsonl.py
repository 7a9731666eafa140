"""The `tag` command's lines: one JSON document in, one answer out, in order."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from schemas.codes import country_code
from transforms.tagging.tagger import Tagger
from transforms.tagging.tags import Mention

EXAMPLE = '{"id": 1, "title": "…", "text": "…", "language": "en", "domain": "paper.example"}'
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def tag_lines(
    lines: Iterable[str | bytes], tagger: Tagger, *, explain: bool = False
) -> Iterator[dict[str, Any]]:
    """Tags `{"id","title","text","language","domain","country"}` lines.

    Gives one answer per line: `{"id","mentions","countries"}`, or `{"id","error"}` for a line that
    is no such document or cannot be tagged; the lines after it go on. With `explain`, an answer has
    a list "explain" of every name, tagged or passed over, with what decided
    (`transforms.tagging.explain`).
    """
    for line in lines:
        identity: Any = None
        try:
            row = _row(line)
            identity = row.get("id")
            yield {"id": identity, **_answer(row, tagger, explain)}
        except _LineError as error:
            yield {"id": identity, "error": str(error)}
        except Exception as error:  # one bad line never costs the others
            kind = type(error).__name__
            defect = f"{kind}: {error} (a defect of Dateline; please report it)"
            yield {"id": identity, "error": defect}


class _LineError(Exception):
    """A line is no document."""


def _row(line: str | bytes) -> dict[str, Any]:
    try:
        text = line.decode("utf-8", "surrogatepass") if isinstance(line, bytes) else line
        row = json.loads(text)
    except UnicodeDecodeError as error:
        place = f"{error.reason} at byte {error.start + 1}"
        raise _LineError(f"the line is no UTF-8: {place}") from None
    except json.JSONDecodeError as error:
        reason = f"{error.msg[:1].lower()}{error.msg[1:]} at column {error.colno}"
        raise _LineError(f"the line is no JSON ({reason}); a line is {EXAMPLE}") from None
    except (ValueError, RecursionError) as error:
        raise _LineError(f"the line cannot be read ({error}); a line is {EXAMPLE}") from None
    if not isinstance(row, dict):
        raise _LineError(f"the line is no JSON object but {_KINDS[type(row)]}; a line is {EXAMPLE}")
    return row


def _answer(row: dict[str, Any], tagger: Tagger, explain: bool) -> dict[str, Any]:
    fields = [_text(row, key) for key in ("title", "text", "language", "domain")]
    fields.append(_country(row))
    explained: dict[str, Any] = {}
    if explain:
        tags, reasons = tagger.explain(*fields)
        explained = {"explain": [one.to_json() for one in reasons]}
    else:
        tags = tagger.tag(*fields)
    return {
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
        raise _LineError(f"{key!r} must be a string, not {_KINDS[type(value)]}")
    return value


def _country(row: dict[str, Any]) -> str:
    value = _text(row, "country")
    try:
        return country_code(value) if value else ""
    except ValueError as error:
        raise _LineError(f"'country': {error}") from None


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
