"""`dateline feeds migrate URL`: moves documents, states and dead letters to another index."""

from contextlib import ExitStack

from pydantic import ValidationError

from pipeline.commands.options import ProgressLine, reason_of, say
from pipeline.counted import counted
from pipeline.migrate import Migrated, migrate
from schemas.config import Config, IndexConfig
from schemas.errors import ConfigError
from transforms.clock import utc_now
from transforms.storage.open import open_index, open_store, place_of


def migrate_to(config: Config, target_url: str) -> None:
    """Copies all that an index holds into another one, and says how much that was.

    Args:
        config: Of the index that is moved from; it stays as it was.
        target_url: The other `index.url`.

    Raises:
        ConfigError: That is no index, or the same.
    """
    try:
        index = IndexConfig.model_validate({**config.index.model_dump(), "url": target_url})
    except ValidationError as error:
        raise ConfigError(f"feeds migrate {target_url}: {reason_of(error)}") from None
    to = config.model_copy(update={"index": index})
    if place_of(to) == place_of(config):
        raise ConfigError(f"feeds migrate: {target_url} is the index that is moved from")
    progress = ProgressLine()

    def report(done: Migrated) -> None:
        documents = counted(done.documents + done.known, "document")
        progress(f"{documents}, {counted(done.feeds, 'feed')}")

    with ExitStack() as opened:
        pairs = []
        for one in (config, to):
            # The owner's lock of an embedded index is held: nobody polls into it meanwhile.
            articles, store = open_index(one), open_store(one)
            opened.callback(articles.close)
            opened.callback(store.close)
            for change in (*articles.setup(), *store.setup()):
                say(change)
            pairs.append((articles, store))
        done = migrate(pairs[0], pairs[1], utc_now(), report)
    print(
        f"{counted(done.documents, 'document')} ({done.known:,} were there), "
        f"{counted(done.tombstones, 'tombstone')}, {counted(done.feeds, 'feed')} and "
        f"{counted(done.dead_letters, 'dead letter')} moved to {target_url}"
    )
    say(f"now set index.url to {target_url}; the old index is as it was")
