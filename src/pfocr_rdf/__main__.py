"""`python -m pfocr_rdf` is the command `pfocr-rdf`."""

from pfocr_rdf.cli import main

main()
