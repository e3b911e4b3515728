"""Long lists: requested on a page, written by a worker, downloaded by the requester."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from exports import runner
from exports.admin import exportable
from exports.choices import State
from exports.jobs import CLAIM_TIME, FILE_LIFETIME, INTERRUPTED, MAX_TRIES, LeaseLost, claim_next, finish, report
from exports.models import Export, private_storage
from exports.runner import run_due
from exports.services import MAX_RUNNING_PER_USER, TOO_MANY, delete_expired
from exports.tests.conftest import EXPORT, SEE_ALL, admin_client_for, member_of_staff
from exports.writing import SHEETS
from notifications.models import SmsMessage
from notifications.tests.messages import tell

SMS = "/admin/notifications/smsmessage/"
SEE_SMS = "notifications.view_smsmessage"


@pytest.fixture(autouse=True)
def _all_lists_are_long(all_lists_are_long):
    pass


@pytest.fixture
def texts(asha):
    for n in range(5):
        tell(asha, f"Text {n}")
    SmsMessage.objects.filter(text="Text 3").update(status="FAILED")


def ask(admin_client, filters="", file_format="csv"):
    """Press the export button and return the new export."""
    answer = admin_client.post(f"{SMS}export/?{filters}", {"format": file_format})
    export = Export.objects.latest("created_at", "id")
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/exports/export/{export.pk}/change/")
    return export


def page_of(export, name="change/"):
    return f"/admin/exports/export/{export.pk}/{name}"


def downloaded(admin_client, export):
    return b"".join(admin_client.get(page_of(export, "file")).streaming_content).decode("utf-8-sig")


def after(export):
    export.refresh_from_db()
    return export


def test_a_long_list_is_written_by_a_worker_and_downloaded_by_its_requester(admin_client, clerk, texts):
    export = ask(admin_client, "status__exact=FAILED&p=3")
    assert (export.asked_by, export.list_name, export.filters) == (
        clerk,
        "notifications.smsmessage",
        "status__exact=FAILED",
    )
    assert "Waits for a worker" in admin_client.get(page_of(export)).content.decode()
    assert admin_client.get(page_of(export, "file")).status_code == 404

    assert run_due() == 1
    after(export)
    assert (export.state, export.rows_done, export.rows_total, export.tries) == (State.READY, 1, 1, 1)
    page = admin_client.get(page_of(export)).content.decode()
    assert "The file is ready: 1 row," in page
    assert page_of(export, "file") in page
    lines = downloaded(admin_client, export).splitlines()
    assert len(lines) == 2
    assert ",Text 3,Failed," in lines[1]


def test_the_file_is_to_be_saved_and_kept_nowhere(admin_client, texts):
    export = ask(admin_client, file_format="xlsx")
    run_due()
    answer = admin_client.get(page_of(export, "file"))
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Content-Disposition"].startswith('attachment; filename="sms-20')
    assert answer["Cache-Control"].startswith("private, no-store")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_progress_is_reported_as_numbers(admin_client, texts):
    export = ask(admin_client)
    told = admin_client.get(page_of(export, "progress"))
    assert told["Cache-Control"].startswith("private, no-store")
    assert told.json() == {"state": "PENDING", "isOver": False, "done": 0, "total": None, "words": "Waits for a worker"}
    claimed = claim_next()
    assert admin_client.get(page_of(export, "progress")).json()["words"] == "Counting the rows"
    report(claimed, rows_total=12000, rows_done=3000)
    assert admin_client.get(page_of(export, "progress")).json() == {
        "state": "RUNNING",
        "isOver": False,
        "done": 3000,
        "total": 12000,
        "words": "3,000 of 12,000 rows",
    }


def test_others_find_no_trace_of_an_export_but_a_superuser_does(admin_client, texts):
    export = ask(admin_client)
    run_due()
    stranger = admin_client_for(member_of_staff("+919876543291", "Other", EXPORT, *SEE_ALL))
    assert stranger.get(page_of(export, "file")).status_code == 404
    assert stranger.get(page_of(export, "progress")).status_code == 404
    assert str(export.pk) not in stranger.get("/admin/exports/export/").content.decode()
    assert stranger.get(page_of(export))["Location"] == "/admin/"  # as where there is no such export
    assert str(export.pk) in admin_client.get("/admin/exports/export/").content.decode()
    superuser = admin_client_for(User.objects.create_superuser("+919876543292", "a-long-password"))
    assert "Text 3" in downloaded(superuser, export)


def test_without_the_right_to_export_there_are_no_exports(admin_client, clerk, texts):
    export = ask(admin_client)
    run_due()
    clerk.user_permissions.remove(clerk.user_permissions.get(codename="export"))
    for name in ["file", "progress", "change/"]:
        assert admin_client.get(page_of(export, name)).status_code == 403


def test_a_lost_view_permission_blocks_the_download(admin_client, clerk, texts):
    export = ask(admin_client)
    run_due()
    clerk.user_permissions.remove(clerk.user_permissions.get(codename="view_smsmessage"))
    assert admin_client.get(page_of(export, "file")).status_code == 403


@pytest.mark.parametrize("lost", ["exports.export", SEE_SMS, "is_staff", "is_active"])
def test_a_right_lost_before_the_worker_comes_is_lost(admin_client, clerk, texts, lost):
    export = ask(admin_client)
    if "." in lost:
        clerk.user_permissions.remove(clerk.user_permissions.get(codename=lost.split(".")[1]))
    else:
        User.objects.filter(pk=clerk.pk).update(**{lost: False})
    run_due()
    assert (after(export).state, export.error, export.tries) == (State.FAILED, "You may not export this list", 1)
    assert not export.file


def test_a_user_has_a_limited_number_of_running_exports(admin_client, texts):
    for _ in range(MAX_RUNNING_PER_USER):
        ask(admin_client, "status__exact=FAILED")
    answer = admin_client.post(f"{SMS}export/?status__exact=FAILED", {"format": "csv"})
    assert answer["Location"] == f"{SMS}?status__exact=FAILED"
    assert TOO_MANY in admin_client.get(SMS).content.decode()
    assert Export.objects.count() == MAX_RUNNING_PER_USER
    other = admin_client_for(member_of_staff("+919876543291", "Other", EXPORT, *SEE_ALL))
    ask(other)
    run_due()
    ask(admin_client)


def test_requesters_without_a_running_export_come_first(admin_client, texts):
    first, second = ask(admin_client), ask(admin_client)
    other = ask(admin_client_for(member_of_staff("+919876543291", "Other", EXPORT, *SEE_ALL)))
    assert [claim_next().pk for _ in range(3)] == [first.pk, other.pk, second.pk]
    assert claim_next() is None


def test_a_killed_workers_export_is_claimed_by_another_worker(admin_client, texts):
    export = ask(admin_client)
    dead = claim_next()
    report(dead, rows_total=5, rows_done=3)
    assert run_due() == 0
    with time_machine.travel(timezone.now() + CLAIM_TIME + timedelta(seconds=1), tick=False):
        assert run_due() == 1
    assert (after(export).state, export.tries, export.rows_done) == (State.READY, 2, 5)


def test_a_worker_that_lost_its_claim_writes_nothing(admin_client, texts, tmp_path):
    export = ask(admin_client)
    late = claim_next()
    with time_machine.travel(timezone.now() + CLAIM_TIME + timedelta(seconds=1), tick=False):
        run_due()
    kept = after(export).file.name
    with (tmp_path / "late").open("w+b") as file:
        for act in [lambda: report(late, rows_done=1), lambda: finish(late, file, 1)]:
            with pytest.raises(LeaseLost):
                act()
    assert (after(export).state, export.file.name, export.rows_done) == (State.READY, kept, 5)
    folder = kept.rpartition("/")[0]
    assert kept.rpartition("/")[2] in private_storage().listdir(folder)[1]


def test_a_worker_that_lost_its_claim_leaves_the_export_to_the_new_holder(admin_client, texts):
    export = ask(admin_client)
    late = claim_next()
    with time_machine.travel(timezone.now() + CLAIM_TIME + timedelta(seconds=1), tick=False):
        assert claim_next().pk == export.pk
    with pytest.raises(LeaseLost):
        report(late, rows_done=1)
    assert (after(export).state, export.tries, export.rows_done) == (State.RUNNING, 2, 0)


def test_an_export_that_kills_its_workers_fails(admin_client, texts):
    export = ask(admin_client)
    now = timezone.now()
    for n in range(MAX_TRIES):
        with time_machine.travel(now + n * (CLAIM_TIME + timedelta(seconds=1)), tick=False):
            assert claim_next().pk == export.pk
    with time_machine.travel(now + MAX_TRIES * (CLAIM_TIME + timedelta(seconds=1)), tick=False):
        assert run_due() == 0
        assert (after(export).state, export.error) == (State.FAILED, INTERRUPTED)
        page = admin_client.get(page_of(export)).content.decode()
    assert "The export was interrupted three times" in page


def test_a_list_that_cannot_be_written_is_retried_and_then_fails(admin_client, texts, monkeypatch, caplog):
    monkeypatch.setitem(SHEETS, "csv", None)
    export = ask(admin_client)
    now = timezone.now()
    for n in range(MAX_TRIES):
        with time_machine.travel(now + timedelta(minutes=n), tick=False):
            assert run_due() == 1
            assert run_due() == 0  # not at once again
    assert (after(export).state, export.tries, export.error) == (State.FAILED, MAX_TRIES, INTERRUPTED)
    assert f"Export {export.pk} of {export.list_name} failed" in caplog.text


def test_filters_that_are_no_longer_known_are_a_reason(admin_client, texts):
    export = ask(admin_client)
    Export.objects.filter(pk=export.pk).update(filters="status__nonsense=1")
    run_due()
    assert (after(export).state, export.tries) == (State.FAILED, 1)
    assert export.error == "These filters are not understood. Choose them again in the list."
    assert export.error in admin_client.get(page_of(export)).content.decode()


def test_a_worker_told_to_stop_leaves_its_export_to_the_next(admin_client, texts, monkeypatch):
    monkeypatch.setattr(runner, "CHUNK_ROWS", 2)
    export = ask(admin_client)
    stops = iter([False, True])
    assert run_due(should_stop=lambda: next(stops, True)) == 1
    assert (after(export).state, export.tries) == (State.PENDING, 0)
    assert not export.file
    assert run_due() == 1
    assert (after(export).state, export.tries, export.rows_done) == (State.READY, 1, 5)


def test_a_file_is_gone_after_a_day(admin_client, texts):
    export = ask(admin_client)
    run_due()
    name = after(export).file.name
    assert delete_expired() == 0
    with time_machine.travel(timezone.now() + FILE_LIFETIME, tick=False):
        assert admin_client.get(page_of(export, "file")).status_code == 404
        assert delete_expired() == 1
        page = admin_client.get(page_of(export)).content.decode()
    assert (after(export).state, export.file.name) == (State.EXPIRED, "")
    assert not private_storage().exists(name)
    assert "The file was deleted a day after it was made" in page


def test_a_file_that_is_lost_is_not_found(admin_client, texts, caplog):
    export = ask(admin_client)
    run_due()
    private_storage().delete(after(export).file.name)
    assert admin_client.get(page_of(export, "file")).status_code == 404
    assert "has lost its file" in caplog.text


def test_the_page_shows_list_and_filters(admin_client, texts):
    page = admin_client.get(page_of(ask(admin_client, "status__exact=FAILED&q=Text"))).content.decode()
    assert f'<a href="{SMS}?status__exact=FAILED&amp;q=Text">SMS</a>' in page
    assert "Status: FAILED" in page
    assert "Search: Text" in page
    assert "None, all rows" in admin_client.get(page_of(ask(admin_client))).content.decode()


def test_exports_cannot_be_added_or_changed_by_hand(admin_client, texts):
    export = ask(admin_client)
    assert admin_client.get("/admin/exports/export/add/").status_code == 403
    assert admin_client.post(page_of(export), {"state": "READY"}).status_code == 403
    assert admin_client.post(page_of(export, "delete/")).status_code == 403
    assert after(export).state == State.PENDING


def test_the_list_of_exports_takes_as_many_queries_for_many(admin_client, texts, django_assert_max_num_queries):
    Export.objects.bulk_create(
        Export(asked_by=User.objects.get(name="Clerk"), list_name="notifications.smsmessage", format="csv")
        for _ in range(40)
    )
    with django_assert_max_num_queries(9):
        assert admin_client.get("/admin/exports/export/").status_code == 200


def test_a_list_is_short_up_to_its_last_row(admin_client, texts, monkeypatch):
    monkeypatch.setattr(exportable, "MAX_ROWS_IN_REQUEST", 5)
    answer = admin_client.post(f"{SMS}export/", {"format": "csv"})
    assert b"".join(answer.streaming_content).count(b"Text") == 6  # with the heading
    monkeypatch.setattr(exportable, "MAX_ROWS_IN_REQUEST", 4)
    ask(admin_client)
