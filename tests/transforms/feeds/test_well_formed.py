"""The fast path gives what feedparser gives, or leaves the document to it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.entry import ParsedFeed
from schemas.errors import TerminalError
from transforms.feeds.comparison import compare_paths, differences
from transforms.feeds.parsing import parse_feed
from transforms.feeds.well_formed import read_well_formed

URL = "https://paper.example/feed"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "atom": "http://www.w3.org/2005/Atom",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "georss": "http://www.georss.org/georss",
        "x": "http://unknown.example/x",
    }.items()
)
ATOM = "http://www.w3.org/2005/Atom"


def rss(inner: str, head: str = "") -> bytes:
    return (
        f'<rss version="2.0" {NAMESPACES}><channel><title>Paper</title>{head}'
        f"<item>{inner}</item></channel></rss>"
    ).encode()


def atom(inner: str, head: str = "") -> bytes:
    return (
        f'<feed xmlns="{ATOM}" {NAMESPACES}><title>Paper</title>{head}<entry>{inner}</entry></feed>'
    ).encode()


def atom03(inner: str, head: str = "") -> bytes:
    body = atom(inner, head).replace(b"http://www.w3.org/2005/Atom", b"http://purl.org/atom/ns#")
    return body.replace(b"<feed", b'<feed version="0.3"', 1)


def rdf(inner: str) -> bytes:
    return (
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {NAMESPACES}><channel rdf:about="/"><title>P'
        f'</title></channel><item rdf:about="urn:1">{inner}</item></rdf:RDF>'
    ).encode()


@pytest.mark.parametrize(
    "body",
    [
        rss("<title>A &amp; b</title><link>/1?a&amp;b=2</link><pubDate>1 Mar 2026</pubDate>"),
        rss("<title>&lt;b&gt;A&lt;/b&gt;</title><guid isPermaLink='false'>g</guid>"),
        rss("<media:title>M</media:title><title>T</title><media:group><media:title>N"
            "</media:title><media:thumbnail url='i.jpg'/></media:group>"),
        rss("<dc:creator>a@b.example (A. Name)</dc:creator><author>B</author><category/>"
            "<category domain='d'>c</category><media:keywords>k, l</media:keywords>"),
        rss("<description>One</description><description>Two</description>"
            "<content:encoded><![CDATA[<p>Three</p>]]></content:encoded>"),
        rss("<content:encoded>C</content:encoded><description>D</description>"
            "<media:description>E</media:description>"),
        rss("<title>CafÃ© \x85</title><source url='/s'>S</source><title>U</title>"),
        rss("<title>T</title><enclosure url='/e.jpg' type='image/JPEG'/>",
            "<image><title>I</title><url>/i</url></image><language>en</language><ttl>9</ttl>"
            "<sy:updatePeriod>daily</sy:updatePeriod><itunes:summary>s</itunes:summary>"
            "<description>d</description>"),
        rss("<title xml:lang='de_AT'>T</title><x:thing a='1'><x:y>z</x:y></x:thing>"),
        rss("<link xml:base='http://b.example/c/'>d</link><guid>e</guid><title>T</title>"),
        atom("<id>urn:1</id><title type='html'>&lt;i&gt;T&lt;/i&gt;</title><link href='/1'/>"
             "<link rel='enclosure' type='image/png' href='/p.png'/><updated>2026-03-01</updated>"),
        atom("<title>T</title><author><name>A</name><email>a@b.example</email></author>"
             "<author><uri>/u</uri></author><x:other b='1'/><category term='c' label='d'/>"),
        atom("<title>T</title><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
             "<p class='q'>One &amp; <b>two</b></p></div></content><source><title>S</title>"
             "<id>i</id></source>"),
        rdf("<title>T</title><link>/1</link><dc:date>2026-03-01T10:00:00Z</dc:date>"),
    ],
    ids=[
        "rss", "html-title", "media", "people", "descriptions", "content", "repairs", "head",
        "scope", "base", "atom", "persons", "xhtml", "rdf",
    ],
)  # fmt: skip
def test_both_paths_read_the_same(body: bytes) -> None:
    assert read_well_formed(body, "") is not None
    parsed, found = compare_paths(body, url=URL)
    assert found == []
    assert not isinstance(parsed, TerminalError)
    assert len(parsed.entries) == 1


@pytest.mark.parametrize(
    "body",
    [
        rss("<title>T</title>")[:-3],
        rss("<title>T <b>bold</b></title>"),
        rss("<title>T</title>").replace(b"<item>", b"<item><item></item>"),
        rss("<title>T</title><links>x</links>"),
        rss("<title>T</title>").replace(b'xmlns:dc="', b'xmlns:dc="http://search.yahoo.com/mrss/#'),
        b'<!DOCTYPE rss [<!ENTITY a "b">]>' + rss("<title>&a;</title>"),
        rss("<title>T</title>" + "<x:a>" * 100 + "</x:a>" * 100),
        atom("<content type='image/png'>AAAA</content>"),
        b"<rss><channel/></rss>",
    ],
    ids=["cut", "markup", "nested-item", "key", "prefix", "doctype", "deep", "base64", "empty"],
)
def test_what_is_unusual_is_left_to_feedparser(body: bytes) -> None:
    if b"#http" in body:
        body = body.replace(b"#http://purl.org/dc/elements/1.1/", b"")
    assert read_well_formed(body, "") is None
    assert compare_paths(body, url=URL)[1] == []


@pytest.mark.parametrize(
    ("content_type", "encoding", "declared"),
    [
        ("application/xml; charset=windows-1252", "cp1252", "utf-8"),
        ("text/xml", "utf-8", "utf-8"),
        ("text/html; charset=UTF-8", "utf-8", ""),
        ("", "iso-8859-2", "iso-8859-2"),
        ("", "cp1252", "utf-8"),
    ],
)
def test_charsets_are_told_alike(content_type: str, encoding: str, declared: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = (
        prolog
        + rss("<title>Žluť – é</title>" if "2" in declared else "<title>é “q”</title>").decode()
    )
    body = text.encode(encoding, "xmlcharrefreplace")
    assert compare_paths(body, url=URL, content_type=content_type)[1] == []


def test_differences_are_named() -> None:
    one = parse_feed(rss("<title>T</title>"), url=URL)
    other = one.model_copy(deep=True)
    other.entries[0].title = "U"
    other.language = "de"
    assert [(d.position, d.field, d.fast, d.safe) for d in differences(one, other)] == [
        (None, "language", "''", "'de'"),
        (0, "title", "'T'", "'U'"),
    ]
    other.entries.clear()
    assert ("entries", "1", "0") in [(d.field, d.fast, d.safe) for d in differences(one, other)]


NAMES = [
    "title", "link", "guid", "description", "summary", "content", "content:encoded", "pubDate",
    "updated", "dc:date", "dc:title", "dc:creator", "dc:subject", "author", "category", "ttl",
    "media:keywords", "media:content", "media:thumbnail", "media:group", "media:title", "name",
    "media:description", "itunes:author", "itunes:summary", "itunes:image", "enclosure", "source",
    "atom:link", "atom:author", "x:foo", "x:title", "language", "dcterms:issued", "foo",
    "created", "dcterms:created", "issued", "modified",
]  # fmt: skip
ATTRIBUTES = {
    "mode": ["escaped", "xml", "base64"],
    "type": ["html", "text", "xhtml", "text/html", "TEXT"],
    "rel": ["alternate", "self", ""],
    "href": ["http://a.example/1", "/r", "", "http:///x"],
    "url": ["http://a.example/i.jpg", ""],
    "isPermaLink": ["true", "false"],
    "term": ["t", ""],
    "label": ["l"],
    "xml:lang": ["de", "en_US", ""],
    "xml:base": ["http://b.example/x/"],
    "x:type": ["html"],
}
TEXTS = [
    "", " ", "plain", "a &amp; b", "&lt;p&gt;para&lt;/p&gt;", "<![CDATA[<b>x</b> y]]>", "Café",
    "CafÃ©", "\x85dots\x92", "Sun, 01 Mar 2026 10:00:00 GMT", "2026-03-01T10:00:00+01:00",
    "a@b.example (Name)", "http://a.example/?x&amp;amp;y=2", "one, two", "<!-- c -->text", "漢字",
    "<p>in <b>line</b></p>", "<name>N</name><email>n@b.example</email>", "<uri>/u</uri>",
]  # fmt: skip


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(st.sampled_from(NAMES))
    keys = draw(st.lists(st.sampled_from(sorted(ATTRIBUTES)), max_size=2, unique=True))
    given_ = "".join(f' {key}="{draw(st.sampled_from(ATTRIBUTES[key]))}"' for key in keys)
    if depth < 2 and draw(st.integers(0, 9)) == 0:
        inner = "".join(draw(st.lists(elements(depth + 1), max_size=3)))
    else:
        inner = draw(st.sampled_from(TEXTS))
    return f"<{name}{given_}>{inner}</{name}>"


@given(
    st.sampled_from([rss, atom, atom03]),
    st.lists(elements(), max_size=2),
    st.lists(elements(), min_size=1, max_size=7),
)
@settings(max_examples=300, deadline=None)
def test_no_combination_of_elements_is_read_otherwise(
    make: type[bytes], head: list[str], inner: list[str]
) -> None:
    assert compare_paths(make("".join(inner), "".join(head)), url=URL)[1] == []


def test_an_unclosed_quote_in_a_text_costs_no_entry() -> None:
    text = "<![CDATA[<a href='/cut off " + "word " * 1200 + "]]>"
    items = [f"<item><title>N{n}</title><description>{text}</description></item>" for n in range(4)]
    body = f'<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'.encode()
    safe, differences = compare_paths(body, url="https://paper.example/")
    assert differences == []
    assert isinstance(safe, ParsedFeed)
    assert [entry.title for entry in safe.entries] == ["N0", "N1", "N2", "N3"]
