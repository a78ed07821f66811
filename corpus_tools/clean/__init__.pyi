from .documents import CleanDocument as CleanDocument
from .documents import clean_text as clean_text
