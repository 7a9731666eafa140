"""`dateline extract`: a line for each page, whatever the pages are."""

import json
from pathlib import Path

from tests.pipeline.dateline import Dateline
from tests.transforms.pages.test_extraction import HEADLINE, PARAGRAPHS, page


def test_each_file_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(page(f"<title>{HEADLINE}</title>"))
    (tmp_path / "bad.html").write_bytes(b"%PDF")
    run = Dateline(tmp_path, {})
    done = run("extract", "good.html", "bad.html", "missing.html", status=1)
    good, bad, missing = (json.loads(line) for line in done.stdout.splitlines())
    assert good == {
        "file": "good.html",
        "title": HEADLINE,
        "text": "\n\n".join(PARAGRAPHS),
        "published": None,
        "authors": [],
        "language": "en",
    }
    assert set(bad) == set(missing) == {"file", "error"}
    assert "not an HTML page" in bad["error"]
    assert "No such file" in missing["error"]
