"""Random pairs: nothing true is refuted, nothing false is proved, by `decide` or by `prove` alone."""

from collections import Counter
from random import Random

import pytest
from random_terms_path import balls_of  # placeholder
