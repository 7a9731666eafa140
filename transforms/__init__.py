"""One module a stage (Beam), and beside them the Beam-free engines the stages carry."""
