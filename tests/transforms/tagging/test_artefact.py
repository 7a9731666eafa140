from pathlib import Path

import pytest

from schemas.errors import ConfigError
from transforms.tagging.gazetteer import artefact_path
from transforms.tagging.tagger import Tagger
from transforms.tagging.version import shipped_files, tagger_version

OURS = """\
entries:
  - {name: Zembla, type: GPE, country: DK, aliases: [Semberland], location: [55.0, 12.0]}
  - {name: Charles Kinbote, type: PERSON, aliases: [Charles the Beloved]}
"""


def test_processes_that_start_together_make_one_sound_file(
    compiled_together: tuple[Path, list[bytes]],
) -> None:
    folder, printed = compiled_together
    assert printed == [b"('Peru',)\n"] * 2
    assert [path.suffix for path in folder.iterdir()] == [".bin"]


def test_a_users_entries_are_found_and_a_damaged_file_is_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path))
    extra = tmp_path / "ours.yaml"
    extra.write_text(OURS)
    artefact_path(tagger_version([extra])).write_bytes(b"no gazetteer")
    tags = Tagger.load([extra]).tag("", "Charles the Beloved fled Semberland. Kinbote wrote.")
    assert "damaged" in capsys.readouterr().err
    assert tags.people == ("Charles Kinbote",)
    assert tags.places == ("Zembla",)
    assert tags.country_names == ("Denmark",)
    assert tags.version != tagger_version()


def test_the_version_follows_content_not_file_names(tmp_path: Path) -> None:
    one, two, other = tmp_path / "one.yaml", tmp_path / "two.yaml", tmp_path / "other.yaml"
    one.write_text(OURS)
    two.write_text(OURS)
    other.write_text(OURS.replace("Zembla", "Zemblya"))
    assert tagger_version([one]) == tagger_version([two]) != tagger_version([other])
    assert "jsonl.py" not in {path.name for path in shipped_files()}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("entries:\n  - {name: Zembla, type: PLACE}", "entry 1 ('Zembla'): type:"),
        ("entries:\n  - {name: Zembla, type: GPE, colour: red}", "colour: Extra inputs"),
        ("entries:\n  - {name: Zembla, type: GPE, acronym: ZB}", "only an ORG has an acronym"),
        ("entries:\n  - {name: Zembla, type: GPE, location: [95, 3]}", "location.0"),
        ("entries:\n  - {name: Zembla, type: GPE, aliases: ['']}", "two characters"),
        ("names: []", "under the key 'entries'"),
        ("entries: [", "cannot be read as YAML"),
    ],
)
def test_a_mistake_in_a_users_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, complaint: str
) -> None:
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path))
    extra = tmp_path / "ours.yaml"
    extra.write_text(content)
    with pytest.raises(ConfigError) as raised:
        Tagger.load([extra])
    assert str(extra) in str(raised.value)
    assert complaint in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        Tagger.load([tmp_path / "nowhere.yaml"])
