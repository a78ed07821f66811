"""English and places: datelines, dates of publication, person names, numerals and the gazetteer."""
