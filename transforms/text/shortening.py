"""Cuts texts for display. Pure."""


def shortened(text: str, most: int) -> str:
    """Cuts a text at a space where there is one, and says so with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    # Chinese, Japanese and Thai have none.
    space = cut.rfind(" ", most // 2)
    return f"{cut[:space] if space > 0 and not text[most - 1].isspace() else cut.rstrip()}…"
