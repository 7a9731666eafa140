"""The HTTP engine: one asynchronous pool of fetches per process, polite, bounded and guarded."""
