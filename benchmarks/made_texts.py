"""Texts made of real articles, for `benchmarks.stories`: copies, and what speaks of the same."""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

KINDS = ("5 % changed", "10 % changed", "40 % cut, new lead")
# Made of an article, and no copies of it.
OTHERS = ("translation", "report of the same event")
# Of a rival's report, what it quotes word for word.
QUOTED = 0.25
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ORDINARY_WORD = re.compile(r"\b[^\W\d_]*[a-z][^\W\d_]*\b")


@dataclass(frozen=True)
class Text:
    """An article: its words, and the paper it stands in."""

    title: str
    body: str
    paper: str


def changed(words: list[str], share: float, vocabulary: Sequence[str], draw: random.Random) -> str:
    """Replaces, drops or inserts words, each a third of the share."""
    out: list[str] = []
    for word in words:
        chance = draw.random()
        if chance < share / 3:
            out.append(draw.choice(vocabulary))
        elif chance < 2 * share / 3:
            continue
        elif chance < share:
            out += [word, draw.choice(vocabulary)]
        else:
            out.append(word)
    return " ".join(out)


def copies(text: Text, vocabulary: Sequence[str], draw: random.Random) -> Iterator[Text]:
    """Makes one copy of each kind, in papers of their own and under other headlines."""
    words = text.body.split()
    lead = " ".join(draw.choice(vocabulary) for _ in range(30))
    kept = " ".join(words[: int(0.6 * len(words))])
    bodies = (
        changed(words, 0.05, vocabulary, draw),
        changed(words, 0.10, vocabulary, draw),
        f"{lead}. {kept}",
    )
    for body in bodies:
        title = " ".join(draw.choice(vocabulary) for _ in range(7))
        yield Text(title, body, f"copy-{draw.randrange(10**8)}.example")


class Dictionary:
    """Another language: each ordinary word stands for another one of the same texts, always.

    Names and figures stay, as they mostly do where a report is translated.
    """

    def __init__(self, bodies: Iterable[str], draw: random.Random) -> None:
        words = sorted({word for body in bodies for word in _ordinary_words(body)})
        others = words[:]
        draw.shuffle(others)
        self._others = dict(zip(words, others, strict=True))

    def translated(self, text: str) -> str:
        """Gives a text in the other language."""
        return _ORDINARY_WORD.sub(lambda match: self._others.get(match[0], match[0]), text)


def _ordinary_words(text: str) -> list[str]:
    return [word for word in _ORDINARY_WORD.findall(text) if word.islower()]


def is_prose(text: Text) -> bool:
    """Says whether a translation changes most of the words.

    In a list of names, a table or a program it leaves most as they are: that is a copy.
    """
    words = text.body.split()
    return 2 * sum(bool(_ordinary_words(word)) for word in words) > len(words)


def no_copies(
    text: Text, abroad: Dictionary, rival: Dictionary, draw: random.Random
) -> Iterator[Text]:
    """Makes one text of each kind that speaks of the same and is no copy.

    Args:
        text: The article.
        abroad: The language that it is translated to.
        rival: Gives the other paper's own words, which are nobody else's either.
        draw: Chooses.
    """
    title = abroad.translated(text.title)
    yield Text(title, abroad.translated(text.body), f"abroad-{draw.randrange(10**8)}.example")
    sentences = _SENTENCE_END.split(text.body)
    room = QUOTED * len(text.body)
    quoted: set[int] = set()
    for place in draw.sample(range(len(sentences)), len(sentences)):
        room -= len(sentences[place])
        if room < 0:
            break
        quoted.add(place)
    body = " ".join(
        sentence if place in quoted else rival.translated(sentence)
        for place, sentence in enumerate(sentences)
    )
    yield Text(rival.translated(text.title), body, f"rival-{draw.randrange(10**8)}.example")
