from .cleaning import CleanDocument as CleanDocument
from .cleaning import clean_text as clean_text
