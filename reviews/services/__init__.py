"""The verbs of reviewing and planning."""
