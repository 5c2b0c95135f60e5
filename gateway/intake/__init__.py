"""The ways in: from an exchange to committed claims and records."""
