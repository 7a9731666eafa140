"""Takes secrets out of texts that people will read: error messages, feed health, logs."""

import re

# Wider than the list that cleans documents' links: a message loses nothing by hiding too much.
_PARAMETER = re.compile(
    r"(?i)([?&;](?:[^=&;#\s]*(?:key|token|passw|pwd|auth|secret|session|credential|sig|jwt)"
    r"[^=&;#\s]*)=)[^&;#\s'\"]+"
)
_USER = re.compile(r"(?i)(\bhttps?://)[^/?#\s@]*@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
MAX_CHARS = 600


def redact(text: str) -> str:
    """Gives `text` on one line, at most `MAX_CHARS` long, without the secrets of addresses.

    Values of query parameters whose names speak of a secret become `***`; user and password
    before a host are dropped.
    """
    line = _CONTROL.sub(" ", text).strip()
    line = _USER.sub(r"\1", _PARAMETER.sub(r"\1***", line))
    return line if len(line) <= MAX_CHARS else line[: MAX_CHARS - 1] + "…"
