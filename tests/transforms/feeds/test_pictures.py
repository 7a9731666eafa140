"""Which picture is an entry's."""

import pytest

from transforms.feeds.parsing import parse_feed
from transforms.feeds.pictures import picture_in

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
        f"<description>&lt;p&gt;&lt;img src='{PHOTO}'&gt; It rained.&lt;/p&gt;</description>",
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
        "html",
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
        "<description>Of &amp;lt;img src=x&amp;gt; it is said: use it.</description>",
    ],
    ids=["sound", "video", "avatar", "html_as_text"],
)
def test_what_is_no_picture(item: str) -> None:
    assert picture(item) == ""


@pytest.mark.parametrize(
    ("html", "address"),
    [
        (f'<img alt="a &gt; b" src="{PHOTO}?a=1&amp;b=2">', f"{PHOTO}?a=1&b=2"),
        (f'<img src="data:image/gif;base64,R0" data-src="{PHOTO}">', PHOTO),
        (f'<img width="1" height="1" src="https://count.example/p"><img src={PHOTO}>', PHOTO),
        (f'<img src="https://news.example/tracking/p.png"><IMG SRC="{PHOTO}"/>', PHOTO),
        ('<img src="/img/rain.jpg">', "/img/rain.jpg"),
        ("<image src='a.jpg'>", ""),
        ("<img " * 100_000, ""),
        ("<img alt='x'>" * 10 + f'<img src="{PHOTO}">', ""),
    ],
    ids=[
        "references",
        "lazy",
        "counter",
        "tracking",
        "relative",
        "other_element",
        "hostile",
        "far_behind",
    ],
)
def test_the_first_picture_in_html(html: str, address: str) -> None:
    assert picture_in([html]) == address
