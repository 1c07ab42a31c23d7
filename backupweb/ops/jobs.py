"""Jobs that staff start and do not wait for: a duty, seen to out of turn."""

from __future__ import annotations

from django_tasks import task

from backupweb.ops import duties


@task(queue_name="duties")
def see_to(duty: str) -> None:
    """Sees to one duty now, due or not. Its row says how it went."""
    duties.run_due([duty])
