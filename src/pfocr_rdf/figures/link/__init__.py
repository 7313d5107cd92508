"""Words and ids become genes of an HGNC table, or candidates."""
