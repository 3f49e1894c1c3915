"""`python -m symderiv.check check …`: the command `check` by itself."""

import argparse
import sys

from symderiv.check.command import add_parser
from symderiv.errors import SymderivError

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="symderiv")
    add_parser(parser.add_subparsers(required=True))
    options = parser.parse_args()
    try:
        status = options.command(options)
    except (SymderivError, OSError) as error:
        print(f"symderiv: {error}", file=sys.stderr)
        status = 2
    sys.exit(status)
