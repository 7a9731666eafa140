import os
from pathlib import Path

import pytest

from schemas.errors import ConfigError
from transforms.tagging.cache import UNUSED_SECONDS, artefact_path, cache_folder, remove_unused
from transforms.tagging.tagger import Tagger
from transforms.tagging.version import shipped_files, tagger_version

OURS = """\
entries:
  - {name: Zembla, type: GPE, country: DK, aliases: [Semberland], location: [55.0, 12.0]}
  - {name: Charles Kinbote, type: PERSON, aliases: [Charles the Beloved]}
  - {name: Karnali, type: ORG, country: NP}  # a division's name, which other languages name too
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
    assert Tagger.load([extra]).tag("", "He works for Karnali.").organizations == ("Karnali",)
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


def test_files_of_versions_long_unused_are_removed(tmp_path: Path) -> None:
    used, unused = tmp_path / "gazetteer-used.bin", tmp_path / "gazetteer-unused.bin"
    other = tmp_path / "other.bin"
    for path in (used, unused, other):
        path.write_bytes(b"")
        os.utime(path, (0, 0))
    os.utime(used, (UNUSED_SECONDS, UNUSED_SECONDS))
    remove_unused(tmp_path, "gazetteer-*.bin*", now=UNUSED_SECONDS + 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gazetteer-used.bin", "other.bin"]


def test_a_cache_folder_that_cannot_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(ConfigError, match="DATELINE_CACHE"):
        cache_folder()


def test_a_home_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("no folder")
    monkeypatch.delenv("DATELINE_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert cache_folder().parent == tmp_path
