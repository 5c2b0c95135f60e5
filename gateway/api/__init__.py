"""The HTTP API: routes parse, ask the Gateway's parts, answer. They decide nothing."""
