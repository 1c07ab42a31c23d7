"""`python -m backupweb_client`."""

import sys

from backupweb_client.cli import main

sys.exit(main())
