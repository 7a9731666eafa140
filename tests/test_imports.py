"""The house's rules on who may import whom (CONTRIBUTING.md), held by reading the sources.

What comes with an import of an import is held by importing.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("schemas", "transforms", "pipeline")
# How models cross from worker to worker is Beam's too.
ALSO_OF_BEAM = {"coders", "stage_seconds"}
STAGES = {"due", "fetch", "parse", "normalize", "tag", "write", "commit", "subscribe"}
# What `dateline search` loads, whichever index it asks.
SEARCH = (
    "pipeline.cli",
    "pipeline.commands.search",
    "pipeline.search",
    "transforms.storage.embedded.articles",
    "transforms.storage.elasticsearch.article_index",
)
# Says with which of the modules that it is given Beam came in.
_FIND_BEAM = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    if "apache_beam" in sys.modules:
        sys.exit(f"importing {name} imports apache_beam")
"""


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""


def modules() -> list[tuple[str, Path]]:
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found.append((name.removesuffix(".__init__"), path))
    return found


MODULES = modules()


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_imports_go_one_way(name: str, path: Path) -> None:
    room = name.split(".")[0]
    above = ROOMS[ROOMS.index(room) + 1 :]
    for imported in imported_by(path):
        assert imported.split(".")[0] not in above, f"{name} imports {imported} of a room above"


def knows_beam(name: str) -> bool:
    room, *rest = name.split(".")
    # The sink and source is a transform of its own, that knows nothing of news.
    stages = {*STAGES, *ALSO_OF_BEAM, "elasticsearchio"}
    return room == "pipeline" or (room == "transforms" and bool(stages.intersection(rest[:1])))


ENGINES = [(name, path) for name, path in MODULES if not knows_beam(name)]


@pytest.mark.parametrize(("name", "path"), ENGINES, ids=[name for name, _ in ENGINES])
def test_only_stages_and_the_pipeline_know_beam(name: str, path: Path) -> None:
    assert not [i for i in imported_by(path) if i.split(".")[0] == "apache_beam"]


@pytest.mark.parametrize(
    "names", [[name for name, _ in ENGINES], SEARCH], ids=["the engines", "search"]
)
def test_beam_does_not_come_by_the_way(names: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FIND_BEAM, *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_only_the_storage_room_knows_the_index_libraries(name: str, path: Path) -> None:
    libraries = {"elasticsearch", "elastic_transport", "tantivy", "sqlite3"}
    if name.startswith("transforms.storage"):
        return
    if name.startswith(("transforms.elasticsearchio", "transforms.elasticsearch_protocol")):
        libraries = {"tantivy", "sqlite3"}
    assert not libraries.intersection(i.split(".")[0] for i in imported_by(path))


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_a_stage_never_imports_another(stage: str) -> None:
    others = {f"transforms.{other}" for other in STAGES - {stage}}
    assert not others.intersection(imported_by(ROOT / "transforms" / f"{stage}.py"))


def test_the_rooms_have_no_module_called_utils() -> None:
    assert not [name for name, _ in MODULES if "util" in name]


@pytest.mark.parametrize(
    ("library", "place"),
    [
        ("feedparser", "transforms.feeds.feedparser_setup"),
        ("resiliparse", "transforms.text.html_parser"),
    ],
)
def test_threads_import_a_library_of_many_modules_in_one_place(library: str, place: str) -> None:
    """Two that begin with different modules of it can find one half made, and then a feed fails."""
    users = [
        name for name, path in MODULES if library in {i.split(".")[0] for i in imported_by(path)}
    ]
    assert users == [place]
