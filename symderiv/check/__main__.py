"""`python -m symderiv.check check …`: the command `check` by itself."""

import argparse
import sys

from symderiv.check.command import add_parser

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="symderiv")
    add_parser(parser.add_subparsers(required=True))
    options = parser.parse_args()
    sys.exit(options.command(options))
