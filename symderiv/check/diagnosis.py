"""x"""
from dataclasses import dataclass
@dataclass
class Cause:
    words: str
    suggestion: str
def diagnose(left, right, scope):
    return None
