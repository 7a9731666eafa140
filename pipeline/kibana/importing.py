"""Brings the assets into a running Kibana, and says what that changed.

A rule that is there is left as it is: its names and actions are the user's.
"""

from pipeline.kibana.assets import Assets, ndjson
from pipeline.kibana.client import Kibana

UNFINISHED = "Made by `dateline setup`; its import is not complete"


def setup_kibana(kibana: Kibana, assets: Assets, *, dry_run: bool = False) -> list[str]:
    """Imports what is missing or of another edition; gives what was (or would be) changed.

    The marker, a tag, holds the assets' hash: Kibana gives objects back in another form than they
    were sent in, so they themselves cannot be compared.
    """
    kibana.version()
    stored = kibana.stored(assets.objects)
    marker = assets.objects[0]
    known = stored.get((marker["type"], marker["id"]), {}).get("attributes", {})
    same_edition = known.get("description") == marker["attributes"]["description"]
    changes = []
    for line in assets.objects:
        title = line["attributes"].get("name") or line["attributes"]["title"]
        what = f"Kibana {line['type'].replace('index-pattern', 'data view')} {title!r}"
        if (line["type"], line["id"]) not in stored:
            changes.append(f"{what}: created")
        elif not same_edition:
            changes.append(f"{what}: replaced")
    if changes and not dry_run:
        # The marker gets its hash last, so that an import that failed halfway is taken up again.
        attributes = marker["attributes"] | {"description": UNFINISHED}
        begun = marker | {"attributes": attributes}
        kibana.import_objects(ndjson([begun, *assets.objects[1:]]))
        kibana.import_objects(ndjson([marker]))
    for rule_id, body in assets.rules.items():
        if not kibana.has_rule(rule_id):
            if not dry_run:
                kibana.create_rule(rule_id, body)
            changes.append(f"Kibana rule {body['name']!r}: created")
    return changes
