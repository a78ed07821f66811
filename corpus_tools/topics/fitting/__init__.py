"""The parts of a topic model: term counts, their matrix, its factorisation, and measures of topic quality."""
