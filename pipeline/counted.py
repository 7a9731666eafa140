"""Figures in what is said to a person."""


def counted(number: int, noun: str) -> str:
    """Gives a number with its noun: `1 feed`, `2,000 feeds`, `0 entries`.

    Args:
        number: How many.
        noun: In the singular; its last word is put into the plural.
    """
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{number:,} {plural}"
