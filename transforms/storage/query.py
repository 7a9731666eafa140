"""The query grammar: words, "phrases", -without, field:value, parsed once for both indexes."""

import re
from dataclasses import dataclass

from schemas.codes import country_code, language_tag
from schemas.errors import ConfigError
from schemas.fields import SHORT_NAMES, FieldSpec, fields_by_path, resolve_field
from transforms.storage.tokens import segmented, standard_tokens, without_segmented

# The text fields that a bare word is looked for in; `segmented` holds Thai and its like.
SEARCHED_FIELDS = ("news.title", "news.summary", "news.body")
SEGMENTED_FIELD = "news.segmented"
# An Elasticsearch takes so many conditions as its heap allows, 8,192 with half a gigabyte; a word
# is up to nine of them (three fields, three apostrophes).
MAX_WORDS = 500
# Their values are codes of ISO 3166-1, in capitals.
COUNTRY_FIELDS = ("news.geo.country_iso_code", "news.geo.focus_country", "news.feed.country")
# Its values are language subtags of BCP 47, in small letters.
LANGUAGE_FIELD = "news.language"


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition. All clauses of a query must hold; `negated` ones must not.

    `field` None means any of SEARCHED_FIELDS. The words of `text` must stand next to each other
    in a text field, and equal a keyword field's whole value.
    """

    text: str
    field: FieldSpec | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: the conjunction of its clauses; none at all matches everything."""

    clauses: tuple[Clause, ...] = ()

    @property
    def has_words(self) -> bool:
        """Says whether hits fit better or worse: there are words to be found in texts."""
        return any(
            not clause.negated and (clause.field is None or clause.field.index.kind == "text")
            for clause in self.clauses
        )


_CLAUSE = re.compile(
    r'(?P<minus>-?)(?:(?P<field>[@A-Za-z_][\w.@]*):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)


def parse_query(text: str) -> Query:
    """Parses what a person typed.

    Args:
        text: Words, "phrases", -without, field:value and field:"several words".

    Raises:
        ConfigError: A clause names a field that is not there or cannot be searched, or a country
            or language that is none; a phrase has no end; or there are more than MAX_WORDS words.
    """
    _check_characters(text)
    if text.count('"') % 2:
        start = text.rindex('"')
        raise ConfigError(f"the quotation mark before {text[start + 1 :]!r} is never closed")
    clauses = []
    for match in _CLAUSE.finditer(text):
        value = match["phrase"] if match["phrase"] is not None else match["word"]
        name = match["field"]
        spec = None
        if name is not None:
            if "/" in value[:2] and match["phrase"] is None and resolve_field(name) is None:
                # An address such as https://… is a word, not a field.
                value, name = f"{name}:{value}", None
            else:
                spec = searchable_field(name)
        if value.strip() and value != "*":
            value = value.strip() if spec is None else exact_value(spec, value.strip())
            clauses.append(Clause(value, spec, bool(match["minus"])))
    words = sum(map(_words, clauses))
    if words > MAX_WORDS:
        raise ConfigError(
            f"the query has {words} words, of which each is a condition; at most {MAX_WORDS} can "
            "be searched for at once: repeated filters of one field are alternatives, and may be "
            "more"
        )
    return Query(tuple(clauses))


def _words(clause: Clause) -> int:
    if clause.field is not None and clause.field.index.kind == "keyword":
        return 1
    plain = standard_tokens(without_segmented(clause.text))
    return max(1, len(plain) + len(segmented(clause.text).split()))


def searchable_field(name: str) -> FieldSpec:
    """Finds the field of a `field:value` clause or a filter.

    Raises:
        ConfigError: There is none such, or it is only stored.
    """
    spec = resolve_field(name)
    if spec is None or spec.index.kind not in ("keyword", "text"):
        raise ConfigError(
            f"there is no searchable field {name!r}; short names are "
            f"{', '.join(sorted(SHORT_NAMES))}, full ones such as "
            f"{', '.join(p for p, s in fields_by_path().items() if s.index.kind == 'text')}"
        )
    return spec


def exact_value(spec: FieldSpec, value: str) -> str:
    """Gives a value as it stands in documents: codes of countries and languages in their case.

    Raises:
        ConfigError: It is no code where one belongs (the text says which was meant), or no text.
    """
    _check_characters(value)
    kind = "country" if spec.path in COUNTRY_FIELDS else "language"
    if kind == "language" and spec.path != LANGUAGE_FIELD:
        return value
    try:
        return country_code(value) if kind == "country" else language_tag(value).lower()
    except ValueError as error:
        raise ConfigError(f"{kind} {value!r}: {error}") from None


def _check_characters(text: str) -> None:
    """Refuses bytes of another encoding, which a shell hands over as halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ConfigError(f"{text!r} is no valid UTF-8 at character {error.start + 1}") from None


def facet_field(name: str) -> FieldSpec:
    """Finds a field whose values can be counted.

    Raises:
        ConfigError: There is none such, or it is not a keyword field.
    """
    spec = resolve_field(name)
    if spec is None or spec.index.kind != "keyword":
        keywords = (
            n for n, p in SHORT_NAMES.items() if fields_by_path()[p].index.kind == "keyword"
        )
        raise ConfigError(f"{name!r} is no facet; facets are {', '.join(sorted(keywords))}")
    return spec
