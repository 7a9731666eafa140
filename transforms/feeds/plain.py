"""Plain text as HTML, so that an entry's texts have one meaning."""

import html
import re

# Looking back makes a long run of blanks be read once, not from each of its characters.
_BLANK_LINES = re.compile(r"(?<!\s)\s*\n\s*\n\s*")


def plain_as_html(text: str) -> str:
    """Escapes a plain text; blank lines become paragraph breaks."""
    return _BLANK_LINES.sub("<br><br>", html.escape(text.strip(), quote=False))
