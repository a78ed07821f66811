from .model import TopicModel as TopicModel
from .params import TopicsParams as TopicsParams
