"""The house's rules on who may import whom (CONTRIBUTING.md), held by reading the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("schemas", "transforms", "pipeline")
# How models cross from worker to worker is Beam's too.
ALSO_OF_BEAM = {"coders", "stage_seconds"}
STAGES = {"due", "fetch", "parse", "normalize", "tag", "write", "commit", "subscribe"}


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


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_only_stages_and_the_pipeline_know_beam(name: str, path: Path) -> None:
    parts = name.split(".")
    if name.startswith("transforms.elasticsearchio"):
        return  # a transform of its own, that knows nothing of news
    if parts[0] == "pipeline" or (
        parts[0] == "transforms" and parts[1:] and parts[1] in {*STAGES, *ALSO_OF_BEAM}
    ):
        return
    assert not [i for i in imported_by(path) if i.split(".")[0] == "apache_beam"]


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_only_the_storage_room_knows_the_index_libraries(name: str, path: Path) -> None:
    if name.startswith(("transforms.storage", "transforms.elasticsearchio")):
        return
    libraries = {"elasticsearch", "elastic_transport", "tantivy", "sqlite3"}
    assert not libraries.intersection(i.split(".")[0] for i in imported_by(path))


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_a_stage_never_imports_another(stage: str) -> None:
    others = {f"transforms.{other}" for other in STAGES - {stage}}
    assert not others.intersection(imported_by(ROOT / "transforms" / f"{stage}.py"))


def test_the_rooms_have_no_module_called_utils() -> None:
    assert not [name for name, _ in MODULES if "util" in name]
