"""An expat driver for feedparser that hands over whole texts instead of a call for each line.

`xml.sax.make_parser` takes a module's name and calls its `create_parser`.
"""

from xml.sax.expatreader import ExpatParser

MODULE = __name__


class BufferedExpatParser(ExpatParser):
    """Python's own driver with `buffer_text` set: the same events, fewer calls."""

    def reset(self) -> None:
        """Makes a new expat parser, buffering."""
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]  # typeshed leaves it out


def create_parser() -> BufferedExpatParser:
    """Gives a parser, as `xml.sax.make_parser` wants it."""
    return BufferedExpatParser()
