"""The backend on an Elasticsearch 9: articles, feed health, leases, dead letters, rounds."""
