"""Setting up: templates, indices and the articles' alias, only as far as something is missing.

What Dateline has made bears a fingerprint of its definition in `_meta`. Servers give definitions
back in another form than they were sent in, so fingerprints are compared, not definitions.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from schemas.errors import ConfigError
from transforms.storage.elasticsearch.client import Client, RequestRefusedError, if_found

# Above the stack's own templates (100) and a user's catch-alls.
TEMPLATE_PRIORITY = 200
SHARDS = "index.number_of_shards"
REPLICAS = "index.number_of_replicas"
DEFAULT_FIELD = "index.query.default_field"
_META = "dateline"


@dataclass(slots=True)
class Setup:
    """Makes what is missing, or only says what it would make.

    Attributes:
        lines: What was (or would be) changed, a line each.
    """

    client: Client
    dry_run: bool = False
    lines: list[str] = field(default_factory=list)

    def component_template(self, name: str, template: Mapping[str, Any]) -> None:
        """Creates or updates a component template."""
        api = self.client.api.cluster
        body = {"template": template, "_meta": {_META: _fingerprint(template)}}
        with self.client.translated(f"setting up component template {name}"):
            known = if_found(lambda: api.get_component_template(name=name)["component_templates"])
            stored = known[0]["component_template"] if known else None
            if self._differs(f"component template {name}", stored, body["_meta"]):
                api.put_component_template(name=name, body=body)

    def index_template(
        self, name: str, patterns: list[str], composed_of: list[str], template: Mapping[str, Any]
    ) -> None:
        """Creates or updates an index template."""
        api = self.client.api.indices
        body: dict[str, Any] = {
            "index_patterns": patterns,
            "composed_of": composed_of,
            "template": template,
            "priority": TEMPLATE_PRIORITY,
        }
        body["_meta"] = {_META: _fingerprint(body)}
        with self.client.translated(f"setting up index template {name}"):
            known = if_found(lambda: api.get_index_template(name=name)["index_templates"])
            stored = known[0]["index_template"] if known else None
            if self._differs(f"index template {name}", stored, body["_meta"]):
                api.put_index_template(name=name, body=body)

    def index(
        self,
        name: str,
        mapping: Mapping[str, Any],
        settings: Mapping[str, Any],
        alias: str | None = None,
    ) -> None:
        """Creates an index with an alias, or adds to an index what its mapping lacks.

        Raises:
            ConfigError: A field is there with another type, or the alias's name is taken.
        """
        wanted = with_fingerprint(mapping)
        meta = wanted["_meta"]
        api = self.client.api.indices
        with self.client.translated(f"setting up index {name}"):
            known = if_found(lambda: dict(api.get_mapping(index=alias or name)))
            if known is None and alias is not None:
                # Somebody may have taken the alias away: the documents are there nevertheless.
                known = if_found(lambda: dict(api.get_mapping(index=name)))
                if known is not None:
                    self.lines.append(f"alias {alias} of index {name}: added")
                    if not self.dry_run:
                        api.put_alias(index=name, name=alias, is_write_index=True)
        if known is None:
            self._create(name, wanted, settings, alias)
            return
        if alias is not None and alias in known:
            raise ConfigError(
                f"Elasticsearch at {self.client.url} has an index named {alias}, where an alias "
                f"must be (a write before `dateline setup` makes such an index): delete it, or set "
                "another index.prefix"
            )
        if len(known) > 1:
            raise ConfigError(
                f"alias {alias} has {len(known)} indices ({', '.join(sorted(known))}); it must "
                "have one, since a document's id is unique within one index only"
            )
        for real_name, stored in known.items():
            if self._differs(f"mapping of index {real_name}", stored["mappings"], meta):
                self._update_mapping(real_name, wanted, alias)
            self._set_replicas(real_name, settings[REPLICAS])
            if DEFAULT_FIELD in settings:
                self._set_default_field(real_name, settings[DEFAULT_FIELD])

    def is_older(self, name: str, mapping: Mapping[str, Any]) -> bool:
        """Says whether an index is there, with another mapping than this version's."""
        with self.client.translated(f"reading the mapping of {name}"):
            known = if_found(lambda: dict(self.client.api.indices.get_mapping(index=name)))
        meta = with_fingerprint(mapping)["_meta"]
        return known is not None and not all(
            _is_current(stored["mappings"], meta) for stored in known.values()
        )

    def _create(
        self,
        name: str,
        mapping: Mapping[str, Any],
        settings: Mapping[str, Any],
        alias: str | None,
    ) -> None:
        self.lines.append(f"index {name}: created" + (f", with alias {alias}" if alias else ""))
        if self.dry_run:
            return
        try:
            with self.client.translated(f"creating index {name}"):
                self.client.api.indices.create(
                    index=name,
                    mappings=mapping,
                    settings=settings,
                    aliases={alias: {"is_write_index": True}} if alias else None,
                )
        except RequestRefusedError as error:
            if error.kind == "resource_already_exists_exception":
                self.lines.pop()  # another process has set it up in the same moment
            elif error.kind == "invalid_alias_name_exception":
                raise ConfigError(str(error)) from None
            else:
                raise

    def _update_mapping(self, name: str, mapping: Mapping[str, Any], alias: str | None) -> None:
        # What `_source` leaves out is fixed when an index is made; all that it costs is space.
        changed = {part: value for part, value in mapping.items() if part != "_source"}
        try:
            with self.client.translated(f"updating the mapping of {name}"):
                self.client.api.indices.put_mapping(index=name, body=changed)
        except RequestRefusedError as error:
            if error.status != 400:
                raise
            raise ConfigError(
                f"the mapping of index {name} cannot become what this version of Dateline needs: "
                f"{error}. "
                + (
                    "`dateline reindex` makes a new index of it while polling goes on"
                    if alias is not None
                    else "Copy it into an index of another name, delete it, set up, and copy back"
                )
            ) from None

    def _set_replicas(self, name: str, wanted: int) -> None:
        """Replicas can be changed at any time; the number of shards stays what it was made with."""
        api = self.client.api.indices
        with self.client.translated(f"setting the replicas of {name}"):
            stored = api.get_settings(index=name, name=REPLICAS, flat_settings=True)
            known = int(stored[name]["settings"][REPLICAS])
            if known == wanted:
                return
            self.lines.append(f"index {name}: {wanted} replicas instead of {known}")
            if not self.dry_run:
                api.put_settings(index=name, settings={REPLICAS: wanted})

    def _set_default_field(self, name: str, wanted: list[str]) -> None:
        api = self.client.api.indices
        with self.client.translated(f"setting the fields that a bare word looks in, of {name}"):
            stored = api.get_settings(index=name, name=DEFAULT_FIELD, flat_settings=True)
            known = stored.body.get(name, {}).get("settings", {}).get(DEFAULT_FIELD)
            if known == wanted:
                return
            self.lines.append(f"index {name}: the fields that a bare word looks in updated")
            if not self.dry_run:
                api.put_settings(index=name, settings={DEFAULT_FIELD: wanted})

    def _differs(self, what: str, stored: Mapping[str, Any] | None, meta: Any) -> bool:
        if stored is not None and _is_current(stored, meta):
            return False
        self.lines.append(f"{what}: {'created' if stored is None else 'updated'}")
        return not self.dry_run


def with_fingerprint(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Gives an index's mapping with the fingerprint that tells whether it is up to date."""
    return {**mapping, "_meta": {_META: _fingerprint(mapping)}}


def _is_current(stored: Mapping[str, Any], meta: Any) -> bool:
    return bool(stored.get("_meta") == meta)


def _fingerprint(definition: Mapping[str, Any]) -> str:
    text = json.dumps(definition, sort_keys=True).encode()
    return blake2b(text, digest_size=16).hexdigest()
