"""`dateline prior`, from stored documents to a run that uses it, on both indexes."""

import json

from tests.pipeline.dateline import Dateline


def line(number: int, text: str) -> str:
    return json.dumps(
        {"url": f"https://paper.example/{number}", "title": f"N{number}", "text": text}
    )


def test_a_prior_of_stored_documents_is_used_by_runs_and_kept_in_documents(
    dateline: Dateline,
) -> None:
    dateline.configure("https://paper.example/feed.xml")
    known = [
        line(n, "Officials met in Coventry, England, and in Leeds, England.") for n in range(30)
    ]
    (dateline.folder / "old.jsonl").write_text("\n".join(known))
    dateline("ingest", "--checkpoint", "p.json", "old.jsonl")
    made = dateline("prior").stdout
    (dateline.folder / "prior.json").write_text(made)
    assert json.loads(made)["publishers"]["paper.example"]["countries"]["GB"] == 1.0
    ambiguous = line(99, "The mayor of Birmingham spoke.")
    (dateline.folder / "new.jsonl").write_text(ambiguous)
    dateline.configure("https://paper.example/feed.xml", tagger={"prior": "prior.json"})
    dateline("ingest", "--checkpoint", "p.json", "new.jsonl")
    (found,) = [one for one in dateline.articles() if one["message"] == "N99"]
    assert found["news"]["geo"]["country_iso_code"] == ["GB"]
    assert "+" in found["news"]["tagger"]["version"]
    said = dateline("reprocess").stdout
    assert "31 documents read, 30 tagged again" in said
