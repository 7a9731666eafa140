"""Text by language: a field for each language that the server can analyze, chosen by asking it.

Of a document, the field of its own language holds its text once more, analyzed by that language's
rules, which find "attacks" by "attack". The field is not kept in `_source`: it is made of the
document at each write.
"""

from collections.abc import Collection, Mapping
from typing import Any

from schemas.article import Article
from transforms.storage.elasticsearch.client import Client, RequestRefusedError, if_found

STEMMED = "news.stemmed"
"""The object that holds a field for each language."""

# By ISO 639-1, the best first: plugins (kuromoji, nori, smartcn, polish, ukrainian, ICU) before
# what the module analysis-common brings.
CANDIDATES: dict[str, tuple[str, ...]] = {
    "ar": ("arabic",),
    "bg": ("bulgarian",),
    "bn": ("bengali",),
    "ca": ("catalan",),
    "ckb": ("sorani",),
    "cs": ("czech",),
    "da": ("danish",),
    "de": ("german",),
    "el": ("greek",),
    "en": ("english",),
    "es": ("spanish",),
    "et": ("estonian",),
    "eu": ("basque",),
    "fa": ("persian",),
    "fi": ("finnish",),
    "fr": ("french",),
    "ga": ("irish",),
    "gl": ("galician",),
    "hi": ("hindi",),
    "hu": ("hungarian",),
    "hy": ("armenian",),
    "id": ("indonesian",),
    "it": ("italian",),
    "ja": ("kuromoji", "cjk"),
    "km": ("icu_analyzer",),
    "ko": ("nori", "cjk"),
    "lo": ("icu_analyzer",),
    "lt": ("lithuanian",),
    "lv": ("latvian",),
    "my": ("icu_analyzer",),
    "nl": ("dutch",),
    "no": ("norwegian",),
    "pl": ("polish",),
    "pt": ("portuguese",),
    "ro": ("romanian",),
    "ru": ("russian",),
    "sr": ("serbian",),
    "sv": ("swedish",),
    "th": ("thai", "icu_analyzer"),
    "tr": ("turkish",),
    "uk": ("ukrainian",),
    "zh": ("smartcn", "cjk"),
}
_SAME = {"nb": "no", "nn": "no"}


def available_analyzers(
    client: Client, languages: Collection[str] = tuple(CANDIDATES)
) -> dict[str, str]:
    """Gives, by language, the first of its analyzers that the server has.

    Args:
        client: The server, which is asked for each analyzer once.
        languages: Only these.

    Raises:
        TransientError: The server does not answer.
    """
    names = dict.fromkeys(name for language in languages for name in CANDIDATES[language])
    known = {name for name in names if _has_analyzer(client, name)}
    chosen = {}
    for language in languages:
        found = next((name for name in CANDIDATES[language] if name in known), None)
        if found is not None:
            chosen[language] = found
    return chosen


def mapped_languages(client: Client, alias: str) -> dict[str, str] | None:
    """Gives the analyzers of the index by language as they are mapped; None without an index."""
    with client.translated(f"reading the mapping of {alias}"):
        known = if_found(lambda: dict(client.api.indices.get_mapping(index=alias)))
    if known is None:
        return None
    found: dict[str, str] = {}
    for stored in known.values():
        news = stored["mappings"].get("properties", {}).get("news", {}).get("properties", {})
        fields = news.get("stemmed", {}).get("properties", {})
        found |= {language: field["analyzer"] for language, field in fields.items()}
    return found


def with_mapped(client: Client, mapped: Mapping[str, str]) -> dict[str, str]:
    """Gives, by language, what the index's field has, else what the server has.

    The analyzer of a field cannot be changed: a better one that the server has got since is only
    taken by a new index.
    """
    lacking = [language for language in CANDIDATES if language not in mapped]
    return {**available_analyzers(client, lacking), **mapped}


def told_languages(analyzers: dict[str, str], before: dict[str, str] | None) -> list[str]:
    """Gives what a setup has to say: the analyzer of each language that it has added.

    Args:
        analyzers: By language, as the index has them now.
        before: As it had them; None where there was no index.
    """
    added = {code: name for code, name in analyzers.items() if code not in (before or {})}
    if not added:
        if before is None:
            return ["words by language: none, since the server has no analyzer for any"]
        return []
    listed = ", ".join(f"{code} {name}" for code, name in sorted(added.items()))
    lines = [f"words by language: {listed}"]
    if before is not None:
        lines.append(
            "documents written before are found by them once they are written again: `dateline "
            "reprocess --all`"
        )
    return lines


def stemmed_mapping(analyzers: dict[str, str]) -> dict[str, Any]:
    """Gives the mapping of `news.stemmed`: nothing in it where the server can analyze nothing."""
    fields = {
        language: {"type": "text", "analyzer": name, "norms": False}
        for language, name in analyzers.items()
    }
    return {"dynamic": False, "properties": fields}


def stemmed_text(article: Article) -> dict[str, str]:
    """Gives what a document holds of `news.stemmed`; a field that is not mapped costs nothing."""
    news = article.news
    language = news.language.partition("-")[0].lower()
    language = _SAME.get(language, language)
    if language not in CANDIDATES:
        return {}
    text = "\n".join(part for part in (news.title, news.summary, news.body) if part)
    return {language: text} if text else {}


def _has_analyzer(client: Client, name: str) -> bool:
    try:
        with client.translated(f"asking for the analyzer {name}"):
            client.api.indices.analyze(analyzer=name, text="a")
    except RequestRefusedError as error:
        if error.status == 400:
            return False
        raise
    return True
