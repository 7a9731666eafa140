"""The default tagger: a gazetteer and rules, the same answer for the same document every time."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from pathlib import Path

from schemas.prior import Prior
from transforms.tagging.acronyms import AcronymRules
from transforms.tagging.context import ContextRules
from transforms.tagging.country_weights import country_weights
from transforms.tagging.curated_names import CuratedNames
from transforms.tagging.explain import Explanation, Trace, explanations
from transforms.tagging.found import PLACE_TYPES, Found, Part, read_part
from transforms.tagging.gazetteer import Gazetteer, load_gazetteer
from transforms.tagging.identifiers import identifiers
from transforms.tagging.model import Mention, Tags
from transforms.tagging.names import unique
from transforms.tagging.organizations import OrganizationRules
from transforms.tagging.people import PersonRules
from transforms.tagging.places import PlaceRules, Resolution
from transforms.tagging.prior import load_prior
from transforms.tagging.recognized import settle_recognized
from transforms.tagging.recognizers import Recognizer, load_recognizers, recognizer_of
from transforms.tagging.regions import country_shares, macro_regions
from transforms.tagging.unlisted_places import locate

_NO_PLACE_KINDS = frozenset({"country", "macro", "demonym", "metonym"})


def _nothing(_: str) -> None:
    """Is told of each rule where nobody asks for an explanation."""


class Tagger:
    """Finds the people, organisations, places and regions that a document speaks of.

    Rules run from the surest to the least sure, and a settled name is closed to later ones:
    curated names, organisations by their own words, people, acronyms, then places, which are
    resolved together. A tagger keeps no state between documents and may be shared by threads.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        prior: Prior | None = None,
        backends: Mapping[str, str] | None = None,
    ) -> None:
        self._backends = dict(backends or {})
        self._recognizers = load_recognizers(self._backends)
        self._gazetteer = gazetteer
        self._priors = prior.publishers if prior is not None else {}
        self._version = gazetteer.version + (f"+{prior.version}" if prior is not None else "")
        self._curated = CuratedNames(gazetteer)
        self._organizations = OrganizationRules(gazetteer)
        self._people = PersonRules(gazetteer)
        self._acronyms = AcronymRules(gazetteer)
        self._places = PlaceRules(gazetteer)
        self._context = ContextRules(gazetteer)

    @classmethod
    def load(
        cls,
        extra_data: Sequence[Path] = (),
        prior: Path | None = None,
        backends: Mapping[str, str] | None = None,
    ) -> "Tagger":
        """Loads the gazetteer, compiling it first where it has not been.

        Args:
            extra_data: A user's curated files; they take the place of ours by name and type.
            prior: A file of what publishers have written of before.
            backends: Models that find names, by language (`load_recognizers`).

        Raises:
            ConfigError: A curated file, or the prior's, is wrong; a model cannot be loaded.
        """
        loaded = load_prior(prior) if prior is not None else None
        return cls(load_gazetteer(extra_data), loaded, backends)

    @property
    def version(self) -> str:
        """Hash of the rules and data; with a prior, a `+` and its version."""
        return self._version

    def version_for(self, language: str) -> str:
        """Gives the version that a document of a language carries: its model's comes last."""
        recognizer = self._recognizer(language)
        return self._version if recognizer is None else f"{self._version}+{recognizer.version}"

    def _recognizer(self, language: str) -> Recognizer | None:
        if not self._recognizers:
            return None
        return recognizer_of(self._backends, self._recognizers, language)

    def tag(self, title: str, text: str, language: str = "", domain: str = "") -> Tags:
        """Tags one document.

        Args:
            title: Headline; its mentions are kept apart, and weigh more.
            text: Body, to which the offsets of `mentions` refer.
            language: BCP 47; chooses the backend. The rules go by script, so that a wrong one does
                no harm.
            domain: Publisher's domain; the country of its suffix settles ties between places.
        """
        parts = [read_part(title, self._gazetteer), read_part(text, self._gazetteer)]
        self._settle(parts, domain, self._recognizer(language))
        return self._answer(parts, self.version_for(language))

    def explain(
        self, title: str, text: str, language: str = "", domain: str = ""
    ) -> tuple[Tags, list[Explanation]]:
        """Tags one document as `tag` does, and gives for each name what decided.

        Names of the title come first, then those of the text; those that were passed over last.
        """
        parts = [read_part(title, self._gazetteer), read_part(text, self._gazetteer)]
        trace = Trace(parts)
        resolution = self._settle(parts, domain, self._recognizer(language), trace.rule_has_run)
        tags = self._answer(parts, self.version_for(language))
        return tags, explanations(trace, resolution)

    def _settle(
        self,
        parts: list[Part],
        domain: str,
        recognizer: Recognizer | None,
        after: Callable[[str], None] = _nothing,
    ) -> Resolution:
        self._curated.settle(parts)
        after("curated")
        if recognizer is not None:
            settle_recognized(parts, recognizer)
            after("model")
        else:
            self._organizations.organizations(parts)
            after("organization")
            self._people.people(parts)
            after("person")
        self._acronyms.settle(parts)
        after("acronym")
        resolution = self._places.settle(parts, domain, self._priors.get(domain))
        after("place")
        self._context.settle(parts)
        after("context")
        for part in parts:
            locate(part)
        return resolution

    def _answer(self, parts: list[Part], version: str) -> Tags:
        for part in parts:
            part.found.sort(key=attrgetter("start"))
            for found in part.found:
                found.counts = found.counts or self._curated_counts(found)
        return self._tags(parts, version)

    def _curated_counts(self, found: Found) -> bool:
        """A curated place speaks for its country; a person or an organisation does not."""
        if found.country is None:
            return False
        if found.kind == "curated":
            return found.type in PLACE_TYPES or found.name in self._gazetteer.words["metonyms"]
        return False

    def _tags(self, parts: list[Part], version: str) -> Tags:
        found = [*parts[0].found, *parts[1].found]
        order: dict[str, int] = {}
        for number, one in enumerate(found):
            if one.counts and one.country:
                order.setdefault(one.country, number)
        weights = country_weights(parts, self._gazetteer)
        for country in weights:  # that of a town that no list holds comes last
            order.setdefault(country, len(found))
        shares = country_shares(weights, order)
        names = defaultdict(list)
        for one in found:
            names[one.type].append(one.name)
        places = [
            one for one in found if one.type in PLACE_TYPES and one.kind not in _NO_PLACE_KINDS
        ]
        divisions = self._gazetteer.admin1
        title, text = (tuple(self._mention(part, one) for one in part.found) for part in parts)
        return Tags(
            mentions=text,
            title_mentions=title,
            countries=shares,
            people=unique(names["PERSON"]),
            organizations=unique(names["ORG"]),
            places=unique(one.name for one in places),
            groups=unique(
                one.name for one in found if one.type == "NORP" and one.kind != "demonym"
            ),
            events=unique(names["EVENT"]),
            products=unique(names["PRODUCT"]),
            entity_ids=unique(chain.from_iterable([one.ids for one in (*title, *text)])),
            country_names=tuple(self._gazetteer.countries[share.code][0] for share in shares),
            region_names=unique(
                divisions[key]
                for one in places
                if one.admin1 and (key := f"{one.country}.{one.admin1}") in divisions
            ),
            macro_regions=macro_regions(
                shares,
                unique(one.name for one in found if one.type in ("LOC", "ORG")),
                self._gazetteer,
            ),
            locations=tuple(dict.fromkeys(one.location for one in places if one.location)),
            version=version,
        )

    def _mention(self, part: Part, found: Found) -> Mention:
        start, end = found.start, found.end
        admin1 = (
            self._gazetteer.admin1.get(f"{found.country}.{found.admin1}") if found.admin1 else None
        )
        return Mention(
            start, end, part.source[start:end], found.type, found.name,
            identifiers(found.ids, found.type, found.name), found.country, found.location,
            found.score, admin1,
        )  # fmt: skip
