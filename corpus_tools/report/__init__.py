"""Report: figures, tables and words in context on one page that needs no network."""
