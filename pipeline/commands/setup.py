"""Create what the index needs: templates, indices and alias, or the embedded folder.

It is safe to repeat, and says what it changed, a line each. `run` does the same at its start.
"""

import argparse

from pipeline.commands.options import add_config_options, config_from


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser)
    parser.add_argument("--dry-run", action="store_true", help="only say what would be changed")


def run(args: argparse.Namespace) -> int:
    """Sets the index up."""
    config = config_from(args)

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
    for change in changes:
        print(change)
    if not changes:
        print("everything is there already: nothing changed")
    return 0
