"""Priors: loaded from a file, and made of stored documents."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from schemas.article import Article
from schemas.errors import ConfigError
from schemas.prior import Prior, PublisherPrior

# Mentions below this were told apart by weaker signs: they would confirm themselves.
SURE_SCORE = 0.9
# A publisher with fewer sure places has no custom yet.
LEAST_PLACES = 20
_LEAST_SHARE = 0.02


def load_prior(path: Path) -> Prior:
    """Reads a prior's file.

    Raises:
        ConfigError: It cannot be read, or is none.
    """
    try:
        return Prior.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: the prior cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise ConfigError(
            f"{path}: {where}: {first['msg']}; `dateline prior` makes such a file"
        ) from None


def make_prior(articles: Iterable[Article], divisions: Mapping[str, str]) -> Prior:
    """Counts what publishers speak of.

    Args:
        articles: Stored documents, tagged.
        divisions: GeoNames id of a place to its division, as "US.TX".

    Returns:
        The publishers that have named `LEAST_PLACES` places surely, each with its countries and
        divisions of two in a hundred mentions or more.
    """
    countries: dict[str, Counter[str]] = {}
    found: dict[str, Counter[str]] = {}
    for article in articles:
        domain = article.url.registered_domain
        if not domain:
            continue
        for mention in article.news.mentions:
            if mention.type not in ("GPE", "LOC", "FAC") or mention.score < SURE_SCORE:
                continue
            if mention.country:
                countries.setdefault(domain, Counter())[mention.country] += 1
            for one in mention.ids:
                if one in divisions:
                    found.setdefault(domain, Counter())[divisions[one]] += 1
    return Prior(
        publishers={
            domain: PublisherPrior(
                places=counted.total(),
                countries=_shares(counted, counted.total()),
                divisions=_shares(found.get(domain, Counter()), counted.total()),
            )
            for domain, counted in sorted(countries.items())
            if counted.total() >= LEAST_PLACES
        }
    )


def _shares(counts: Counter[str], total: int) -> dict[str, float]:
    shares = {name: round(count / total, 3) for name, count in sorted(counts.items())}
    return {name: share for name, share in shares.items() if share >= _LEAST_SHARE}
