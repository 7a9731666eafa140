"""Compiles the tagger's rules to machine code; needs a C compiler and mypy (`dateline[compiled]`).

`python -m transforms.tagging.compile_rules` does so once for these sources and this Python. Nothing
but speed depends on it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import chdir, suppress
from pathlib import Path

from transforms.tagging.cache import remove_unused
from transforms.tagging.compiled_rules import LIBRARY, MODULES, compiled_folder

_SOURCES = Path(__file__).parents[2]
_SETTINGS = """\
[mypy]
python_version = 3.11
plugins = pydantic.mypy
ignore_missing_imports = True
follow_imports = silent
explicit_package_bases = True
"""


class CompileError(Exception):
    """The rules cannot be compiled here."""


def compile_rules() -> Path:
    """Compiles the rules and gives their folder.

    Several processes may do so at once: the first to finish renames its folder into place.

    Raises:
        CompileError: There is no C compiler, no mypy, or one of them fails.
    """
    target = compiled_folder()
    if target.is_dir():
        return target
    print(f"compiling the tagger's rules into {target} (half a minute)", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="rules-") as scratch:
        work, out = Path(scratch, "work"), Path(scratch, "out")
        for package in ("transforms", "schemas"):
            shutil.copytree(
                _SOURCES / package, work / package, ignore=shutil.ignore_patterns("data", "__pyc*")
            )
        with chdir(work):
            _build(out)
        with suppress(OSError):  # another process was faster
            os.replace(out, target)
    remove_unused(target.parent, "rules-*", time.time())
    return target


def _build(out: Path) -> None:
    """Compiles the sources of the current folder."""
    Path("mypy.ini").write_text(_SETTINGS)
    files = [f"transforms/tagging/{module}.py" for module in MODULES]
    script = (
        "from mypyc.build import mypycify\n"
        "from setuptools import setup\n"
        f"modules = mypycify(['--config-file=mypy.ini', *{files!r}], opt_level='3',\n"
        f"                   group_name={LIBRARY!r})\n"
        f"setup(name='rules', ext_modules=modules, script_args=['build_ext', '-b', {str(out)!r}])\n"
    )
    # mypyc itself may be where the environment says.
    found_in = [os.getcwd(), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, found_in))}
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment
    )
    if answer.returncode != 0:
        last = (answer.stderr or answer.stdout).strip().splitlines()[-1:]
        raise CompileError(
            f"the tagger's rules are not compiled, and run in Python: {' '.join(last)}; a C "
            "compiler and pip install 'dateline[compiled]' are needed"
        )


if __name__ == "__main__":
    try:
        compile_rules()
    except CompileError as error:
        sys.exit(str(error))
