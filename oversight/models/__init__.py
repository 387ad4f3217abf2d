"""The nouns of oversight."""

from oversight.models.figures import SubmittedFigures

__all__ = ["SubmittedFigures"]
