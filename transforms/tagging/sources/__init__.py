"""Sources that the gazetteer is compiled from: libraries and curated files."""
