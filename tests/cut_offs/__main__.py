"""Cuts whole backups off at random moments, and says what happened.

python -m tests.cut_offs                     200 points
python -m tests.cut_offs --points 20 --seed 7
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from tests.cut_offs.run import run


def main() -> None:
    """One line for each point, and how many there were of each sort at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    parser.add_argument("--scale", type=float, default=1.0, help="size of the exports; 1 is about 40 MB")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = run(Path(folder), options.points, options.seed, options.scale, lambda line: print(line, flush=True))
    print(", ".join(f"{number} {name}" for name, number in sorted(counts.items())))
    sys.exit(0 if sum(counts.values()) >= options.points else 1)


if __name__ == "__main__":
    main()
