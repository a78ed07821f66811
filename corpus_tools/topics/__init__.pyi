from .fitting.params import TopicsParams as TopicsParams
from .model import TopicModel as TopicModel
