"""The published form of the standard, all of it generated from the models: schemas, samples, code lists, reference."""
