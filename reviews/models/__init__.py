"""What an agency says beside a client's answers, and what both plan together."""
