from .calibration import Calibration as Calibration
from .calibration import calibrate as calibrate
from .calibration import load_calibration as load_calibration
from .scores import score_sentences as score_sentences
