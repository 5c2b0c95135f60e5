"""Where each value came from: entries built on demand from a template and a record's remainder."""
