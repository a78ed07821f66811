from .corpus import Corpus as Corpus
from .corpus import open_corpus as open_corpus
from .errors import InputError as InputError
from .explore.nltk_reader import NltkReader as NltkReader
from .explore.nltk_reader import as_nltk as as_nltk

__version__: str
