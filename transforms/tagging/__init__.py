"""Tagging: the people, organisations, places and regions that a text speaks of."""

from transforms.tagging.compiled_rules import use_compiled_rules

use_compiled_rules(__path__)
