from pathlib import Path

import pytest

from tests.servers.cached_parts import HarnessError
from tests.servers.prism import VARIABLE, prism


def test_a_missing_go_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_TEST_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(HarnessError, match=rf"apt-get install golang-go.*{VARIABLE}"):
        prism()


def test_a_given_program_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tmp_path / "prism"
    given.write_text("")
    given.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(given))
    assert prism() == given


def test_a_given_file_that_is_no_program_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none"))
    with pytest.raises(HarnessError, match="is no program"):
        prism()
