"""`dateline ingest`: files through the same stages, on both indexes, resumed after any end."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

import pipeline.ingest
import pipeline.ingest_files
import pipeline.settling
import transforms.write
from pipeline.commands.ingest import FORMATS
from pipeline.entry_outcomes import outcomes_of
from pipeline.ingest import Ingested, Ingestion
from pipeline.ingest_checkpoint import load_checkpoint
from pipeline.ingest_files import Format, SourceFile, format_of
from pipeline.ingest_report import seconds_left
from pipeline.settling import TRIES, Settling
from pipeline.stopping import StopRequest
from schemas.article import Sight
from schemas.config import Config
from schemas.entry import Entry
from schemas.errors import TransientError
from schemas.failure import Failure
from schemas.poll import Outcome, PollEntry
from tests.backends import opened
from tests.pipeline.dateline import ROOT, Dateline
from tests.pipeline.test_signals import wait_for
from tests.servers.feed_documents import Item, rss
from tests.transforms.pages.test_extraction import HEADLINE, PARAGRAPHS, page
from transforms.dead_letters import unreadable
from transforms.storage.writer import SightResult

FETCHED = "2026-03-02T08:00:00Z"


def line(number: int, **values: Any) -> dict[str, Any]:
    return {
        "url": f"https://paper.example/{number}",
        "title": f"N{number} & more",
        "text": f"Rain fell in Kenya.\n\nText {number}.",
        "published": "Sun, 01 Mar 2026 09:00:00 +0300",
        "fetched": FETCHED,
        **values,
    }


def write_lines(path: Path, *lines: dict[str, Any] | str) -> None:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in lines]
    data = ("\n".join(texts) + "\n").encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def archive(*pages: tuple[str, bytes, str, int], date: str = FETCHED) -> bytes:
    """Makes a compressed web archive of pages: address, body, content type, status."""
    out = io.BytesIO()
    for url, body, content_type, status in pages:
        http = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n\r\n".encode() + body
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:"
            f"{uuid.uuid4()}>\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        )
        out.write(gzip.compress(head.encode() + http + b"\r\n\r\n"))
    return out.getvalue()


@pytest.fixture
def installed(dateline: Dateline) -> Dateline:
    dateline.configure("https://paper.example/feed.xml")
    return dateline


def ingest(dateline: Dateline, *arguments: str, status: int = 0) -> str:
    options = ("--checkpoint", "progress.json")
    return dateline("ingest", *options, *arguments, status=status).stderr


def test_json_lines_become_documents(installed: Dateline) -> None:
    whole = line(
        1, html="<p>A <b>bold</b> text.</p><p>More.</p>", authors="Ada Example", language="en"
    )
    other = line(2, feed={"url": "https://wire.example/feed", "name": "Wire", "tags": ["t"]})
    write_lines(installed.folder / "articles.jsonl.gz", whole, other, line(3, unknown=[1]))
    said = ingest(installed, "articles.jsonl.gz")
    assert "done: 3 records, 3 new articles" in said
    by_title = {one["message"]: one for one in installed.articles()}
    first = by_title["N1 & more"]
    assert first["@timestamp"].startswith("2026-03-01T06:00:00")
    assert first["event"]["created"].startswith("2026-03-02T08:00:00")
    assert first["news"]["body"] == "A bold text.\n\nMore."
    assert first["news"]["authors"] == ["Ada Example"]
    assert first["news"]["feed"]["name"] == ["paper.example"]
    assert by_title["N2 & more"]["news"]["feed"]["name"] == ["Wire"]
    assert by_title["N2 & more"]["tags"] == ["t"]
    assert by_title["N3 & more"]["news"]["geo"]["country_iso_code"] == ["KE"]


def test_a_bad_line_costs_itself_alone(installed: Dateline) -> None:
    empty = json.dumps(line(9, title="", text="", url=""))
    early = json.dumps(line(8, fetched="0001-01-01T00:00:00+14:00"))
    bad = ['{"url": ', '{"title": "from nowhere"}', "[1]", empty, early]
    write_lines(installed.folder / "articles.jsonl", line(1), *bad, line(2))
    said = ingest(installed, "articles.jsonl", status=1)
    assert "2 new articles" in said
    assert "5 dead letters" in said
    for number in (2, 3, 4, 5, 6):
        assert f"a dead letter: articles.jsonl:{number}: " in said
    letters = installed.dead_letters()
    assert len(letters) == 5
    assert any("articles.jsonl:2" in letter["error"] for letter in letters)
    assert any("no http or https address" in letter["error"] for letter in letters)
    assert any("outside of the years 1 to 9999" in letter["error"] for letter in letters)
    assert not any("a defect" in letter["error"] for letter in letters)


def test_the_first_dead_letters_are_named_with_their_lines(installed: Dateline) -> None:
    long = line(2, title="T" * 20_000)
    write_lines(installed.folder / "articles.jsonl", line(1), long, *["junk"] * 12)
    said = ingest(installed, "articles.jsonl", status=1)
    assert "13 dead letters" in said
    assert said.count("a dead letter: articles.jsonl:") == 10
    assert said.count("more dead letters are not named here") == 1


def test_feed_files_and_what_is_none(installed: Dateline) -> None:
    (installed.folder / "feed.xml").write_bytes(
        rss([Item("g1", "https://paper.example/1", "N1"), Item("g2", "/2", "N2")])
    )
    (installed.folder / "note.txt").write_text("hello")
    feed = ("--url", "https://paper.example/feed.xml", "--fetched", "2026-03-02")
    said = ingest(installed, *feed, "feed.xml", "note.txt", "missing.xml", status=1)
    assert "2 new articles" in said
    assert "2 files failed" in said
    assert "missing.xml: cannot be read" in said
    found = {one["message"]: one for one in installed.articles()}
    assert found["N2"]["url"]["full"] == "https://paper.example/2"
    assert found["N1"]["news"]["feed"]["name"] == ["Feed 1"], "the configured feed's own name"
    assert found["N1"]["event"]["created"].startswith("2026-03-02T00:00:00")


NAMED = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="{}"/>'


def test_each_feed_file_is_the_feed_that_it_calls_itself(installed: Dateline) -> None:
    own = NAMED.format("https://paper.example/feed.xml")
    documents = {
        "own.xml": rss([Item("g1", "/1", "N1")], channel=own),
        "site.xml": rss([Item("g2", "/2", "N2")]).replace(b"paper.", b"valley."),
        "none.xml": rss([Item("g3", "/3", "N3")]).replace(b"https://paper.example", b""),
    }
    for name, document in documents.items():
        (installed.folder / name).write_bytes(document)
    parsed = installed("parse", "--config", "dateline.yaml", *documents).stdout
    ingest(installed, *documents)
    found = {one["message"]: one for one in installed.articles()}
    feeds = {title: (one["news"]["feed"]["url"], one["url"]) for title, one in found.items()}
    assert feeds["N1"][0] == ["https://paper.example/feed.xml"]
    assert feeds["N1"][1]["full"] == "https://paper.example/1"
    assert found["N1"]["news"]["feed"]["name"] == ["Feed 1"], "a configured feed"
    assert feeds["N2"][0] == ["https://valley.example/"]
    assert feeds["N2"][1]["full"] == "https://valley.example/2"
    assert feeds["N3"][0] == ["http://localhost/"]
    lines = [json.loads(line) for line in parsed.splitlines()]
    ids = {line["article"]["message"]: line["id"] for line in lines}
    assert [hit["id"] for hit in installed.search("N1")["hits"]] == [ids["N1"]]
    assert {line["article"]["news"]["feed"]["url"][0] for line in lines} == {
        url for (url,), _ in feeds.values()
    }


def test_a_files_own_time_does_not_tell_which_dates_are_to_come(installed: Dateline) -> None:
    published = datetime(2026, 3, 1, 9, tzinfo=UTC)
    (installed.folder / "feed.xml").write_bytes(rss([Item("g", "/1", "N1", published=published)]))
    unstated = line(2, published=published.isoformat(), fetched=None)
    stated = line(3, published=published.isoformat(), fetched="2020-01-01T00:00:00Z")
    write_lines(installed.folder / "a.jsonl", unstated, stated)
    for name in ("feed.xml", "a.jsonl"):
        os.utime(installed.folder / name, (0, 0))
    ingest(installed, "feed.xml", "a.jsonl")
    dates = {one["message"][:2]: one["@timestamp"][:10] for one in installed.articles()}
    assert dates == {"N1": "2026-03-01", "N2": "2026-03-01", "N3": "2020-01-01"}


def test_web_archives_give_their_articles(installed: Dateline) -> None:
    pages = [
        ("https://valley.example/rain", page(f"<title>{HEADLINE}</title>"), "text/html", 200),
        ("https://valley.example/pdf", b"%PDF", "application/pdf", 200),
        ("https://valley.example/gone", page(), "text/html", 404),
        ("https://valley.example/empty", b"<html></html>", "text/html", 200),
    ]
    (installed.folder / "news.warc.gz").write_bytes(archive(*pages))
    said = ingest(installed, "news.warc.gz")
    assert "done: 4 records, 1 new article, 3 without an article" in said
    (found,) = installed.articles()
    assert (found["message"], found["news"]["body"]) == (HEADLINE, "\n\n".join(PARAGRAPHS))
    assert found["news"]["feed"]["url"] == ["https://valley.example/"]
    assert found["event"]["created"].startswith("2026-03-02T08:00:00")


def test_a_damaged_file_is_named_and_the_others_go_on(installed: Dateline) -> None:
    page_of_one = ("https://valley.example/rain", page(f"<title>{HEADLINE}</title>"), "text/html")
    whole = {
        "feed.xml.gz": gzip.compress(rss([Item("g", "/1", "N")])),
        "lines.jsonl.gz": gzip.compress(json.dumps(line(1)).encode()),
        "news.warc.gz": archive((*page_of_one, 200)),
    }
    for name, data in whole.items():
        # A block of a kind that there is not, just behind the header.
        (installed.folder / name).write_bytes(data[:10] + b"\xff" * 8 + data[18:])
    (installed.folder / "short.jsonl.gz").write_bytes(whole["lines.jsonl.gz"][:-12])
    write_lines(installed.folder / "good.jsonl", line(2))
    said = ingest(installed, *whole, "short.jsonl.gz", "good.jsonl", status=1)
    assert "1 new article" in said
    assert "4 files failed" in said
    for name in (*whole, "short.jsonl.gz"):
        assert f"{name}: " in said, name


@pytest.mark.parametrize("form", ["jsonl", "warc"])
def test_a_defect_costs_one_record_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Format
) -> None:
    real = vars(pipeline.ingest_files)["recognise"]

    def defective(entries: Sequence[Entry], *rest: Any) -> Any:
        if "2" in entries[0].link:
            raise ZeroDivisionError("a digit too many")
        return real(entries, *rest)

    monkeypatch.setattr(pipeline.ingest_files, "recognise", defective)
    file = tmp_path / "a"
    if form == "jsonl":
        write_lines(file, *(line(n) for n in (1, 2, 3)))
    else:
        body = page(f"<title>{HEADLINE}</title>")
        pages = [(f"https://valley.example/{n}", body, "text/html", 200) for n in (1, 2, 3)]
        file.write_bytes(archive(*pages))
    records = list(SourceFile(str(file), form).records())
    assert [len(record.entries) for record in records] == [1, 0, 1]
    (letter,) = records[1].failures
    assert letter.error.startswith(f"{file}:2: ZeroDivisionError: a digit too many (a defect")
    assert HEADLINE in letter.input["raw"] or '"N2' in letter.input["raw"]


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_page_of_no_time_is_passed_over(tmp_path: Path, date: str) -> None:
    pages = archive(("https://valley.example/1", page(), "text/html", 200), date=date)
    (tmp_path / "a.warc").write_bytes(pages)
    (record,) = SourceFile(str(tmp_path / "a.warc"), "warc").records()
    assert record.skipped


def test_what_is_done_is_passed_over_and_again_doubles_nothing(installed: Dateline) -> None:
    write_lines(installed.folder / "articles.jsonl", line(1), line(2))
    ingest(installed, "articles.jsonl")
    assert "2 done before" in ingest(installed, "articles.jsonl")
    write_lines(installed.folder / "articles.jsonl", line(1), line(2), line(3))
    assert "1 new article" in ingest(installed, "articles.jsonl"), "a changed file is another one"
    (installed.folder / "progress.json").unlink()
    ingest(installed, "articles.jsonl")
    found = installed.articles()
    assert sorted(one["message"][:2] for one in found) == ["N1", "N2", "N3"]
    assert {one["news"]["revision"] for one in found} == {1}


def test_standard_input_needs_a_format(installed: Dateline) -> None:
    assert "give --format" in ingest(installed, "-", status=2)


def test_a_killed_ingestion_goes_on(installed: Dateline) -> None:
    count = 4_200
    write_lines(installed.folder / "articles.jsonl", *(line(n, text=f"T{n}") for n in range(count)))
    command = ["ingest", "--checkpoint", "p.json", "articles.jsonl"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", *command],
        cwd=installed.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(process, "records")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    done = installed(*command).stderr
    assert "done before" in done
    answer = installed.search("", "--size", "0")
    assert answer["total"] == count


class Unhurried(StopRequest):
    """Does not wait between tries."""

    def wait(self, seconds: float) -> bool:
        return bool(self)


def refuse(monkeypatch: pytest.MonkeyPatch, title: str, times: int) -> None:
    """Makes the index not take the articles of a title, for a number of tries."""
    real = vars(transforms.write)["write_sights"]

    def partly(index: Any, sights: Sequence[Sight], **options: Any) -> list[SightResult]:
        nonlocal times
        refused = [times > 0 and title in one.content.title for one in sights]
        times -= any(refused)
        taken = [one for one, not_now in zip(sights, refused, strict=True) if not not_now]
        results = iter(real(index, taken, **options))
        return [SightResult("transient", reason="full") if no else next(results) for no in refused]

    monkeypatch.setattr(transforms.write, "write_sights", partly)


def ingest_six(config: Config, tmp_path: Path) -> tuple[Ingested, list[Failure]]:
    """Ingests four good lines, one that cannot be read, and one that is over a limit."""
    write_lines(tmp_path / "a.jsonl", *(line(n) for n in range(4)), "[1]", line(4, title="x" * 50))
    config.limits.title_chars = 20
    with opened(config) as (_, store):
        files = [SourceFile(str(tmp_path / "a.jsonl"), "jsonl")]
        progress = tmp_path / "progress.json"
        done = Ingestion(config, files, checkpoint=progress, stop=Unhurried()).run()
        return done, list(store.failures())


def test_what_the_index_does_not_take_at_once_is_tried_again_and_counted_once(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "N3", times=2)
    done, letters = ingest_six(config, tmp_path)
    assert done.outcomes == {"written": 4, "created": 4, "dead_letter": 2}
    assert [letter.count for letter in letters] == [1, 1]
    assert (done.records, done.unavailable) == (6, "")


def test_what_the_index_never_takes_is_left_for_the_next_call(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "N3", times=TRIES)
    done, letters = ingest_six(config, tmp_path)
    assert done.outcomes == {"written": 3, "created": 3, "dead_letter": 2}
    assert [letter.count for letter in letters] == [1, 1]
    assert (done.records, done.unavailable) == (0, "1 entry could not be written: full")
    again, letters = ingest_six(config, tmp_path)
    assert again.outcomes == {"written": 1, "created": 1, "unchanged": 3, "dead_letter": 2}
    assert (again.records, again.passed_over) == (6, 0)
    assert [letter.count for letter in letters] == [2, 2]


def test_a_store_that_goes_away_midway_counts_no_letter_twice(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    letters = [unreadable("http://localhost/", f"a:{n}", "bad", "[1]", now, now) for n in range(50)]
    with opened(config) as (_, store):
        real, calls = store.put_failures, 0

        def away_once(part: Sequence[Failure]) -> None:
            nonlocal calls
            calls += 1
            if calls == 2:
                raise TransientError("away")
            real(part)

        monkeypatch.setattr(store, "put_failures", away_once)
        settling = Settling([], letters)
        settling.run(config, store, Unhurried())
        assert (settling.outcomes, settling.reason) == ({"dead_letter": 50}, "")
        assert [letter.count for letter in store.failures()] == [1] * 50


def test_small_files_are_made_safe_together_and_each_keeps_its_own_progress(
    config: Config,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    runs = []

    def counted(entries: Sequence[PollEntry], config: Config) -> list[Outcome]:
        runs.append(len(entries))
        return outcomes_of(entries, config)

    monkeypatch.setattr(pipeline.settling, "outcomes_of", counted)
    for name, number in (("a", 1), ("b", 2), ("c", 3)):
        bad = ["junk"] if name == "b" else []
        write_lines(tmp_path / f"{name}.jsonl", *bad, line(number))
    files = [SourceFile(str(tmp_path / f"{name}.jsonl"), "jsonl") for name in "abc"]
    progress = tmp_path / "progress.json"
    with opened(config):
        done = Ingestion(config, files, checkpoint=progress, stop=StopRequest()).run()
    assert (runs, done.records) == ([3], 4)
    assert f"a dead letter: {tmp_path / 'b.jsonl'}:1: " in caplog.text
    known = load_checkpoint(progress).files
    assert [known[str(tmp_path / f"{name}.jsonl")].records for name in "abc"] == [1, 2, 1]


def test_progress_that_cannot_be_kept_is_told_once_and_costs_no_article(
    config: Config, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_lines(tmp_path / "a.jsonl", line(1))
    write_lines(tmp_path / "b.jsonl", *(line(number) for number in range(2, 2_100)))
    files = [SourceFile(str(tmp_path / f"{name}.jsonl"), "jsonl") for name in "ba"]
    nowhere = Path("/dev/null/progress.json")
    with opened(config):
        done = Ingestion(config, files, checkpoint=nowhere, stop=StopRequest()).run()
    assert done.outcomes["created"] == 2_099
    assert caplog.text.count("/dev/null/progress.json: cannot be written") == 1


@pytest.mark.parametrize("stops_after", [1, 2, 3])
def test_a_stopped_ingestion_goes_on_where_it_stopped(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stops_after: int
) -> None:
    monkeypatch.setattr(pipeline.ingest, "ENTRIES_AT_ONCE", 2)
    write_lines(tmp_path / "a.jsonl", *(line(n) for n in range(5)))
    write_lines(tmp_path / "b.jsonl", *(line(n) for n in range(5, 8)))

    def files() -> list[SourceFile]:
        paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
        return [SourceFile(str(path), "jsonl", size=path.stat().st_size) for path in paths]

    stop = StopRequest()
    reports = 0

    def report(_done: Ingested) -> None:
        nonlocal reports
        reports += 1
        if reports == stops_after:
            stop.ask(signal.SIGTERM)

    with opened(config):
        pass
    progress = tmp_path / "progress.json"
    first = Ingestion(config, files(), checkpoint=progress, stop=stop, report=report).run()
    second = Ingestion(config, files(), checkpoint=progress, stop=StopRequest()).run()
    assert first.records + second.records == 8
    assert second.passed_over == first.records
    assert first.outcomes["written"] + second.outcomes["written"] == 8
    assert second.share == 1.0
    assert all(one.done for one in load_checkpoint(progress).files.values())


def test_the_time_left_is_that_of_the_bytes_left() -> None:
    assert seconds_left(10.0, 200, 600) == 30.0
    assert seconds_left(10.0, 0, 600) is None
    assert seconds_left(4.0, 200, 600) is None, "so short a time says little"


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.warc", "warc"),
        ("CC-NEWS-2026.warc.gz", "warc"),
        ("x.jsonl", "jsonl"),
        ("x.NDJSON.gz", "jsonl"),
        ("feed.xml", "feed"),
        ("feed", "feed"),
        ("feed.json", "feed"),
    ],
)
def test_formats_are_told_by_name(name: str, format: str) -> None:
    assert format_of(name) == format


def test_a_checkpoint_that_is_broken_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text("{")
    assert load_checkpoint(tmp_path / "p.json").files == {}
    assert datetime.now(UTC).tzinfo is UTC


def test_the_commands_formats_are_those_that_can_be_read() -> None:
    assert get_args(Format) == FORMATS
