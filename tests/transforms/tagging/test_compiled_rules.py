"""The rules compiled to machine code, and what happens where they are not."""

import json
import os
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
import yaml

from transforms.tagging import compile_rules, compiled_rules
from transforms.tagging.compile_rules import CompileError
from transforms.tagging.compiled_rules import MODULES, PURE_PYTHON, compiled_folder

ITEMS = yaml.safe_load((Path(__file__).parent / "items.yaml").read_text(encoding="utf-8"))
WHERE = "import transforms.tagging.tagger as tagger; print(tagger.__file__)"
needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")


def run(*command: str, given: str = "", **environment: str) -> str:
    """Gives what a new process prints."""
    done = subprocess.run(
        [sys.executable, *command],
        input=given,
        env={**os.environ, PURE_PYTHON: "", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@needs_compiler
def test_compiled_rules_are_used_and_answer_alike() -> None:
    folder = compile_rules.compile_rules()
    assert str(folder) in run("-c", WHERE)
    assert run("-c", WHERE, **{PURE_PYTHON: "1"}).strip().endswith("tagger.py")
    given = "".join(
        json.dumps({"id": number, "title": item.get("title", ""), "text": item["text"]}) + "\n"
        for number, item in enumerate(ITEMS)
    )
    command = ("-m", "pipeline.cli", "tag")
    answers = run(*command, given=given)
    assert answers.count("\n") == len(ITEMS)
    assert answers == run(*command, given=given, **{PURE_PYTHON: "1"})


def test_all_that_a_document_passes_through_is_compiled() -> None:
    sources = {path.stem for path in Path(compiled_rules.__file__).parent.glob("*.py")}
    assert set(MODULES) <= sources
    others = sources - set(MODULES)
    assert others == {
        "__init__", "backends", "cache", "compile", "compile_rules", "compiled_rules", "compiler",
        "content", "curated", "explain", "explanation", "jsonl", "prior", "recognized",
        "recognizer", "shared", "spacy_recognizer", "version",
    }  # fmt: skip


def test_a_changed_rule_is_not_taken_from_what_an_older_one_was_compiled_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = compiled_folder()
    package = tmp_path / "tagging"
    shutil.copytree(
        Path(compiled_rules.__file__).parent, package, ignore=shutil.ignore_patterns("data")
    )
    with (package / "places.py").open("a") as file:
        file.write("# another rule\n")
    monkeypatch.setattr(compiled_rules, "_PACKAGE", package)
    assert compiled_folder() != before


def test_a_library_that_cannot_be_loaded_is_named_and_python_runs(tmp_path: Path) -> None:
    place = "from transforms.tagging.compiled_rules import compiled_folder as f; print(f())"
    folder = Path(run("-c", place, DATELINE_CACHE=str(tmp_path)).strip())
    folder.mkdir()
    (folder / f"dateline_rules__mypyc{EXTENSION_SUFFIXES[0]}").write_text("damaged")
    done = subprocess.run(
        [sys.executable, "-c", WHERE],
        env={**os.environ, "DATELINE_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().endswith("tagger.py")
    assert "cannot be loaded" in done.stderr


def test_without_a_compiler_the_error_says_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(CompileError, match="C compiler"):
        compile_rules.compile_rules()
    assert list(tmp_path.iterdir()) == []
