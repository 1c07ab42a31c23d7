"""What nobody waits for is done by the worker: at least once, also when one is killed; and nothing of it stays."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from backupweb.accounts.mail import AGAIN, write
from backupweb.accounts.models import Account
from backupweb.ops import working
from backupweb.vault import services
from tests.people import Person
from tests.vault.device import by_http, carry, enrol, expect, first_message
from tests.vault.processes import start

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture(autouse=True)
def worker(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "duties"]}}
    settings.SEVERAL_PROCESSES = False


def closed(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def opened(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def make_ready() -> None:
    """Lets the time pass that a job waits for."""
    DBTaskResult.objects.update(run_after=timezone.now())


def test_a_letter_goes_with_the_worker_and_nothing_of_it_stays(alice: Person) -> None:
    assert write(alice.account, "vault/password_removed", settings="", devices="")
    assert mail.outbox == []
    working.do_all()
    assert [letter.to for letter in mail.outbox] == [["alice@example.org"]]
    assert not DBTaskResult.objects.exists()


def test_a_letter_reaches_the_address_of_an_account_that_is_gone(alice: Person) -> None:
    write(alice.account, "vault/password_removed", settings="", devices="")
    Account.objects.all().delete()
    working.do_all()
    assert len(mail.outbox) == 1


def test_a_closed_post_office_is_asked_again_and_at_last_no_more(alice: Person, settings: Any) -> None:
    closed(settings)
    assert write(alice.account, "vault/password_removed", settings="", devices="")
    for _ in AGAIN:
        working.do_all()
        (waiting,) = DBTaskResult.objects.all()
        assert waiting.run_after > timezone.now()
        make_ready()
    working.do_all()
    assert not DBTaskResult.objects.exists()


def test_a_letter_waits_until_the_post_office_opens(alice: Person, settings: Any) -> None:
    closed(settings)
    write(alice.account, "vault/password_removed", settings="", devices="")
    working.do_all()
    opened(settings)
    make_ready()
    working.do_all()
    assert len(mail.outbox) == 1


def test_the_tenth_guess_is_answered_without_waiting_for_the_post_office(alice: Person, settings: Any) -> None:
    say = by_http(alice)
    carry(enrol(), say)
    closed(settings)
    for left in range(9, -1, -1):
        assert expect(say(first_message()), "login-answer")["left"] == left
    assert services.untold(alice.account.pk) == 10
    working.do_all()
    assert services.untold(alice.account.pk) == 10  # not told yet, and not forgotten
    opened(settings)
    make_ready()
    working.do_all()
    assert services.untold(alice.account.pk) is None
    erased = [letter for letter in mail.outbox if "erased" in letter.subject]
    assert len(erased) == 1


def test_a_job_that_was_cut_off_is_done_by_the_next_worker(alice: Person) -> None:
    write(alice.account, "vault/password_removed", settings="", devices="")

    def work(mark: object) -> None:
        DBTaskResult.objects.get().claim("somebody")
        os.kill(os.getpid(), signal.SIGKILL)

    assert start(work).wait().killed
    working.do_all()
    assert mail.outbox == []
    working.begin_again()
    working.do_all()
    assert len(mail.outbox) == 1


def test_a_job_that_kills_its_worker_again_and_again_is_given_up(alice: Person) -> None:
    write(alice.account, "vault/password_removed", settings="", devices="")
    job = DBTaskResult.objects.get()
    for number in range(5):
        job.refresh_from_db()
        assert job.status == "READY"
        job.claim(f"worker {number}")
        working.begin_again()
    job.refresh_from_db()
    assert job.status == "FAILED"


@task
def fails(told: str) -> None:
    raise ValueError(told)


def test_what_a_failed_job_said_is_not_kept() -> None:
    fails.enqueue("something private")
    working.do_all()
    job = DBTaskResult.objects.get()
    assert (job.status, job.traceback) == ("FAILED", "")


def test_staff_do_not_see_what_jobs_were_told(alice: Person) -> None:
    Account.objects.filter(pk=alice.account.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(Account.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/admin/django_tasks_db/dbtaskresult/").status_code in {302, 404}
