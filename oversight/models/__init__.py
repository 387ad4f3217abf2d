"""The nouns of oversight."""
