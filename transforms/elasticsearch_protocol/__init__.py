"""What Dateline's own index and the Beam sink and source both need to speak with an Elasticsearch.

Secrets and addresses, what an answer means, when to try again, reading by pages. Nothing here
imports Beam, which takes a second that a search does not have, nor knows of news.
"""
