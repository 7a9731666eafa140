"""What is there is documented: commands, options, configuration keys, fields, make targets."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from pipeline.cli import COMMANDS, command_parser
from pipeline.configuration_errors import model_in
from schemas.config import Config
from schemas.feed import Feed
from schemas.fields import SHORT_NAMES, article_fields

ROOT = Path(__file__).parent.parent


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Gives a page's part below a heading, up to the next of the same depth."""
    match = re.search(rf"^(#+) {re.escape(heading)}$", text, re.M)
    assert match is not None, f"there is no heading {heading!r}"
    rest = text[match.end() :]
    following = re.search(rf"^#{{1,{len(match[1])}}} ", rest, re.M)
    return rest[: following.start()] if following else rest


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command: str) -> None:
    text = section(page("docs/commands.md"), f"`dateline {command}`")
    for action in command_parser(command)._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        for name in action.option_strings or [str(action.metavar or action.dest)]:
            assert f"{name}" in text, f"`dateline {command}`: {name} is not documented"


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, info in model.model_fields.items():
        inner = model_in(info.annotation)
        if inner is not None and inner is not Feed:
            yield from keys(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize("key", sorted(keys(Config)))
def test_every_configuration_key_is_documented(key: str) -> None:
    assert f"`{key}`" in page("docs/configuration.md")


@pytest.mark.parametrize("key", sorted(Feed.model_fields))
def test_every_key_of_a_feed_is_documented(key: str) -> None:
    assert f"`{key}`" in section(page("docs/configuration.md"), "Feeds")


@pytest.mark.parametrize("path", [spec.path for spec in article_fields()])
def test_every_field_of_the_document_is_documented(path: str) -> None:
    assert f"`{path}`" in page("docs/document.md")


@pytest.mark.parametrize("name", sorted(SHORT_NAMES))
def test_every_short_name_is_documented(name: str) -> None:
    assert f"`{name}`" in page("docs/search.md")


def test_every_make_target_is_documented() -> None:
    targets = re.findall(r"^([a-z][a-z-]*):.*##", page("Makefile"), re.M)
    assert targets
    documented = page("README.md") + page("CONTRIBUTING.md")
    assert [target for target in targets if f"make {target}" not in documented] == []


def links() -> list[tuple[str, str]]:
    found = []
    pages = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
    for path in pages:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                found.append((path.relative_to(ROOT).as_posix(), target))
    return found


@pytest.mark.parametrize(("name", "target"), links())
def test_every_link_between_pages_leads_somewhere(name: str, target: str) -> None:
    assert (ROOT / name).parent.joinpath(target).exists()


def test_every_environment_variable_is_documented() -> None:
    names = set()
    for room in ("pipeline", "transforms", "schemas"):
        for path in (ROOT / room).rglob("*.py"):
            names |= set(re.findall(r"\bDATELINE_[A-Z][A-Z_]+[A-Z]", path.read_text("utf-8")))
    documented = page("docs/configuration.md") + page("docs/commands.md")
    assert sorted(name for name in names if name not in documented) == []


def rules() -> list[tuple[str, str, str]]:
    """Gives the rules of polling with the file and the function of each of their tests."""
    found = []
    for row in re.findall(r"^\| .+ \|$", section(page("docs/polling.md"), "Rules"), re.M)[2:]:
        rule, _, tests = (cell.strip() for cell in row.strip("| ").split(" | "))
        path = ""
        for named in re.findall(r"`([^`]+)`", tests):
            path, _, function = named.rpartition("::") if "::" in named else (path, "", named)
            found.append((rule, path, function))
    return found


def test_rules_of_polling_are_found() -> None:
    assert len({rule for rule, _, _ in rules()}) > 30


@pytest.mark.parametrize(("rule", "path", "function"), rules())
def test_every_rule_of_polling_has_its_test(rule: str, path: str, function: str) -> None:
    text = page(f"tests/{path}")
    assert re.search(rf"^def {function}\(", text, re.M), f"{rule}: {function} is not in {path}"
