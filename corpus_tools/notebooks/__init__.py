"""Execute copies of the notebooks, and render them as HTML."""
