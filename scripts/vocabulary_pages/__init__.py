"""The pages of docs and ontology that are made of shapes, ontology and releases."""
