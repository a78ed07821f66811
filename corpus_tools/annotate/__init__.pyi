from .reports import Annotations as Annotations
from .reports import annotate_text as annotate_text
