"""English and places (datelines, dates, person names, numerals, the gazetteer), and values as text for people."""
