"""One document of every format that is read, all with the same entry, and what it comes to."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime

RAIN = "https://paper.example/rain"
TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Document:
    """A document with one entry, and what it is to come to.

    Attributes:
        text: The entry's text, its full text where it has one.
        published: None where the format gives no date.
    """

    format: str
    body: str
    guid: str = ""
    text: str = "Streets & cellars are flooded."
    published: datetime | None = TEN
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    feed_title: str = "The Paper"
    content_type: str = "application/xml"


def atom03(entry: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed version="0.3" '
        'xmlns="http://purl.org/atom/ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xml:lang="en"><title>The Paper</title>'
        '<link rel="alternate" type="text/html" href="https://paper.example/"/>'
        "<tagline>All of it</tagline><modified>2026-03-01T11:00:00Z</modified><entry>"
        '<title mode="escaped" type="text/html">Rain &amp;amp; wind</title>'
        f'<link rel="alternate" type="text/html" href="{RAIN}"/><id>tag:paper.example,2026:1</id>'
        f"{entry}</entry></feed>"
    )


def rss(version: str, item: str, prolog: str = "", attributes: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{prolog}<rss version="{version}"{attributes}>'
        "<channel><title>The Paper</title><link>https://paper.example/</link>"
        "<description>All of it</description><language>en</language>"
        f"<item><title>Rain &amp;amp; wind</title><link>{RAIN}</link>{item}</item></channel></rss>"
    )


ATOM03_ID = "tag:paper.example,2026:1"
ESCAPED = "&lt;p&gt;Streets &amp;amp; cellars are flooded.&lt;/p&gt;"
MARKED_UP = "<p>Streets &amp;amp; cellars are flooded.</p>".replace("&amp;amp;", "&amp;")
ISSUED = "<issued>2026-03-01T10:00:00Z</issued>"
BASE64 = base64.b64encode(MARKED_UP.encode()).decode()
RDF_NAMESPACE = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
NETSCAPE_DTD = (
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd">'
)

DOCUMENTS = {
    "rss 0.90": Document(
        "rss090",
        f'<?xml version="1.0"?><rdf:RDF {RDF_NAMESPACE} '
        'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>The Paper</title>'
        "<link>https://paper.example/</link><description>All of it</description></channel>"
        f"<item><title>Rain &amp;amp; wind</title><link>{RAIN}</link></item></rdf:RDF>",
        text="",
        published=None,
    ),
    "rss 0.91 of Netscape": Document(
        "rss091u",
        rss("0.91", f"<description>{ESCAPED}</description>", NETSCAPE_DTD),
        published=None,
    ),
    "rss 0.91 of UserLand": Document(
        "rss091u",
        rss(
            "0.91",
            f"<description>{ESCAPED}</description><pubDate>Sun, 01 Mar 2026 10:00 GMT</pubDate>",
        ),
    ),
    "rss 0.92": Document(
        "rss092",
        rss(
            "0.92",
            f'<description>{ESCAPED}</description><category domain="x">weather</category>'
            '<source url="https://other.example/rss">Other</source>'
            '<enclosure url="https://paper.example/a.mp3" length="1" type="audio/mpeg"/>'
            "<pubDate>Sun, 01 Mar 2026 10:00:00 +0000</pubDate>",
        ),
        categories=["weather"],
    ),
    "rss 1.0": Document(
        "rss10",
        f'<?xml version="1.0"?><rdf:RDF {RDF_NAMESPACE} xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        '<channel rdf:about="https://paper.example/rss"><title>The Paper</title>'
        "<link>https://paper.example/</link><description>All of it</description>"
        f'<items><rdf:Seq><rdf:li rdf:resource="{RAIN}"/></rdf:Seq></items></channel>'
        f'<item rdf:about="{RAIN}"><title>Rain &amp;amp; wind</title><link>{RAIN}</link>'
        f"<description>Short</description><content:encoded>{ESCAPED}</content:encoded>"
        "<dc:date>2026-03-01T11:00:00+01:00</dc:date><dc:creator>A Reporter</dc:creator>"
        "<dc:subject>weather</dc:subject></item></rdf:RDF>",
        guid=RAIN,
        authors=["A Reporter"],
        categories=["weather"],
    ),
    "rss 2.0": Document(
        "rss20",
        rss(
            "2.0",
            f'<guid isPermaLink="false">g1</guid><description>{ESCAPED}</description>'
            "<category>weather</category><pubDate>Sun, 01 Mar 2026 05:00:00 EST</pubDate>"
            "<dc:creator>A Reporter</dc:creator>",
            attributes=' xmlns:dc="http://purl.org/dc/elements/1.1/"',
        ),
        guid="g1",
        authors=["A Reporter"],
        categories=["weather"],
    ),
    "atom 0.3, escaped, issued": Document(
        "atom03",
        atom03(
            f"{ISSUED}<modified>2026-03-01T11:00:00Z</modified>"
            "<author><name>A Reporter</name></author><dc:subject>weather</dc:subject>"
            '<summary type="text/plain">Short</summary>'
            f'<content type="text/html" mode="escaped">{ESCAPED}</content>'
        ),
        guid=ATOM03_ID,
        authors=["A Reporter"],
        categories=["weather"],
    ),
    "atom 0.3, XML, only modified": Document(
        "atom03",
        atom03(
            "<modified>2026-03-01T10:00:00Z</modified>"
            '<content type="application/xhtml+xml" mode="xml">'
            f'<div xmlns="http://www.w3.org/1999/xhtml">{MARKED_UP}</div></content>'
        ),
        guid=ATOM03_ID,
    ),
    "atom 0.3, base64, only created": Document(
        "atom03",
        atom03(
            "<created>2026-03-01T10:00:00Z</created>"
            f'<content type="text/html" mode="base64">{BASE64}</content>'
        ),
        guid=ATOM03_ID,
    ),
    "atom 0.3, plain text, created before modified": Document(
        "atom03",
        atom03(
            "<created>2026-03-01T10:00:00Z</created><modified>2026-03-01T12:00:00Z</modified>"
            "<content>Streets &amp; cellars are flooded.</content>"
        ),
        guid=ATOM03_ID,
    ),
    "atom 1.0": Document(
        "atom10",
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        "<title>The Paper</title><id>urn:paper</id><updated>2026-03-01T12:00:00Z</updated><entry>"
        f'<id>urn:1</id><title type="html">Rain &amp;amp; wind</title><link href="{RAIN}"/>'
        "<published>2026-03-01T10:00:00Z</published><updated>2026-03-01T12:00:00Z</updated>"
        "<author><name>A Reporter</name></author>"
        f'<category term="weather"/><content type="html">{ESCAPED}</content></entry></feed>',
        guid="urn:1",
        authors=["A Reporter"],
        categories=["weather"],
    ),
    "json feed 1.0": Document(
        "json1",
        '{"version": "https://jsonfeed.org/version/1", "title": "The Paper", "items": [{"id": 7, '
        f'"url": "{RAIN}", "title": "Rain & wind", "content_html": "{MARKED_UP}", '
        '"date_published": "2026-03-01T10:00:00Z", "author": {"name": "A Reporter"}, '
        '"tags": ["weather"]}]}',
        guid="7",
        authors=["A Reporter"],
        categories=["weather"],
        content_type="application/json",
    ),
    "json feed 1.1": Document(
        "json11",
        '{"version": "https://jsonfeed.org/version/1.1", "title": "The Paper", "language": "en", '
        f'"items": [{{"id": "7", "url": "{RAIN}", "title": "Rain & wind", '
        '"content_text": "Streets & cellars are flooded.", "tags": ["weather"], '
        '"date_published": "2026-03-01T10:00:00Z", "authors": [{"name": "A Reporter"}]}]}',
        guid="7",
        authors=["A Reporter"],
        categories=["weather"],
        content_type="application/feed+json",
    ),
    "news sitemap": Document(
        "newssitemap",
        '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="/sitemap.xsl"?>'
        "<!-- <rss> this is none --><urlset "
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        "<url><loc>https://paper.example/about</loc></url>"
        f"<url><loc>{RAIN}</loc><lastmod>2026-03-01T12:00:00Z</lastmod><news:news>"
        "<news:publication><news:name>The Paper</news:name><news:language>en</news:language>"
        "</news:publication><news:publication_date>2026-03-01T11:00:00+01:00"
        "</news:publication_date><news:title>Rain &amp; wind</news:title>"
        "<news:keywords>weather, floods</news:keywords></news:news>"
        "<image:image><image:loc>https://paper.example/rain.jpg</image:loc>"
        "<image:title>A street</image:title></image:image></url></urlset>",
        text="",
        categories=["weather", "floods"],
    ),
}
