"""The vault within the site's own processes, by the same calls as `remote`."""

from backupweb.vault.selectors import accounts_after, alive
from backupweb.vault.services import answer, drop, told, untold

__all__ = ["accounts_after", "alive", "answer", "drop", "told", "untold"]
