"""Which roles of an enterprise may do what with its assessments."""

from accounts.rules import Role

ANSWERING_ROLES = (Role.OWNER, Role.CONTRIBUTOR)
"""Read, answer, attach evidence, read results, fill in the data sheet."""

SUBMITTING_ROLES = (Role.OWNER,)
"""Declare the answers true and submit: the person authorised by the enterprise."""
