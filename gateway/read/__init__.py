"""What each outside party may ask. Functions take an open connection and give JSON-able values or stored bytes."""
