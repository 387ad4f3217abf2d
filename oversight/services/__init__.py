"""What oversight does: one verb, one transaction, one promise."""
