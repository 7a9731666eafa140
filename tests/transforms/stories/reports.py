"""Reports for the stories' tests, and copies made of them."""

import random
from datetime import datetime, timedelta

from schemas.article import Article, Content, FeedReference, Link, Sight
from tests.transforms.storage.sights import START
from transforms.storage.merge import merge

_SUBJECTS = ("The council", "The ministry", "The port", "The railway", "The university")
_VERBS = ("said", "announced", "decided", "reported", "expects", "warned")
_OBJECTS = (
    "that the new bridge will open in autumn",
    "that rain had damaged {n} houses along the river",
    "that {n} workers would be hired before the harvest",
    "that the old market would be rebuilt",
    "that trains would run every {n} minutes",
    "that prices had risen by {n} percent since spring",
    "that the school would take {n} more pupils",
    "that the reservoir was nearly full again",
)


def report(seed: int, sentences: int = 14) -> str:
    """Gives a report of its own for each seed."""
    draw = random.Random(seed)
    words = [f"w{draw.randrange(5000)}" for _ in range(sentences)]
    return " ".join(
        f"{draw.choice(_SUBJECTS)} in {word} {draw.choice(_VERBS)} "
        f"{draw.choice(_OBJECTS).format(n=draw.randrange(2, 999))}, after {word} and {word[::-1]}."
        for word in words
    )


def edited(text: str, share: float, seed: int = 1) -> str:
    """Changes a share of a text's words."""
    draw = random.Random(seed)
    return " ".join(
        f"changed{draw.randrange(999)}" if draw.random() < share else word for word in text.split()
    )


def with_new_lead(text: str, cut: float = 0.4) -> str:
    """Cuts a text's beginning off and puts another lead before the rest."""
    words = text.split()
    return "A reader of another paper begins with this sentence. " + " ".join(
        words[int(cut * len(words)) :]
    )


def article(
    name: str,
    body: str,
    hours: float = 0,
    title: str = "",
    paper: str = "",
    published: datetime = START,
) -> Article:
    """Makes a stored document; each name is a paper of its own unless one is given."""
    time = published + timedelta(hours=hours)
    domain = paper or f"{name}.example"
    sight = Sight(
        article_id=name,
        feed=FeedReference(url=f"https://{domain}/feed"),
        time=time,
        hash=f"{title}{body}"[:50],
        published=time,
        link=Link(full=f"https://{domain}/{name}", domain=domain, registered_domain=domain),
        content=Content(title=title or f"Headline of {name}", body=body),
    )
    return merge(None, sight).article
