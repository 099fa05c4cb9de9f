"""`python -m simgen`: the command line."""

import sys

from simgen.cli import main

sys.exit(main())
