"""Walks `Article` once: every indexed field with its dotted path and kind."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from schemas.article import Article
from schemas.index_kinds import Indexed

# What people type instead of the full path, in queries, filters and facets.
SHORT_NAMES = {
    "title": "news.title",
    "summary": "news.summary",
    "body": "news.body",
    "people": "news.people",
    "person": "news.people",
    "organizations": "news.organizations",
    "organization": "news.organizations",
    "organisations": "news.organizations",
    "org": "news.organizations",
    "places": "news.places",
    "place": "news.places",
    "groups": "news.groups",
    "events": "news.events",
    "products": "news.products",
    "country": "news.geo.country_iso_code",
    "countries": "news.geo.country_iso_code",
    "country_name": "news.geo.country_name",
    "region": "news.geo.region_name",
    "macro_region": "news.geo.macro_region",
    "focus": "news.geo.focus_country",
    "focus_country": "news.geo.focus_country",
    "language": "news.language",
    "author": "news.authors",
    "authors": "news.authors",
    "category": "news.categories",
    "categories": "news.categories",
    "feed": "news.feed.name",
    "feed_url": "news.feed.url",
    "domain": "url.domain",
    "url": "url.full",
    "story": "news.story.id",
    "entity": "news.entity_ids",
    "tag": "tags",
}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One leaf of the document: its dotted path as stored, and how it is indexed."""

    path: str
    index: Indexed


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next((a for a in get_args(annotation) if a is not type(None)), annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return None


def _walk(model: type[BaseModel], prefix: str) -> Iterator[FieldSpec]:
    for name, info in model.model_fields.items():
        if info.exclude:
            continue
        path = f"{prefix}{info.alias or name}"
        marker = next((m for m in info.metadata if isinstance(m, Indexed)), None)
        if marker is not None:
            yield FieldSpec(path, marker)
            continue
        inner = _model_of(info.annotation)
        if inner is None:
            raise TypeError(f"{model.__name__}.{name} says neither how it is indexed nor its parts")
        yield from _walk(inner, f"{path}.")


@cache
def article_fields() -> tuple[FieldSpec, ...]:
    """Gives every field of the document, in the order of the models."""
    return tuple(_walk(Article, ""))


@cache
def fields_by_path() -> dict[str, FieldSpec]:
    """Gives the document's fields by dotted path."""
    return {spec.path: spec for spec in article_fields()}


def resolve_field(name: str) -> FieldSpec | None:
    """Finds a field by its full path or its short name; None where there is none such."""
    return fields_by_path().get(SHORT_NAMES.get(name, name))
