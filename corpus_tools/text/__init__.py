"""What knows English and places: datelines, dates of publication, person names, numerals, the gazetteer."""
