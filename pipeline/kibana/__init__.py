"""Kibana's saved objects: built from the files of `deploy/kibana`, and imported."""
