"""What equals NLTK, faster: sentences, words, tags and VADER scores."""
