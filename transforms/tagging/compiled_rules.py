"""The rules as machine code, where they have been compiled: two thirds of the time of Python's.

They are the same modules, made by mypyc out of their types, and lie in the cache under a hash of
their sources, so that a changed rule is never shadowed by what an older one was compiled to.
"""

import hashlib
import os
import sys
from contextlib import suppress
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from schemas.errors import ConfigError
from transforms.tagging.cache import cache_folder

PURE_PYTHON = "DATELINE_PURE_PYTHON"
# What every document passes through.
MODULES = (
    "abbreviated_divisions", "acronyms", "answer", "containment", "context", "context_signs",
    "country_weights", "curated_names", "dateline_country", "datelines", "distinct_names",
    "east_asian_names", "found", "gazetteer", "geographic_names", "identifiers", "joined_peoples",
    "known_people", "lone_names", "matcher", "name_forms", "name_signs", "noun_surnames",
    "numbered_roads", "organization_forms", "organizations", "people", "person_evidence",
    "person_names", "person_signs", "place_choice", "place_evidence", "places", "public_bodies",
    "publisher", "regions", "runs", "settling", "surnames", "tagger", "tags", "telling_words",
    "titled_places", "unlisted_places",
)  # fmt: skip
_PACKAGE = Path(__file__).parent
# The code of all modules is in one library, which each of them asks for.
LIBRARY = "dateline_rules"


def compiled_folder() -> Path:
    """Gives the folder in which these rules are, or would be, compiled for this Python.

    Raises:
        ConfigError: DATELINE_CACHE is no folder that can be made.
    """
    digest = hashlib.sha256(EXTENSION_SUFFIXES[0].encode())
    for module in MODULES:
        digest.update((_PACKAGE / f"{module}.py").read_bytes() + b"\0")
    return cache_folder() / f"rules-{digest.hexdigest()[:16]}"


def use_compiled_rules(path: list[str]) -> None:
    """Lets the package's modules be found among the compiled ones first, if there are any.

    Only its owner's own folder is trusted with code. `DATELINE_PURE_PYTHON=1` keeps to Python.

    Args:
        path: The package's `__path__`.
    """
    if os.environ.get(PURE_PYTHON):
        return
    try:
        folder = compiled_folder()
        file = folder / f"{LIBRARY}__mypyc{EXTENSION_SUFFIXES[0]}"
        if not file.is_file() or folder.stat().st_uid not in (os.getuid(), 0):
            return
    except (ConfigError, OSError):
        return  # whoever needs the folder tells of it
    spec = spec_from_file_location(file.name.partition(".")[0], file)
    if spec is None or spec.loader is None:
        return
    try:
        library = module_from_spec(spec)
        sys.modules[spec.name] = library
        spec.loader.exec_module(library)
    except ImportError as error:
        sys.modules.pop(spec.name, None)
        print(f"{file}: cannot be loaded ({error}): the rules run in Python", file=sys.stderr)
        return
    path.insert(0, str(folder / "transforms" / "tagging"))
    with suppress(OSError):
        os.utime(folder)  # it is in use: see remove_unused
