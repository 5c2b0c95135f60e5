"""One scalar of the standard a file: `parse(text)` gives its one spelling or raises InvalidValue, `describe(text)` one
sentence about it. Both take what people write (NFKC is applied first)."""
