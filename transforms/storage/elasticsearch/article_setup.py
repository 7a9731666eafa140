"""Sets the articles' index and the tombstones up: their mapping, settings and templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.config import IndexConfig
from schemas.mapping import BARE_WORD_FIELDS, article_mapping
from transforms.storage.elasticsearch import tombstones
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.languages import (
    STEMMED,
    mapped_languages,
    stemmed_mapping,
    told_languages,
    with_mapped,
)
from transforms.storage.elasticsearch.names import Names
from transforms.storage.elasticsearch.templates import DEFAULT_FIELD, REPLICAS, SHARDS, Setup


@dataclass(frozen=True, slots=True)
class Definition:
    """What the articles' index is to be.

    Attributes:
        mapping: Its mapping.
        settings: Its settings.
        analyzers: Its analyzers by language; none where words are not looked for by language.
    """

    mapping: dict[str, Any]
    settings: dict[str, Any]
    analyzers: dict[str, str]


def define_articles(
    client: Client, config: IndexConfig, mapped: Mapping[str, str] | None = None
) -> Definition:
    """Gives the definition of the articles' index.

    Args:
        client: Is asked which analyzers there are.
        config: Shards, replicas, and whether words are looked for by language.
        mapped: The analyzers that the index has, by language; None for a new index.
    """
    analyzers: dict[str, str] = {}
    mapping = article_mapping()
    mapping["properties"]["event"]["properties"]["id"] = {"type": "keyword"}
    bare_word_fields = list(BARE_WORD_FIELDS)
    if config.analysis == "language":
        analyzers = with_mapped(client, mapped or {})
        mapping["_source"] = {"excludes": [STEMMED]}
        mapping["properties"]["news"]["properties"]["stemmed"] = stemmed_mapping(analyzers)
        bare_word_fields.append(f"{STEMMED}.*")
    settings = {
        SHARDS: config.shards,
        REPLICAS: config.replicas,
        DEFAULT_FIELD: bare_word_fields,
    }
    return Definition(mapping, settings, analyzers)


def set_up_articles(client: Client, config: IndexConfig, names: Names, dry_run: bool) -> list[str]:
    """Creates or updates templates, indices and alias; says what it changed, a line each."""
    by_language = config.analysis == "language"
    known = mapped_languages(client, names.articles) if by_language else None
    wanted = define_articles(client, config, known)
    setup = Setup(client, dry_run)
    mappings_name = f"{names.articles}-mappings"
    settings_name = f"{names.articles}-settings"
    setup.component_template(mappings_name, {"mappings": wanted.mapping})
    setup.component_template(settings_name, {"settings": wanted.settings})
    setup.index_template(
        names.articles, [f"{names.articles}-*"], [mappings_name, settings_name], {}
    )
    setup.index(names.first_articles, wanted.mapping, wanted.settings, alias=names.articles)
    if by_language:
        setup.lines += told_languages(wanted.analyzers, known)
    of_one_shard = {SHARDS: 1, REPLICAS: config.replicas}
    # Only an older index is read: the shard of one made just now may not have started.
    if (
        not dry_run
        and setup.is_older(names.tombstones, tombstones.MAPPING)
        and tombstones.mark_older(client, names.tombstones)
    ):
        setup.lines.append(f"index {names.tombstones}: marked, since it holds tombstones")
    setup.index(names.tombstones, tombstones.MAPPING, of_one_shard)
    return setup.lines
