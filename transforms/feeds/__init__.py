"""Feed documents: parsing, the identity of entries, and when a feed is due next."""
