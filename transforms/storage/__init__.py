"""The feed store and the article index: two protocols, each kept by SQLite and Elasticsearch."""
