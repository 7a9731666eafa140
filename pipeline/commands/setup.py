"""Create what the index needs: templates, indices and alias, or the embedded folder.

It is safe to repeat, and says what it changed, a line each. `run` does the same at its start.
"""

import argparse
from pathlib import Path

from pipeline.commands.options import add_config_options, config_from
from schemas.config import Config
from schemas.errors import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser)
    parser.add_argument("--dry-run", action="store_true", help="only say what would be changed")
    kibana = parser.add_mutually_exclusive_group()
    kibana.add_argument(
        "--kibana", metavar="URL", help="import data views, dashboards and rules into this Kibana"
    )
    kibana.add_argument(
        "--kibana-file",
        metavar="FILE",
        type=Path,
        help="only write what Kibana imports to FILE (.ndjson), and the rules beside it",
    )


def run(args: argparse.Namespace) -> int:
    """Sets the index up."""
    config = config_from(args)
    if args.kibana_file is not None:
        return _write_file(config, args.kibana_file, dry_run=args.dry_run)

    from transforms.storage.open import open_index, open_store

    changes: list[str] = []
    index = open_index(config)
    try:
        changes += index.setup(dry_run=args.dry_run)
        store = open_store(config)
        try:
            changes += store.setup(dry_run=args.dry_run)
        finally:
            store.close()
    finally:
        index.close()
    if args.kibana is not None:
        from pipeline.kibana.assets import build
        from pipeline.kibana.client import Kibana
        from pipeline.kibana.importing import setup_kibana

        # What the index has already got is said even where Kibana then refuses.
        _print_all(changes)
        kibana = Kibana(args.kibana, ca_file=config.index.ca_file)
        added = setup_kibana(kibana, build(config.index.prefix), dry_run=args.dry_run)
        _print_all(added)
        changes += added
    else:
        _print_all(changes)
    if not changes:
        print("everything is there already: nothing changed")
    return 0


def _print_all(lines: list[str]) -> None:
    for line in lines:
        print(line, flush=True)


def _write_file(config: Config, path: Path, *, dry_run: bool) -> int:
    """Writes the assets for an import by hand."""
    from pipeline.kibana.assets import build
    from pipeline.kibana.objects import compact

    assets = build(config.index.prefix)
    rules = path.with_suffix(".rules.ndjson")
    lines = [compact({"id": key, **body}) + "\n" for key, body in assets.rules.items()]
    if not dry_run:
        try:
            path.write_bytes(assets.ndjson())
            rules.write_text("".join(lines), encoding="utf-8")
        except OSError as error:
            raise ConfigError(
                f"--kibana-file: {path} cannot be written: {error.strerror}"
            ) from None
    print(f"{path}: {len(assets.objects)} saved objects")
    print(f"{rules}: {len(assets.rules)} rules")
    return 0
