"""Checking documents: every claim found, judged, and where it is wrong, the reason.

check(paths)            the report on files and folders
check_text(text, kind)  the report on a text
"""

from symderiv.check.claim import Claim, FileReport, Report
from symderiv.check.files import check, check_text

__all__ = ["Claim", "FileReport", "Report", "check", "check_text"]
