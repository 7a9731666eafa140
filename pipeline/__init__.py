"""Builds the Beam graph, drives it, and gives it a command line."""
