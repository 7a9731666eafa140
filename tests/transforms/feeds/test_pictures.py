"""Which picture a feed names as an entry's."""

import pytest

from transforms.feeds.parsing import parse_feed

PHOTO = "https://img.example/rain.jpg"
AVATAR = "https://0.gravatar.com/avatar/abc?s=96"


def picture(item: str) -> str:
    body = (
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Paper</title>'
        f"<item><title>Rain</title>{item}</item></channel></rss>"
    ).encode()
    fast = parse_feed(body, url="https://paper.example/feed.xml").entries[0].image_url
    safe = parse_feed(body, url="https://paper.example/feed.xml", path="safe").entries[0].image_url
    assert fast == safe
    return fast


@pytest.mark.parametrize(
    "item",
    [
        f'<media:content url="{PHOTO}" medium="image"/>',
        f'<media:content url="{PHOTO}" type="image/jpeg"/>',
        f'<media:content url="{PHOTO}" width="700"/>',
        '<media:content url="https://v.example/a.mp4" medium="video">'
        f'<media:thumbnail url="{PHOTO}"/></media:content>',
        f'<media:content url="{AVATAR}" medium="image"/>'
        f'<media:content url="{PHOTO}" medium="image"/>',
        '<media:content url="https://img.example/s.jpg" medium="image" width="140"/>'
        f'<media:content url="{PHOTO}" medium="image" width="460"/>',
        f'<media:content url="{PHOTO}" medium="image" width="700"/>'
        '<media:content url="https://img.example/2.jpg" medium="image" width="900"/>',
        f'<enclosure url="{PHOTO}" type="image/jpeg" length="0"/>',
        f'<enclosure url="{PHOTO}"/>',
        f'<itunes:image href="{PHOTO}"/>',
    ],
    ids=[
        "medium",
        "type",
        "name_of_the_file",
        "thumbnail",
        "no_avatar",
        "wider_than_a_thumbnail",
        "first_of_a_gallery",
        "enclosure",
        "untyped_enclosure",
        "podcast",
    ],
)
def test_the_entrys_picture(item: str) -> None:
    assert picture(item) == PHOTO


@pytest.mark.parametrize(
    "item",
    [
        '<enclosure url="https://cdn.example/a.mp3" type="audio/mpeg" length="1"/>',
        '<media:content url="https://cdn.example/a.mp4"/>',
        f'<media:content url="{AVATAR}" medium="image"/>',
    ],
    ids=["sound", "video", "avatar"],
)
def test_what_is_no_picture(item: str) -> None:
    assert picture(item) == ""
