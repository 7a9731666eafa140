"""Hostile feeds: each must end within 5 s of CPU and 500 MB, with entries or a clear error.

    python -m benchmarks.hostile

Each document is parsed and normalised in a process of its own; the exit code is 1 where a bound is
broken. The documents are made here, at full size; the tests take smaller ones from the same makers.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

CPU_SECONDS = 5.0
MEGABYTES = 500
URL = "http://paper.example/feed"
RDF_MEDIA = "http://search.yahoo.com/mrss/"


def rss(inner: str, prolog: str = "") -> bytes:
    return (
        f'{prolog}<rss version="2.0"><channel><title>Paper</title><item><title>Rain</title>{inner}'
        "</item></channel></rss>"
    ).encode()


def described(text: str) -> bytes:
    return rss(f"<description>{text}</description>")


def sitemap(inner: str) -> bytes:
    return (
        f'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{inner}</urlset>'
    ).encode()


def entity_bomb(size: int) -> bytes:
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom" * 10}">' for n in range(size)
    )
    return rss(f"<description>&e{size - 1};</description>", f"<!DOCTYPE rss [{entities}]>")


def external_entity(size: int) -> bytes:
    entities = "".join(f'<!ENTITY x{n} SYSTEM "file:///etc/passwd">' for n in range(size))
    return rss("<description>&x0;</description>", f"<!DOCTYPE rss [{entities}]>")


def quadratic_entity(size: int) -> bytes:
    prolog = f'<!DOCTYPE rss [<!ENTITY a "{"x" * size}">]>'
    return rss(f"<description>{'&a;' * size}</description>", prolog)


def many_attributes(size: int) -> str:
    return " ".join(f'a{n}="1"' for n in range(size))


# Name: how to make it, and its full size.
DOCUMENTS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "entity bomb": (entity_bomb, 12),
    "external entities": (external_entity, 1000),
    "quadratic entity": (quadratic_entity, 50_000),
    "blanks in a style": (lambda n: described(f'&lt;p style="{" " * n}"&gt;x&lt;/p&gt;'), 400_000),
    "nested tags": (lambda n: described("<b>" * n + "x" + "</b>" * n), 200_000),
    "nested tags, unclosed": (lambda n: described("<b>" * n), 200_000),
    "nested tags, escaped": (lambda n: described("&lt;b&gt;" * n), 200_000),
    "nested links and paragraphs": (
        lambda n: described("&lt;b&gt;&lt;a href=x&gt;&lt;p&gt;" * n),
        30_000,
    ),
    "nested items": (lambda n: b'<rss version="2.0"><channel>' + b"<item>" * n, 200_000),
    "nested media groups": (
        lambda n: rss(f'<media:group xmlns:media="{RDF_MEDIA}">' * n),
        20_000,
    ),
    "only spaces": (lambda n: b" " * n, 50_000_000),
    "spaces in a text": (lambda n: described("a" + " " * n + "b"), 50_000_000),
    "lines in a title": (lambda n: rss("").replace(b"Rain", b"a" + b" \n" * n + b"b"), 2_000_000),
    "only <": (lambda n: b"<" * n, 1_000_000),
    "< in a title": (lambda n: b"<rss><channel><item><title>" + b"<" * n, 1_000_000),
    "< in a text": (lambda n: described(f"<![CDATA[{'<' * n}]]>"), 1_000_000),
    "& in a text": (lambda n: described(f"<![CDATA[{'&' * n}]]>"), 1_000_000),
    "unknown entities": (lambda n: described("&foo;" * n), 200_000),
    "a PDF": (lambda n: b"%PDF-1.7\n" + b"\x00\xff" * n, 5_000_000),
    "an HTML page": (lambda n: b"<!doctype html><html><head>" + b"<a>" * n, 1_000_000),
    "deep JSON": (lambda n: b"[" * n, 5_000_000),
    "deep JSON in a feed": (
        lambda n: b'{"version":"https://jsonfeed.org/version/1","items":' + b'[{"a":' * n,
        1_000_000,
    ),
    "attributes": (lambda n: rss(f"<x {many_attributes(n)}/>"), 100_000),
    "attributes, broken XML": (lambda n: rss(f"<x {many_attributes(n)}/>")[:-20], 100_000),
    "attributes in HTML": (
        lambda n: described(f"&lt;p {many_attributes(n)}&gt;x&lt;/p&gt;"),
        100_000,
    ),
    "combining marks in a title": (
        lambda n: rss("").replace(b"Rain", ("a" + "\u0300\u0323" * (n // 4)).encode()),
        1_000_000,
    ),
    "combining marks by reference": (
        lambda n: described("a" + "&#768;&#803;" * (n // 12)),
        1_000_000,
    ),
    "bytes of no charset": (
        lambda n: rss("<description>@</description>").replace(b"@", b"\x92a" * n),
        7_000_000,
    ),
    "sitemap of CDATA that never ends": (lambda n: sitemap("<![CDATA[" * n), 1_000_000),
    "sitemap of ampersands": (lambda n: sitemap("&" * n), 10_000_000),
    "sitemap, nested": (lambda n: sitemap("<url>" * n), 1_000_000),
    "sitemap of comments": (lambda n: b"<!-- " * n + sitemap(""), 2_000_000),
    "sitemap, entity bomb": (
        lambda n: (
            entity_bomb(n).replace(b"DOCTYPE rss", b"DOCTYPE urlset").replace(b"rss", b"urlset")
        ),
        12,
    ),
    "sitemap of articles": (lambda n: sitemap("<url><n:news/></url>" * n), 500_000),
    "entries": (lambda n: b'<rss version="2.0"><channel>' + b"<item/>" * n, 1_000_000),
    "categories": (
        lambda n: rss("".join(f"<category>c{i}</category>" for i in range(n))),
        100_000,
    ),
    "categories, broken XML": (
        lambda n: rss("".join(f"<category>c{i}</category>" for i in range(n)))[:-20],
        100_000,
    ),
    "keywords": (
        lambda n: rss(
            f'<media:keywords xmlns:media="{RDF_MEDIA}">'
            f"{','.join(map(str, range(n)))}</media:keywords>"
        ),
        100_000,
    ),
    "links": (lambda n: rss("<link>http://a.example/</link>" * n), 200_000),
    "authors": (lambda n: rss("<author>a@b.example</author>" * n), 100_000),
    "a long address": (lambda n: rss(f"<author>a@{'a.' * n}!</author>"), 500_000),
    "a long path": (lambda n: rss(f"<link>http://a.example/{'a/../' * n}</link>"), 1_000_000),
    "a long date": (lambda n: rss(f"<pubDate>{'1 ' * n}</pubDate>"), 2_000_000),
    "comments": (lambda n: b"<!--x-->" * n + rss(""), 1_000_000),
    "open comments": (lambda n: rss("<!--" * n), 300_000),
    "CDATA sections": (lambda n: described("<![CDATA[x]]>" * n), 300_000),
    "open CDATA sections": (lambda n: rss("<![CDATA[" * n), 200_000),
    "charsets in a declaration": (
        lambda n: b"<?x " + b"encoding='a' " * n + rss("", "<?y ?>"),
        100_000,
    ),
    "processing instructions": (lambda n: b"<?" * n + rss(""), 500_000),
    "NULs": (lambda n: b"<rss><channel><item><title>" + b"\0" * n, 10_000_000),
    "invisible characters": (lambda n: described("\u202e\u200b" * n), 200_000),
    "UTF-16 blanks": (
        lambda n: ("<rss><channel>" + " " * n + "</channel></rss>").encode("utf-16"),
        7_000_000,
    ),
}


def outcome(body: bytes) -> str:
    """Parses and normalises a document; gives what came of it in a few words."""
    from schemas.article import Sight
    from schemas.config import LimitsConfig
    from schemas.errors import DatelineError
    from schemas.feed import Feed
    from transforms.feeds.articles import articles_of

    now = datetime(2026, 3, 1, tzinfo=UTC)
    try:
        found = list(articles_of(body, URL, "", Feed(url=URL), now, LimitsConfig()))
    except DatelineError as error:
        return f"error: {str(error)[:90]}"
    articles = sum(isinstance(item, Sight) for item in found)
    reasons = [f"; {item.reason[:80]}" for item in found if not isinstance(item, Sight)]
    return f"{articles} articles, {len(found) - articles} unreadable{''.join(reasons[:1])}"


def main() -> int:
    parser = argparse.ArgumentParser(description="hostile feeds within their bounds")
    parser.add_argument(
        "name", nargs="?", choices=list(DOCUMENTS), help="one only, in this process"
    )
    name = parser.parse_args().name
    if name is None:
        print(f"{'document':30} {'CPU s':>6} {'MB':>5}  outcome")
        command = [sys.executable, "-m", "benchmarks.hostile"]
        return max(subprocess.run([*command, each]).returncode for each in DOCUMENTS)
    make, size = DOCUMENTS[name]
    body = make(size)
    # A process that would not end is ended by the system.
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    start = time.process_time()
    text = outcome(body)
    cpu = time.process_time() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    broken = cpu > CPU_SECONDS or megabytes > MEGABYTES
    mark = "  BROKEN" if broken else ""
    print(f"{name:30} {cpu:6.2f} {megabytes:5.0f}  {text}{mark}", flush=True)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
