"""Feed documents of every format to entries, faults included."""

import json

import pytest

from schemas.entry import Entry, ParsedFeed
from schemas.errors import TerminalError
from transforms.feeds.parsing import Path, parse_feed

URL = "https://paper.example/feeds/main.xml"


def parse(text: str | bytes, content_type: str = "") -> ParsedFeed:
    body = text if isinstance(text, bytes) else text.encode()
    return parse_feed(body, url=URL, content_type=content_type)


def only(text: str | bytes, content_type: str = "") -> Entry:
    (entry,) = parse(text, content_type).entries
    return entry


def rss(item: str, head: str = "", version: str = "2.0", prolog: str = "") -> str:
    return (
        f'{prolog}<rss version="{version}" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Paper</title>{head}'
        f"<item>{item}</item></channel></rss>"
    )


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Paper</title>
<entry><id>urn:1</id><title type="html">Rain &amp;amp; wind</title><link href="/a/1"/>
<updated>2026-03-01T10:00:00+01:00</updated><author><name>Our Reporter</name></author>
<summary>Short</summary><content type="html">&lt;p&gt;Long text&lt;/p&gt;</content>
<category term="weather"/></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://paper.example/">
<title>Paper</title><link>https://paper.example/</link></channel>
<item rdf:about="https://paper.example/a/1"><title>Rain</title>
<link>https://paper.example/a/1</link><dc:date>2026-03-01T10:00:00Z</dc:date></item></rdf:RDF>"""


@pytest.mark.parametrize("version", ["0.91", "0.92", "2.0"])
def test_rss(version: str) -> None:
    parsed = parse(
        rss(
            "<title>Rain</title><link>https://paper.example/a/1</link><guid>g1</guid>"
            "<description>&lt;p&gt;Short&lt;/p&gt;</description><category>weather</category>"
            "<content:encoded><![CDATA[<p>Long text</p>]]></content:encoded>"
            "<dc:creator>Our Reporter</dc:creator><pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate>",
            head="<ttl>15</ttl><language>en-gb</language>",
            version=version,
        )
    )
    (entry,) = parsed.entries
    assert (parsed.title, parsed.language, parsed.ttl_minutes) == ("Paper", "en-gb", 15)
    assert (entry.guid, entry.title, entry.link) == ("g1", "Rain", "https://paper.example/a/1")
    assert (entry.summary, entry.content) == ("<p>Short</p>", "<p>Long text</p>")
    assert (entry.authors, entry.categories) == (["Our Reporter"], ["weather"])
    assert entry.published == "Sun, 01 Mar 2026 10:00:00 GMT"
    assert entry.published_parsed is not None


def test_atom() -> None:
    entry = only(ATOM)
    assert (entry.guid, entry.link, entry.language) == ("urn:1", "/a/1", "de")
    assert (entry.title, entry.content) == ("Rain &amp; wind", "<p>Long text</p>")
    assert (entry.authors, entry.categories) == (["Our Reporter"], ["weather"])
    assert (entry.published, entry.updated) == ("", "2026-03-01T10:00:00+01:00")


def test_rdf() -> None:
    entry = only(RDF)
    assert (entry.title, entry.link) == ("Rain", "https://paper.example/a/1")
    assert entry.published_parsed is not None or entry.updated_parsed is not None


@pytest.mark.parametrize("version", ["1", "1.1"])
def test_json_feed(version: str) -> None:
    feed = {
        "version": f"https://jsonfeed.org/version/{version}",
        "title": "Paper",
        "items": [
            {"id": 7, "url": "/a/7", "title": "A < B", "content_text": "One\n\nTwo"},
            "no object",
            {"id": "8", "content_html": "<p>x</p>", "author": {"name": "Our Reporter"}},
        ],
    }
    parsed = parse(json.dumps(feed))
    assert [entry.guid for entry in parsed.entries] == ["7", "8"]
    assert (parsed.entries[0].title, parsed.entries[0].content) == ("A &lt; B", "One<br><br>Two")
    assert parsed.entries[1].authors == ["Our Reporter"]
    (error,) = parsed.errors
    assert (error.position, "a string, an object is wanted" in error.reason) == (1, True)


def test_a_json_feed_of_more_items_than_any_feed_has_is_refused() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [0] * 20_001}
    with pytest.raises(TerminalError, match="holds 20001 items, more than 20000: split it"):
        parse(json.dumps(feed))


@pytest.mark.parametrize(
    ("expired", "minutes"), [(True, 525_600), (False, None), ("yes", None)], ids=str
)
def test_a_json_feed_that_has_expired_asks_to_be_read_once_a_year(
    expired: object, minutes: float | None
) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [], "expired": expired}
    assert parse(json.dumps(feed)).ttl_minutes == minutes


TITLE = "<title>Café “Öl” – naïve</title>"


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", "", ""),
        ("utf-8-sig", "", "text/xml"),
        ("cp1252", "windows-1252", ""),
        ("cp1252", "", "application/xml; charset=windows-1252"),
        ("cp1252", "iso-8859-1", ""),
        ("cp1252", "utf-8", ""),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "utf-16", "application/rss+xml"),
        ("utf-32", "", ""),
    ],
)
def test_charsets(encoding: str, declared: str, content_type: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    assert only(rss(TITLE, prolog=prolog).encode(encoding), content_type).title == TITLE[7:-8]


def test_an_entity_bomb_is_defused() -> None:
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom" * 10}">' for n in range(12)
    )
    entry = only(rss("<title>T &e11;</title>", prolog=f"<!DOCTYPE rss [{entities}]>"))
    assert entry.title.startswith("T")
    assert len(entry.title) < 100


def test_an_external_entity_is_not_read() -> None:
    prolog = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert "root:" not in only(rss("<title>T &x;</title>", prolog=prolog)).title


def test_a_harmless_doctype_is_kept_working() -> None:
    prolog = '<!DOCTYPE rss [<!ENTITY deg "&#176;">]>'
    assert only(rss("<title>30 &deg;C</title>", prolog=prolog)).title == "30 °C"


@pytest.mark.parametrize(
    "broken",
    [
        rss("<title>Rain</title><link>https://paper.example/1</link>")[:-25],
        rss("<title>Rain</title><description>a & b &nbsp; c</description>"),
        rss("<title>Rain</title><description><b>x</description>"),
        "\n\n  " + rss("<title>Rain</title>", prolog='<?xml version="1.0"?>'),
    ],
    ids=["cut", "bare ampersand", "unclosed tag", "blanks before the declaration"],
)
def test_damaged_xml_still_gives_its_entries(broken: str) -> None:
    assert only(broken).title == "Rain"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is empty"),
        (b"  \n", "the body is empty"),
        (b"<!doctype html><html><body>Hello</body></html>", "an HTML page"),
        (b"<opml version='2.0'><head/><body><outline xmlUrl='x'/></body></opml>", "OPML list"),
        (b"<?xml version='1.0'?><urlset></urlset>", "sitemap of 0 pages"),
        (b'{"data": []}', "JSON but no feed"),
        (b"[1]", "its top is a list"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": 3}', "not a list"),
        (b'{"a": ', "looks like JSON but is not"),
        (b"[" * 200_000, "JSON"),
        (b"%PDF-1.7", "a PDF document"),
        (b"Moved to another place", "starts with 'Moved to"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(TerminalError, match="feed") as raised:
        parse(body)
    assert reason in str(raised.value)


@pytest.mark.parametrize("path", ["fast", "safe"])
@pytest.mark.parametrize(
    ("inner", "summary", "content"),
    [
        ("<description>The news.</description>{}", "The news.", ""),
        ("{}<description>The news.</description>", "The news.", ""),
        (
            "{}<description>The news.</description><content:encoded>All of it.</content:encoded>",
            "The news.",
            "All of it.",
        ),
        ("{}<content:encoded>All of it.</content:encoded>", "All of it.", "All of it."),
        ("{}", "A bridge", ""),
    ],
    ids=["behind", "before", "before_both", "before_full_text", "alone"],
)
def test_a_pictures_description_is_the_text_only_where_there_is_no_other(
    inner: str, summary: str, content: str, path: Path
) -> None:
    caption = (
        '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="/a.jpg" medium="image">'
        "<media:description>A bridge</media:description></media:content>"
    )
    body = rss(f"<title>T</title>{inner.format(caption)}").encode()
    (entry,) = parse_feed(body, url=URL, path=path).entries
    assert (entry.summary, entry.content) == (summary, content)


def test_an_empty_feed_is_a_feed() -> None:
    assert parse('<rss version="2.0"><channel><title>T</title></channel></rss>').entries == []


def test_relative_links_start_from_xml_base() -> None:
    atom = ATOM.replace("<entry>", '<entry xml:base="https://other.example/x/">')
    assert only(atom).base_url == "https://other.example/x/"
    assert only(ATOM).base_url == URL


@pytest.mark.parametrize(
    "prolog",
    ["<!DOCTYPE rss [" + "<!--" * 200_000, "<!DOCTYPE rss [" + "'\"" * 200_000, "<!--x-->" * 900],
    ids=["open comments", "quotes", "comments"],
)
def test_a_hostile_prolog_costs_no_time(prolog: str) -> None:
    body = rss("<title>Rain</title>", prolog=prolog)
    try:
        found = len(parse(body).entries)
    except TerminalError:
        found = 0
    assert found <= 1
