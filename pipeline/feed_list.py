"""Adds feeds to a configuration and takes them out of it, in the OPML lists that it names."""

from collections.abc import Collection, Sequence
from pathlib import Path

from pipeline.opml import read_opml, read_outlines, write_opml
from pipeline.whole_file import write_whole
from pipeline.yaml_source import with_top_key
from schemas.config import Config
from schemas.errors import ConfigError
from schemas.feed import Feed


def add_feeds(feeds: Sequence[Feed], config_file: Path, config: Config) -> tuple[list[Feed], Path]:
    """Adds feeds to a configuration, in an OPML file beside it.

    They go into `opml`'s first file of the configuration, or into a new `feeds.opml` beside it
    that is named at its end; the rest of the configuration file is left as it is written.

    Args:
        feeds: What is to be added; those that the configuration has are passed over.
        config_file: The configuration file.
        config: The configuration in it.

    Returns:
        The feeds that were added, and the file that they are in.
    """
    have = {feed.url for feed in config.feeds}
    added = list({feed.url: feed for feed in feeds if feed.url not in have}.values())
    target = config.opml[0] if config.opml else config_file.parent / "feeds.opml"
    if not added:
        return added, target
    present = read_opml(target) if target.exists() else []
    changed = "" if config.opml else _with_list(config_file, target.name)
    # A running process may read them at any moment.
    write_whole(target, write_opml([*present, *added]))
    if changed:
        write_whole(config_file, changed)
    return added, target


def _with_list(config_file: Path, name: str) -> str:
    """Gives the configuration file's text with a list named in it, of which it had none."""
    text = config_file.read_text(encoding="utf-8")
    return with_top_key(text, "opml", f"[{name}]", str(config_file))


def import_opml(
    source: Path, config_file: Path, config: Config
) -> tuple[list[Feed], Path, list[str]]:
    """Adds a list's feeds; see `add_feeds`. Also gives what is wrong with outlines left out."""
    feeds, faults = read_outlines(source)
    return *add_feeds(feeds, config_file, config), faults


def remove_feeds(urls: Collection[str], config_file: Path, config: Config) -> list[Path]:
    """Takes feeds out of a configuration's OPML lists.

    Returns:
        The lists that were changed.

    Raises:
        ConfigError: One of them stands in no list; then nothing is changed.
    """
    lists = {path: read_opml(path) for path in config.opml}
    listed = {feed.url for feeds in lists.values() for feed in feeds}
    configured = {feed.url for feed in config.feeds}
    for url in urls:
        if url in configured - listed:
            raise ConfigError(
                f"feeds remove {url}: it stands in {config_file} itself: take it out there"
            )
        if url not in listed:
            raise ConfigError(f"feeds remove {url}: there is no such feed; see `feeds list`")
    changed = []
    for path, feeds in lists.items():
        left = [feed for feed in feeds if feed.url not in urls]
        if len(left) < len(feeds):
            write_whole(path, write_opml(left))
            changed.append(path)
    return changed
