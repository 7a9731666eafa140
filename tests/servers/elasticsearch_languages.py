"""Builds an Elasticsearch with language analyzers: the distribution, and a plugin of the tests.

The plugin is compiled against the distribution's own jars, Lucene's analyzers among them, and lies
in a copy of the distribution, hard links where the file system has them.
"""

import os
import shutil
from hashlib import blake2b
from pathlib import Path

from tests.servers.cached_parts import HarnessError, cache_folder, kept_in_cache, run_tool
from tests.servers.elasticsearch_download import VERSION, distribution

SOURCE = Path(__file__).parent / "language_plugin" / "LanguageAnalyzersPlugin.java"
_NAME = "dateline-language-analyzers"
_CLASS = "dateline.analysis.LanguageAnalyzersPlugin"
_COMPILE_SECONDS = 120


def with_language_plugin(java_home: Path) -> Path:
    """Gives an unpacked server with the plugin, built first if it is not in the cache.

    Args:
        java_home: A JDK; its `javac` compiles the plugin.

    Raises:
        HarnessError: There is no `javac`, or the plugin does not compile.
    """
    key = blake2b(SOURCE.read_bytes(), digest_size=6).hexdigest()
    # The server may run as another user, who must be able to reach it.
    plain = distribution()
    return kept_in_cache(
        _beside(plain) / f"elasticsearch-{VERSION}-languages-{key}",
        lambda temporary: _build(temporary, plain, java_home),
    )


def _beside(plain: Path) -> Path:
    return plain.parent if os.access(plain.parent, os.W_OK) else cache_folder()


def _build(temporary: Path, plain: Path, java_home: Path) -> Path:
    javac = java_home / "bin" / "javac"
    if not javac.exists():
        raise HarnessError(
            f"the tests' plugin of language analyzers is compiled, and {java_home} has no javac: "
            "install a whole JDK (Debian: apt-get install openjdk-21-jdk-headless), not a JRE"
        )
    # Its files are read by the server's user.
    temporary.chmod(0o755)
    copy = temporary / "elasticsearch"
    shutil.copytree(plain, copy, copy_function=_link_or_copy)
    classes = temporary / "classes"
    classes.mkdir()
    run_tool(
        [
            *(str(javac), "--release", "21", "-cp", f"{plain / 'lib'}/*"),
            *("-d", str(classes), str(SOURCE)),
        ],
        temporary,
        classes / "dateline",
        seconds=_COMPILE_SECONDS,
        source="the JDK",
    )
    plugin = copy / "plugins" / _NAME
    plugin.mkdir(parents=True)
    run_tool(
        [
            *(str(java_home / "bin" / "jar"), "--create", "--file", str(plugin / f"{_NAME}.jar")),
            *("-C", str(classes), "."),
        ],
        temporary,
        plugin / f"{_NAME}.jar",
        seconds=_COMPILE_SECONDS,
        source="the JDK",
    )
    descriptor = {
        "description": "Lucene's language analyzers, for Dateline's tests",
        "version": "1",
        "name": _NAME,
        "classname": _CLASS,
        "java.version": "21",
        "elasticsearch.version": VERSION,
    }
    lines = "".join(f"{name}={value}\n" for name, value in descriptor.items())
    (plugin / "plugin-descriptor.properties").write_text(lines)
    for path in (plugin, *plugin.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return copy


def _link_or_copy(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
