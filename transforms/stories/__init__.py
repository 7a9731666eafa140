"""Stories: copies and rewrites of one report, found by what their texts share."""
