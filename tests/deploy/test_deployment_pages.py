"""Every command of the pages for putting it into service: its options and files exist."""

import json
import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

import pytest

from tests.deploy.commands import parsed
from tests.deploy.image_recipe import ROOT
from transforms.storage.elasticsearch.names import Names

PAGES = ("docs/deployment.md", "docs/streaming.md", "docs/operations.md")
# Programs of others, whose options are not ours to check.
OTHERS = {
    *("curl", "cp", "docker", "gcloud", "go", "install", "kubectl", "python", "python3", "sed"),
    *("sysctl", "systemctl", "useradd", "journalctl", "/opt/dateline/bin/pip"),
}


def commands() -> Iterator[Any]:
    """Gives the commands of the pages' indented blocks, each as its words."""
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        for block in re.findall(r"(?<=\n\n)((?:    .+\n)+)", text):
            joined = re.sub(r"\\\n\s*", " ", re.sub(r"^    ", "", block, flags=re.M))
            for line in joined.splitlines():
                for command in re.split(r"\s&&\s", line.partition(" #")[0]):
                    bare = re.sub(r"^([A-Z_]+=\S+ )+", "", command.strip())
                    program = bare.partition(" ")[0]
                    if program in OTHERS or program.split("/")[0] in ("dateline", "deploy"):
                        yield pytest.param(shlex.split(bare), id=f"{page}: {bare[:60]}")


COMMANDS = list(commands())


def test_the_rights_of_the_key_are_to_the_indices_there_are() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.+?)```", page, re.S)
    (rights,) = json.loads(block)["role_descriptors"].values()
    (indices,) = rights["indices"]
    (pattern,) = indices["names"]
    names = Names()
    for name in (names.first_articles, names.feeds, names.hosts, names.failures, names.rounds):
        assert fnmatch(name, pattern)
    assert fnmatch(names.tombstones, pattern)


def test_commands_of_every_way_are_found() -> None:
    programs = {one.values[0][0] for one in COMMANDS}
    assert {
        "dateline",
        "docker",
        "kubectl",
        "gcloud",
        "systemctl",
        "deploy/compose/start",
    } <= programs


@pytest.mark.parametrize("words", COMMANDS)
def test_what_a_command_names_exists(words: list[str]) -> None:
    for word in words:
        for file in re.findall(r"\b(?:deploy|configs)/[\w./-]+\w", word):
            assert (ROOT / file).exists(), f"{file} is not there"
    if words[0] == "dateline":
        parsed([word for word in words[1:] if word != "…"])
    if "flex-template" in words:
        metadata = json.loads((ROOT / "deploy" / "dataflow" / "metadata.json").read_text())
        known = {one["name"] for one in metadata["parameters"]}
        given = [words[i + 1] for i, word in enumerate(words) if word == "--parameters"]
        assert {one.partition("=")[0] for one in given} <= known
        needed = {one["name"] for one in metadata["parameters"] if not one.get("isOptional")}
        assert "run" not in words or needed <= {one.partition("=")[0] for one in given}
