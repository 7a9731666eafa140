import pickle

from schemas.feed import Feed
from transforms.due import FeedsAtHand


def test_feeds_at_hand_are_pickled_by_name_and_found_again() -> None:
    feeds = FeedsAtHand(Feed(url=f"https://paper-{n}.example/feed") for n in range(1_000))
    pickled = pickle.dumps(feeds)
    assert len(pickled) < 500
    assert pickle.loads(pickled) is feeds
