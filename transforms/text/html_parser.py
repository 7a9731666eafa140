"""resiliparse, the parser of HTML, imported whole and in one place.

Two threads that begin with different modules of it can find one that is half made: they lie in one
extension, which enters them one after another. Python lets one thread at a time import this module.
"""

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree

__all__ = ["HTMLTree", "bytes_to_str", "detect_encoding", "extract_plain_text"]
