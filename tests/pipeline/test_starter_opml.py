from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from pipeline.opml import read_opml

WORLD = Path(__file__).parents[2] / "configs" / "feeds" / "world.opml"
REGIONS = {
    "Africa",
    "Asia",
    "Europe",
    "Latin America",
    "Middle East",
    "North America",
    "Oceania",
    "World",
}


def test_the_list_is_long_and_speaks_many_languages() -> None:
    feeds = read_opml(WORLD)
    assert len(feeds) >= 50
    assert len({feed.language.split("-")[0] for feed in feeds} - {""}) >= 12


def test_every_feed_stands_once_in_a_region() -> None:
    outlines = list(ElementTree.parse(WORLD).iter("outline"))
    addresses = Counter(o.attrib["xmlUrl"] for o in outlines if "xmlUrl" in o.attrib)
    assert [address for address, times in addresses.items() if times > 1] == []
    feeds = read_opml(WORLD)
    assert len(feeds) == len(addresses)
    assert {tag for feed in feeds for tag in feed.tags} == REGIONS
    assert [feed.url for feed in feeds if len(feed.tags) != 1] == []


def test_every_feed_has_a_name_a_language_and_a_home() -> None:
    assert [feed.url for feed in read_opml(WORLD) if not feed.name or not feed.language] == []
    outlines = [o for o in ElementTree.parse(WORLD).iter("outline") if "xmlUrl" in o.attrib]
    homes = [o.get("htmlUrl", "") for o in outlines]
    assert [home for home in homes if not home.startswith("https://")] == []
    assert {o.get("type") for o in outlines} == {"rss"}
