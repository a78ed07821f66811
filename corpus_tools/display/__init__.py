"""How results are shown: tables, reports with their highlights, figures; as HTML and in a terminal."""
