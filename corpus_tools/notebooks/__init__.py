"""Notebooks: executed copies of the notebooks, also as HTML."""
