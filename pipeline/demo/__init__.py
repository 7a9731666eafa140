"""A small coverage, made up for the demo, and the server on loopback that shows it as feeds.

The documents in `feeds/` are templates: `{{minutes_ago 95}}` becomes a date before the server's
start, written as the format of the document wants it. Their events and addresses are invented.
"""
