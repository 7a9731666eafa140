"""The systemd unit names commands, options and variables that exist."""

import configparser
import re
import shlex

import yaml

from pipeline.cli import COMMANDS, command_parser
from tests.deploy.image_recipe import ROOT, Recipe

UNIT = ROOT / "deploy" / "systemd" / "dateline.service"


def service() -> configparser.SectionProxy:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT, encoding="utf-8")
    return unit["Service"]


def test_the_command_it_starts_exists_with_its_arguments() -> None:
    program, command, *arguments = shlex.split(service()["ExecStart"])
    assert program.endswith("/bin/dateline")
    assert command in COMMANDS
    assert command_parser(command).parse_args(arguments).file == "/etc/dateline/dateline.yaml"


def test_the_configuration_of_the_page_puts_the_index_where_the_unit_may_write() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    (before, after), *others = re.findall(r"sed 's\|(.+?)\|(.+?)\|' configs/local.yaml", page)
    assert (before, after) in others, "the container's configuration is made in the same way"
    text = (ROOT / "configs" / "local.yaml").read_text(encoding="utf-8")
    config = yaml.safe_load(text.replace(before, after))
    folder = f"/var/lib/{service()['StateDirectory']}"
    assert config["index"]["url"] == f"embedded:{folder}/index"
    (volume,) = Recipe(ROOT / "deploy" / "Dockerfile").of_stage(2, "VOLUME")
    assert volume == folder


def test_a_clean_end_by_sigterm_is_a_success_and_has_time_enough() -> None:
    from pipeline.run import FINISH_SECONDS

    assert service()["SuccessExitStatus"] == "143"
    assert int(service()["TimeoutStopSec"]) > 2 * FINISH_SECONDS


def test_the_variables_it_sets_are_documented() -> None:
    name = service()["Environment"].partition("=")[0]
    assert f"`{name}`" in (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
