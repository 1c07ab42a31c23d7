"""What a check found, in sentences: what is refused, what of which chat that costs, and what the sample says."""

from collections.abc import Iterator
from typing import Final

from backupweb_client.engine.sample import chance_to_miss, loss_of
from backupweb_client.engine.verify import Affected, Report
from backupweb_client.format.errors import MEANINGS

_FILES_SHOWN: Final = 12


def report_lines(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield f"{finding.code}: {finding.subject} – {MEANINGS[finding.code]}"
    for each in report.affected:
        yield f"In {each.chat}, {each.export or 'an export whose name cannot be read'}: {_extent(each)}"
    yield (
        f"Head {report.sequence}: {report.snapshots} imports, {report.catalogs} catalogs, {report.packs} packs; "
        f"{report.frames:,} of {report.pieces:,} pieces read back and opened, {report.read_bytes:,} bytes; "
        f"{len(report.findings)} refused."
    )
    if report.is_success() and report.frames < report.pieces:
        noticed = min(99, int(100 * (1 - chance_to_miss(report.pieces, report.frames, loss_of(report.pieces)))))
        yield f"Damage to one piece in a hundred would have shown in {noticed} of 100 such samples; --all is certain."
    if report.affected:
        yield (
            "Keep the original exports. Tell the people who run the server; what they cannot bring back, "
            "delete here and add again."
        )


def _extent(each: Affected) -> str:
    if each.whole:
        return "nothing of it opens."
    if not each.files:
        return "all that is needed of it opens, but not all is as it was stored."
    more = len(each.files) - _FILES_SHOWN
    names = ", ".join(each.files[:_FILES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
    return f"{len(each.files):,} {'file does' if len(each.files) == 1 else 'files do'} not open: {names}"
