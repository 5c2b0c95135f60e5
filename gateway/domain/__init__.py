"""Pure rules of the gateway: plain values in, plain values out; no I/O, no clock, no randomness, no settings."""
