"""RDF as plain values, and its syntaxes."""
