from .texts import tag_tokens as tag_tokens
from .texts import tokenise_texts as tokenise_texts
