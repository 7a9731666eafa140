"""The default tagger: a gazetteer and rules, the same answer for the same document every time."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from schemas.prior import Prior
from transforms.tagging.acronyms import AcronymRules
from transforms.tagging.answer import answer
from transforms.tagging.backends import load_recognizers, recognizer_of
from transforms.tagging.context import ContextRules
from transforms.tagging.curated_names import CuratedNames
from transforms.tagging.explain import explanations
from transforms.tagging.explanation import Explanation, Trace
from transforms.tagging.found import Part, read_part
from transforms.tagging.gazetteer import Gazetteer, load_gazetteer
from transforms.tagging.organizations import OrganizationRules
from transforms.tagging.people import PersonRules
from transforms.tagging.places import PlaceRules, Resolution
from transforms.tagging.prior import load_prior
from transforms.tagging.publisher import publisher_of
from transforms.tagging.recognized import settle_recognized
from transforms.tagging.recognizer import Recognizer
from transforms.tagging.tags import Tags
from transforms.tagging.unlisted_places import locate

_SHORT = 300


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

    def tag(
        self, title: str, text: str, language: str = "", domain: str = "", country: str = ""
    ) -> Tags:
        """Tags one document.

        Args:
            title: Headline; its mentions are kept apart, and weigh more.
            text: Body, to which the offsets of `mentions` refer.
            language: BCP 47; chooses the backend. The rules go by script, and by the words of the
                text, so that a wrong one does little harm.
            domain: Publisher's domain; the country of its suffix settles ties between places.
            country: Publisher's country (ISO 3166-1 alpha-2) where it is known; it goes before the
                domain's.
        """
        parts = self._read(title, text, language)
        self._settle(parts, domain, country, self._recognizer(language))
        return answer(parts, self._gazetteer, self.version_for(language))

    def explain(
        self, title: str, text: str, language: str = "", domain: str = "", country: str = ""
    ) -> tuple[Tags, list[Explanation]]:
        """Tags one document as `tag` does, and gives for each name what decided.

        Names of the title come first, then those of the text; those that were passed over last.
        """
        parts = self._read(title, text, language)
        trace = Trace(parts)
        resolution = self._settle(
            parts, domain, country, self._recognizer(language), trace.rule_has_run
        )
        tags = answer(parts, self._gazetteer, self.version_for(language))
        return tags, explanations(trace, resolution)

    def _read(self, title: str, text: str, language: str) -> list[Part]:
        # A short text has few words to tell its language by.
        told = language.startswith("en") and len(text) < _SHORT
        body = read_part(text, self._gazetteer, told)
        return [read_part(title, self._gazetteer, told or body.is_english), body]

    def _settle(
        self,
        parts: list[Part],
        domain: str,
        country: str,
        recognizer: Recognizer | None,
        after: Callable[[str], None] = _nothing,
    ) -> Resolution:
        self._curated.settle(parts)
        after("curated")
        if recognizer is not None:
            settle_recognized(parts, recognizer)
            after("model")
        else:
            self._organizations.settle(parts)
            after("organization")
            self._people.settle(parts)
            after("person")
        self._acronyms.settle(parts)
        after("acronym")
        publisher = publisher_of(domain, country, parts[-1].is_english, self._gazetteer)
        resolution = self._places.settle(parts, publisher, self._priors.get(domain))
        after("place")
        self._context.settle(parts)
        after("context")
        for part in parts:
            locate(part)
        return resolution
