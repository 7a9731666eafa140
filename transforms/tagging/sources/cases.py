"""Cases of places' names that stand in no list: "Свердловской области", "w Katowicach"."""

import re
from collections.abc import Iterator

# Endings of an adjective and, in the same order, of the noun behind it, by their nominatives.
_RUSSIAN = (
    ("ский", "край", ("ского", "скому", "ским", "ском"), ("края", "краю", "краем", "крае")),
    ("ный", "округ", ("ного", "ному", "ным", "ном"), ("округа", "округу", "округом", "округе")),
    ("ская", "область", ("ской", "скую", "ской"), ("области", "область", "областью")),
    ("ская", "республика", ("ской", "скую"), ("республики", "республику")),
)
_UKRAINIAN = (
    ("ська", "область", ("ської", "ській", "ську", "ською"),
     ("області", "області", "область", "областю")),
)  # fmt: skip
# Adjectives in front of a city's name: "Нижний Новгород", "Великие Луки", "Стара Загора".
_ADJECTIVES = (
    (re.compile(r"(\w+н)ий ([\w-]+[бвгдзклмнпрстфхцчшщ])"),
     (("его", "а"), ("ему", "у"), ("им", "ом"), ("ем", "е"))),
    (re.compile(r"(\w+)[ыио]й ([\w-]+[бвгдзклмнпрстфхцчшщ])"),
     (("ого", "а"), ("ому", "у"), ("ым", "ом"), ("им", "ом"), ("ом", "е"))),
    (re.compile(r"(\w+)ые ([\w-]+)ы"), (("ых", "ов"), ("ым", "ам"), ("ыми", "ами"), ("ых", "ах"))),
    (re.compile(r"(\w+)ие ([\w-]+)и"), (("их", ""), ("им", "ам"), ("ими", "ами"), ("их", "ах"))),
)  # fmt: skip
# Polish nouns: nominative's ending, and what stands in its place in the other cases.
_POLISH = (
    ("iec", "ca cu cem"), ("ów", "owa owie owem"), ("ek", "ka ku kiem"), ("aw", "awia awiu awiem"),
    ("om", "omia omiu omiem"), ("ice", "ic icach icami"), ("yce", "yc ycach ycami"),
    ("lce", "lc lcach lcami"), ("ki", "k kach kami"), ("awy", "aw awach awami"),
    ("ory", "or orach orami"), ("chy", "chów chach chami"),
    ("no", "na nie nem"), ("wo", "wa wie wem"), ("ko", "ka ku kiem"), ("sto", "sta ście stem"),
    ("nia", "ni nię nią"), ("wa", "wy wie wę wą"), ("na", "ny nie nę ną"), ("ca", "cy cę cą"),
    ("ła", "ły le łę łą"), ("ra", "ry rze rę rą"), ("ka", "ki ce kę ką"), ("ga", "gi dze gę gą"),
    ("sza", "szy szę szą"), ("cza", "czy czę czą"), ("ia", "ii ię ią"),
    ("ań", "ania aniu aniem"), ("uń", "unia uniu uniem"), ("yń", "ynia yniu yniem"),
    ("in", "ina inie inem"), ("yn", "yna ynie ynem"), ("an", "ana anie anem"),
    ("sk", "ska sku skiem"), ("ck", "cka cku ckiem"), ("k", "ka ku kiem"),
    ("eg", "egu egiem"), ("rg", "rga rgu rgiem"), ("śl", "śla ślu ślem"),
    ("sz", "sza szu szem"), ("cz", "cza czu czem"), ("rz", "rza rzu rzem"), ("dz", "dza dzu dzem"),
    ("or", "ora orze orem"), ("st", "stu ście stem"),
)  # fmt: skip
_LEAST = 6  # letters of a Polish form that has none of its own: "Pile" is an English word
# Polish and Czech regions: "w województwie śląskim", "v Moravskoslezském kraji".
_POLISH_REGION = re.compile(r"województwo ([\w-]+k)ie")
_CZECH_REGION = re.compile(r"(\w+)ý kraj")
_POLISH_LETTERS = frozenset("ąćęłńóśźż")


def division_cases(name: str, language: str) -> Iterator[str]:
    """Gives the cases of a division's name that is an adjective and a noun."""
    if language == "pl" and (region := _POLISH_REGION.fullmatch(name)):
        yield f"województwa {region[1]}iego"
        yield f"województwie {region[1]}im"
        yield f"województwem {region[1]}im"
    elif language == "cs" and (region := _CZECH_REGION.fullmatch(name)):
        yield from (f"{region[1]}{end}" for end in ("ého kraje", "ém kraji", "ým krajem"))
    table = {"ru": _RUSSIAN, "uk": _UKRAINIAN}.get(language, ())
    first, _, noun = name.rpartition(" ")
    for adjective, nominative, adjectives, nouns in table:
        if noun == nominative and first.endswith(adjective):
            stem = first[: -len(adjective)]
            yield from (f"{stem}{one} {two}" for one, two in zip(adjectives, nouns, strict=True))


def city_cases(name: str, country: str) -> Iterator[str]:
    """Gives the cases of a city's name in its country's language: Polish, and Greek and Russian."""
    letter = name[-1]
    if country == "PL":
        yield from _polish(name)
    elif "α" <= letter <= "ώ":
        if name.endswith(("η", "ή", "α", "ά")):
            yield name + "ς"
        elif name.endswith("ος"):
            yield from (name[:-2] + "ου", name[:-1])
    elif country == "UA" and name.endswith("ець"):
        yield from (name[:-3] + ending for ending in ("ця", "цю", "цем", "ці"))
    elif name.endswith("ец") and country in ("RU", "BY", "UA", "KZ"):
        yield from (name[:-2] + ending for ending in ("ца", "цу", "цом", "це"))
    elif "а" <= letter <= "я":
        for pattern, endings in _ADJECTIVES:
            found = pattern.fullmatch(name)
            if found:
                yield from (f"{found[1]}{one} {found[2]}{two}" for one, two in endings)
                return


def _polish(name: str) -> Iterator[str]:
    """Declines one word, a noun behind an adjective, or a noun before one in -ski."""
    noun, _, adjective = name.partition(" ")
    if adjective.endswith(("ski", "cki")) and noun.endswith(("ów", "cz", "rz", "dz", "sz", "sk")):
        endings = ("ego", "m", "m")
        for one, two in zip(_declined(noun), endings, strict=False):
            yield f"{one} {adjective}{two}"
    elif adjective.endswith(("ska", "cka", "cza")) and noun.endswith(("a", "nia")):
        forms = _declined(noun)
        if len(forms) >= 2:
            yield f"{forms[0]} {adjective[:-1]}{'ej' if adjective[-2] != 'k' else 'iej'}"
            yield f"{forms[1]} {adjective[:-1]}{'ej' if adjective[-2] != 'k' else 'iej'}"
    elif noun.endswith("a") and adjective.endswith("a"):
        first = noun[:-1] + ("iej" if noun[-2] in "kg" else "ej")
        yield from (f"{first} {form}" for form in _declined(adjective)[:2])
    elif not adjective and "-" not in name:
        for form in _declined(noun):
            if len(form) >= _LEAST or not _POLISH_LETTERS.isdisjoint(form):
                yield form


def _declined(noun: str) -> list[str]:
    for ending, others in _POLISH:
        if noun.endswith(ending) and len(noun) > len(ending) + 1:
            return [noun[: -len(ending)] + other for other in others.split()]
    return []
