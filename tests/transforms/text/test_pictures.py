"""The first picture in HTML that is one."""

import pytest

from schemas.entry import Entry
from transforms.text.normalize import canonical_image
from transforms.text.pictures import picture_in

PHOTO = "https://img.example/rain.jpg"


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


def test_an_entry_whose_feed_names_no_picture_has_that_of_its_html() -> None:
    entry = Entry(content='<img src="/rain.jpg"> It rained.', base_url="https://paper.example/a/1")
    assert canonical_image(entry) == "https://paper.example/rain.jpg"
    assert canonical_image(entry.model_copy(update={"image_url": PHOTO})) == PHOTO
    assert canonical_image(Entry(summary="Of &lt;img src=x&gt; it is said: use it.")) == ""
