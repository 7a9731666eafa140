import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import COMMANDS, _parse, main
from pipeline.commands.demo import _say_what_next
from pipeline.commands.feeds import ACTIONS
from pipeline.configuration import load_config
from tests.pipeline.dateline import ROOT, Dateline
from tests.servers.feed_documents import Item, atom, json_feed, rss

HEAVY = ("apache_beam", "elasticsearch", "tantivy", "pydantic", "aiohttp", "feedparser")


def modules_after(*arguments: str) -> set[str]:
    """Gives what a command has imported when it ends."""
    program = (
        "import json, sys\nfrom pipeline.cli import main\n"
        f"try: main({list(arguments)!r})\nexcept SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_help_imports_nothing_heavy() -> None:
    assert not modules_after("--help").intersection(HEAVY)


def test_a_search_imports_no_beam_and_no_fetching(tmp_path: Path) -> None:
    config = tmp_path / "dateline.yaml"
    config.write_text("index: {url: 'embedded:./index'}")
    main(["setup", "--config", str(config)])
    loaded = modules_after("search", "--config", str(config), "rain")
    assert "tantivy" in loaded
    assert not loaded.intersection({"apache_beam", "elasticsearch", "aiohttp", "feedparser"})


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (["rain", "-floods"], "rain -floods"),
        (["-nations", "rain", "-vaccine", "-hunger", "-n5"], "-nations rain -vaccine -hunger"),
        (["rain", "--json", "-n", "5", "heavy", "-title:x"], "rain heavy -title:x"),
        (["rain -floods"], "rain -floods"),
        (["--", "-floods"], "-floods"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_search_leaves_out_words_without_quotes(arguments: list[str], query: str) -> None:
    args = _parse("search", arguments)
    assert " ".join(args.query).split() == query.split()
    assert args.size == (5 if "-n5" in arguments or "-n" in arguments else 10)


@pytest.mark.parametrize(("action", "takes"), ACTIONS.items())
def test_the_help_of_feeds_tells_every_action_with_what_it_takes(
    action: str, takes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["feeds", "--help"])
    usage = f"dateline feeds {action} {takes}".rstrip()
    assert f"{usage}  " in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: dateline {command}" in capsys.readouterr().out


def test_the_demo_says_which_configuration_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--help"])
    assert "configs/demo.yaml" in capsys.readouterr().out


def test_what_the_demo_says_to_type_next_holds_in_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _say_what_next("configs/demo.yaml", ["index.url=http://127.0.0.1:9200"])
    said = capsys.readouterr().out
    assert f"export DATELINE_CONFIG={tmp_path}/configs/demo.yaml\n" in said
    assert 'search "rain" --json --set index.url=http://127.0.0.1:9200\n' in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "usage: dateline"),
        (["serach"], "did you mean 'search'"),
        (["search", "rain"], "no configuration"),
        (["run", "--config", "missing.yaml"], "cannot be read"),
        (["run", "--set", "index.url=embedded:x"], "names no feeds"),
        (["run", "--due", "--set", "index.url=embedded:x"], "--due goes with --once"),
        (["search", "nonsense:x", "--set", "index.url=embedded:x"], "no searchable field"),
        (["search", "x", "--set", "index.url=embedded:missing"], "dateline run"),
        (["feeds", "import"], "takes one FILE"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_named_with_status_2(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err + (captured.out if not arguments else "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "--fancet"], "--fancet; did you mean --facet?"),
        (["run", "--onec"], "--onec; did you mean --once?"),
        (["run", "--runner=DirectRunner", "--onec"], "--onec; did you mean --once?"),
        (["run", "--streaming", "--runner=PrismRunner", "--plian"], "did you mean --plain?"),
        (["run", "--streaming", "--runner=PortableRunner", "--strcit"], "did you mean --strict?"),
        (["run", "--job_endpoint=localhost:8099"], "unrecognized arguments: --job_endpoint"),
        (["run", "--streaming", "--runner=PrismRunner", "--nonsense=1"], "--nonsense=1\n"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_unknown_option_is_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ["--runner=DirectRunner", "--direct_num_workers=2"],
        ["--streaming", "--runner=PortableRunner", "--job_endpoint=localhost:8099"],
        ["--streaming", "--runner=FlinkRunner", "--savepoint_path=file:///state/savepoint-1"],
        ["--streaming", "--runner=DataflowRunner", "--region=europe-west1"],
    ],
    ids=" ".join,
)
def test_beams_options_go_to_beam(options: list[str]) -> None:
    assert main(["run", *options, "--config", "missing.yaml"]) == 2  # for the configuration only


@pytest.mark.parametrize("arguments", [["feeds", "list"], ["parse", "feed.xml"], ["--help"]])
def test_a_full_disk_behind_standard_output_is_told(tmp_path: Path, arguments: list[str]) -> None:
    dateline = Dateline(tmp_path, {"url": "embedded:./index"})
    dateline.configure("https://one.example/feed")
    (tmp_path / "feed.xml").write_bytes(rss([item("One")]))
    with open("/dev/full", "w") as full:
        done = dateline(*arguments, status=1, stdout=full)
    said = "dateline: standard output cannot be written: No space left on device\n"
    assert done.stderr.endswith(said)


@pytest.mark.parametrize("options", [[], ["-v"]], ids=["", "verbose"])
def test_what_libraries_say_among_themselves_is_not_told(
    tmp_path: Path, options: list[str]
) -> None:
    dateline = Dateline(tmp_path, {"url": "http://127.0.0.1:9"})
    dateline.configure("http://127.0.0.1:9/")
    told = dateline("setup", *options, status=1).stderr
    assert told.startswith("dateline setup: Elasticsearch at http://127.0.0.1:9")
    dateline.index = {"url": "embedded:index"}
    dateline.configure("http://127.0.0.1:9/")
    assert "apitools" not in dateline("run", "--once", *options, status=1).stderr


def test_a_list_at_an_address_is_to_be_downloaded_first(tmp_path: Path) -> None:
    dateline = Dateline(tmp_path, {"url": "embedded:index"})
    dateline.configure()
    told = dateline("feeds", "import", "http://127.0.0.1:9/x.opml", status=2).stderr
    assert "download it first, `curl -o list.opml http://127.0.0.1:9/x.opml`" in told


def test_characters_that_the_terminal_lacks_fail_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    dateline = Dateline(tmp_path, {"url": "embedded:./index"})
    dateline.configure()
    config = "feeds: [{url: 'https://one.example/feed', name: 'Дневник é'}]"
    (tmp_path / "dateline.yaml").write_text(f"index: {{url: 'embedded:index'}}\n{config}")
    assert r"\u0414" in dateline("feeds", "list").stdout
    (feed,) = parsed_lines(dateline("feeds", "list", "--json").stdout)
    assert feed["name"] == "Дневник é"


@pytest.mark.parametrize("module", ["pipeline.cli", "pydantic"], ids=["first", "a command's"])
def test_ctrl_c_during_an_import_ends_quietly(tmp_path: Path, module: str) -> None:
    # What the system does with Ctrl-C while a module is loaded, at a chosen module.
    program = (
        "import os, signal, sys\n"
        # Shells start their background jobs with the signal ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "from pipeline.entry import main\n"
        "sys.argv = ['dateline', 'search', 'rain']\n"
        "sys.exit(main())\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environ, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (130, "")


def parsed_lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def item(title: str, link: str = "https://paper.example/1") -> Item:
    return Item(title, link, title, "<p>Text.</p>", published=datetime(2026, 3, 1, tzinfo=UTC))


def test_parse_shows_articles_and_errors_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_bytes(rss([item("One"), item("Two", "https://paper.example/2")]))
    bad.write_bytes(b"<html>no feed</html>")
    assert main(["parse", str(bad), str(good), str(tmp_path / "missing.xml")]) == 1
    lines = parsed_lines(capsys.readouterr().out)
    assert [set(line) for line in lines[:1]] == [{"file", "error"}]
    assert [line["article"]["message"] for line in lines[1:3]] == ["One", "Two"]
    assert {line["file"] for line in lines[1:3]} == {str(good)}
    assert "cannot be read" in str(lines[3]["error"])


def test_parse_gives_the_ids_that_an_ingest_gives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one.xml", tmp_path / "two.xml"
    one.write_bytes(rss([item("One")]))
    two.write_bytes(atom([item("Other words", "https://paper.example/1?utm_source=x")]))
    assert main(["parse", str(one), str(two)]) == 0
    first, second = parsed_lines(capsys.readouterr().out)
    assert first["id"] == second["id"]


def test_parse_resolves_links_against_the_given_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "feed.json"
    path.write_bytes(json_feed([item("One", "/news/1")]))
    assert main(["parse", "--url", "https://daily.example/feed", str(path)]) == 0
    (line,) = parsed_lines(capsys.readouterr().out)
    assert line["article"]["url"]["full"] == "https://daily.example/news/1"


def test_tag_answers_line_by_line_in_order(tmp_path: Path) -> None:
    lines = [
        {"id": 1, "title": "", "text": "Floods hit Kenya.", "language": "en", "domain": ""},
        "not an object",
        {"id": 3, "text": "Rain in Peru."},
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "tag"],
        input="\n".join(json.dumps(line) for line in lines) + "\n",
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 1
    first, second, third = parsed_lines(done.stdout)
    (mention,) = first["mentions"]
    assert (mention["start"], mention["end"], mention["name"]) == (11, 16, "Kenya")
    assert first["countries"] == [{"code": "KE", "share": 1.0, "focus": True}]
    assert set(second) == {"id", "error"}
    assert [country["code"] for country in third["countries"]] == ["PE"]


def test_addresses_may_stand_on_both_sides_of_an_option(tmp_path: Path) -> None:
    config_file = tmp_path / "dateline.yaml"
    config_file.write_text("")
    given = ["http://a.example/", "--config", str(config_file), "http://b.example/"]
    assert main(["feeds", "add", *given]) == 0
    assert [feed.url for feed in load_config(config_file).feeds] == [given[0], given[-1]]


def test_feeds_are_listed_exported_and_imported(tmp_path: Path) -> None:
    dateline = Dateline(tmp_path, {"url": "embedded:./index"})
    dateline.configure("https://one.example/feed")
    exported = dateline("feeds", "export").stdout.replace("one.example", "two.example")
    (tmp_path / "more.opml").write_text(exported)
    assert dateline("feeds", "import", "more.opml").stdout == "https://two.example/feed\n"
    listed = parsed_lines(dateline("feeds", "list", "--json").stdout)
    assert [feed["url"] for feed in listed] == [
        "https://one.example/feed",
        "https://two.example/feed",
    ]


def test_setup_says_what_it_changed_and_nothing_the_second_time(dateline: Dateline) -> None:
    dateline.configure("https://one.example/feed")
    promised = dateline("setup", "--dry-run").stdout
    assert promised
    assert dateline("setup").stdout.splitlines()
    assert "nothing changed" in dateline("setup").stdout


@pytest.mark.parametrize(
    ("part", "line", "said"),
    [
        ("tagger:\n  prior: none.json", 3, "tagger.prior: {folder}/none.json: the prior cannot"),
        ("tagger:\n  prior: bad.txt", 3, "tagger.prior: {folder}/bad.txt: the file: "),
        ("tagger:\n  data:\n  - none.yaml", 4, "tagger.data.0: {folder}/none.yaml: "),
        ("tagger:\n  data:\n  - bad.txt", 4, "tagger.data.0: {folder}/bad.txt: must hold a list"),
        ("tagger:\n  backends:\n    de: x", 4, "tagger.backends.de: 'x' is no backend"),
        ("tagger:\n  backends:\n    de: spacy:none", 4, "tagger.backends.de: spa"),
        ("http:\n  ca_file: bad.txt", 3, "http.ca_file: {folder}/bad.txt cannot be used"),
    ],
)
def test_a_mistake_in_what_a_key_names_is_told_with_file_line_and_key(
    tmp_path: Path, part: str, line: int, said: str
) -> None:
    dateline = Dateline(tmp_path, {})
    (tmp_path / "bad.txt").write_text("bad")
    feeds = "feeds: [{url: 'http://127.0.0.1:9/'}]"
    path = tmp_path / "dateline.yaml"
    path.write_text(f"index: {{url: 'embedded:index'}}\n{part}\n{feeds}")
    told = dateline("run", "--once", "--config", str(path), status=2).stderr
    assert f"dateline run: {path}:{line}: {said.format(folder=tmp_path)}" in told
    assert "Traceback" not in told


def test_a_mistake_in_what_an_option_names_is_told_with_the_option(tmp_path: Path) -> None:
    dateline = Dateline(tmp_path, {"url": "embedded:./index"})
    dateline.configure("http://127.0.0.1:9/")
    told = dateline("run", "--once", "--set", "tagger.prior=none.json", status=2).stderr
    assert "dateline run: --set tagger.prior=none.json: tagger.prior: none.json: " in told
    told = dateline("tag", "--prior", "none.json", status=2).stderr
    assert "dateline tag: none.json: the prior cannot be read" in told
