"""The language of a text, told from its first few hundred characters."""

import re
from functools import cache

_MAX_CHARS = 300
# Fewer are enough for most texts; where the model is less sure than this, it gets them all.
_FIRST_CHARS = 120
_SURE_AT_FIRST = 0.95
# As sure as this is enough for the language that the feed declares.
_SURE_IF_DECLARED = 0.5
# How probable the best guess must be: on a short text the model is often sure and wrong.
_SURE_IF_SHORT = 0.9
_SURE = 0.7
# Shorter texts tell little; a hint that is not absurd beats a guess on them.
_SHORT_CHARS = 60
_HINT_AT_LEAST_IF_SHORT = 0.02
_HINT_AT_LEAST = 0.1
# Varieties that the model tells apart and that are hardly written in news without being declared.
# What it gives to them is their standard language's: half of any Standard Arabic sentence, up to a
# third of a plain English one (measured on news feeds).
_PART_OF = {
    "ary": "ar",
    "arz": "ar",
    "grc": "el",
    "lzh": "zh",
    "pcm": "en",
    "wuu": "zh",
    "yue": "zh",
}
# No share that decides anything is this small.
_NEGLIGIBLE = 1e-6
_NO_LANGUAGE = "zxx"
# Scripts that (nearly) one written language uses, so that no statistics are needed.
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("lo", re.compile("[\u0e80-\u0eff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("am", re.compile("[\u1200-\u137f]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("kn", re.compile("[\u0c80-\u0cff]")),
    ("ml", re.compile("[\u0d00-\u0d7f]")),
    ("si", re.compile("[\u0d80-\u0dff]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")),
)
# Where any of them is, so that a text in Latin or Cyrillic letters is looked through once.
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0530-\u1fff\u3040-\ud7a3]")
# Share of a script's letters from which it decides; Kana decides in any Japanese sentence.
_SCRIPT_SHARE = {"ja": 0.1}
_SHARE = 0.5
_CODE = re.compile(r"[a-z]{2,3}\Z")
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "nn": "no", "nb": "no"}
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")


def detect_language(text: str, hint: str = "") -> str:
    """Gives the ISO 639-1 code of a text's language, or `und` when unsure.

    Args:
        text: Plain text; its first 300 characters are looked at.
        hint: What the feed declares (BCP 47), believed for short or unclear text unless the
            text's script or words speak against it.
    """
    sample = text[: _MAX_CHARS * 2]
    if "@" in sample or "://" in sample:
        sample = _ADDRESS.sub(" ", sample)
    sample = sample[:_MAX_CHARS]
    declared = primary_code(hint)
    letters = sum(map(str.isalpha, sample))
    if letters < 3:
        return "und"
    for code, script in _SCRIPTS if _OTHER_SCRIPT.search(sample) else ():
        if len(script.findall(sample)) > letters * _SCRIPT_SHARE.get(code, _SHARE):
            return declared if code == "he" and declared == "yi" else code
    short = letters < _SHORT_CHARS
    probabilities = _probabilities(sample, declared)
    best = max(probabilities, key=probabilities.__getitem__)
    if declared and declared != best:
        share = _HINT_AT_LEAST_IF_SHORT if short else _HINT_AT_LEAST
        if probabilities.get(declared, 0.0) >= share * probabilities[best]:
            return declared
    sure = probabilities[best] >= (_SURE_IF_SHORT if short else _SURE)
    return best if (sure or best == declared) and best != _NO_LANGUAGE else "und"


def _probabilities(sample: str, declared: str) -> dict[str, float]:
    if len(sample) > _FIRST_CHARS:
        raw, sure = _identifier().classify(sample[:_FIRST_CHARS])
        code = _standard(str(raw), declared)
        if sure >= (_SURE_IF_DECLARED if code == declared else _SURE_AT_FIRST):
            return {code: float(sure)}
    found: dict[str, float] = {}
    for raw, probability in _identifier().rank(sample):
        if probability < _NEGLIGIBLE:
            break  # the others, in order, are less probable still
        code = _standard(str(raw), declared)
        found[code] = found.get(code, 0.0) + float(probability)
    return found


def _standard(raw: str, declared: str) -> str:
    """Gives the code that we write for one of the model's, the declared language's its own."""
    code = _RENAMED.get(raw, raw)
    return code if code == declared else _PART_OF.get(code, code)


def primary_code(tag: str) -> str:
    """Gives a BCP 47 tag's language (`en` of `en-GB`), or "" where it names none."""
    code = tag.strip().lower().replace("_", "-").partition("-")[0]
    return _RENAMED.get(code, code) if _CODE.match(code) and code != "und" else ""


@cache
def _identifier():  # type: ignore[no-untyped-def]  # the package has no types
    # 0.2 s and 50 MB that only those who normalise text should pay.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
