"""Models in place of the rules for people and organisations: a spaCy pipeline made by the test."""

from pathlib import Path

import pytest
import spacy

from schemas.config import TaggerConfig
from schemas.errors import ConfigError
from transforms.tagging.backends import load_recognizers, recognizer_of
from transforms.tagging.shared import shared_tagger
from transforms.tagging.tagger import Tagger

TEXT = "Erika Beispiel leitet die Musterwerke in Deutschland. Beispiel war in Unterbeispielhausen."


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A German pipeline on disk that knows four names, by the labels of spaCy's German models."""
    nlp = spacy.blank("de")
    nlp.meta["name"], nlp.meta["version"] = "example", "1.2.3"
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "PER", "pattern": "Erika Beispiel"},
            {"label": "PER", "pattern": "Beispiel"},
            {"label": "ORG", "pattern": "Musterwerke"},
            {"label": "LOC", "pattern": "Unterbeispielhausen"},
            {"label": "LOC", "pattern": "Deutschland"},
            {"label": "MISC", "pattern": "leitet"},
        ]
    )
    folder = tmp_path_factory.mktemp("pipeline") / "de_example"
    nlp.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def tagger(pipeline: Path) -> Tagger:
    return Tagger.load(backends={"de": f"spacy:{pipeline}"})


def test_a_models_names_are_linked_by_the_gazetteer(tagger: Tagger) -> None:
    tags = tagger.tag("", TEXT, "de-AT")
    found = [(mention.text, mention.type, mention.name) for mention in tags.mentions]
    assert found == [
        ("Erika Beispiel", "PERSON", "Erika Beispiel"),
        ("Musterwerke", "ORG", "Musterwerke"),
        ("Deutschland", "GPE", "Germany"),
        ("Beispiel", "PERSON", "Erika Beispiel"),
        ("Unterbeispielhausen", "LOC", "Unterbeispielhausen"),
    ]
    assert tags.people == ("Erika Beispiel",)
    assert [country.code for country in tags.countries] == ["DE"]
    assert any(identity.startswith("dateline:") for identity in tags.entity_ids)


def test_a_document_carries_the_models_version_and_others_do_not(tagger: Tagger) -> None:
    german, english = tagger.tag("", TEXT, "de"), tagger.tag("", TEXT, "en")
    assert german.version == f"{tagger.version}+spacy:de_example-1.2.3"
    assert english.version == tagger.version
    assert tagger.version_for("de-CH") == german.version


def test_curated_names_go_before_the_models(pipeline: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("entries:\n  - {name: Muster AG, type: ORG, aliases: [Musterwerke]}\n")
    tags = Tagger.load([own], backends={"*": f"spacy:{pipeline}"}).tag("", TEXT, "fr")
    assert "Muster AG" in tags.organizations


def test_it_is_explained(tagger: Tagger) -> None:
    _, reasons = tagger.explain("", TEXT, "de")
    rules = {reason.text: reason.rule for reason in reasons}
    assert rules["Erika Beispiel"] == "model"
    assert rules["Deutschland"] == "place"


def test_a_possessive_is_no_part_of_a_name(pipeline: Path) -> None:
    nlp = spacy.load(pipeline)
    nlp.get_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]
        [{"label": "ORG", "pattern": "Acme's"}]
    )
    nlp.to_disk(pipeline.parent / "possessive")
    tagger = Tagger.load(backends={"en": f"spacy:{pipeline.parent / 'possessive'}"})
    assert tagger.tag("", "It was Acme's plan.", "en").organizations == ("Acme",)


def test_languages_choose_and_rules_may_be_named(pipeline: Path) -> None:
    backends = {"*": f"spacy:{pipeline}", "en": "rules"}
    recognizers = load_recognizers(backends)
    assert recognizer_of(backends, recognizers, "en-GB") is None
    assert recognizer_of(backends, recognizers, "und") is recognizers["*"]
    assert recognizer_of({}, {}, "de") is None


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ("spacy:no_such_pipeline", "python -m spacy download no_such_pipeline"),
        ("flair:ner", "must be rules, or spacy:"),
    ],
    ids=["not installed", "unknown backend"],
)
def test_a_backend_that_is_not_there_is_told_at_the_start(backend: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        shared_tagger(TaggerConfig(backends={"de": backend}))


def test_a_pipeline_that_finds_no_names_is_told(tmp_path: Path) -> None:
    spacy.blank("de").to_disk(tmp_path / "blank")
    with pytest.raises(ConfigError, match="one with `ner` is wanted"):
        load_recognizers({"de": f"spacy:{tmp_path / 'blank'}"})
