from accounts.authentication import actor_of
from accounts.models import Role
from tests.support.clients import token_of


def test_a_token_stands_for_its_user_in_the_chosen_role(ravi):
    actor = actor_of(token_of(ravi, Role.VLE))
    assert (actor.user, actor.role, actor.vle) == (ravi, Role.VLE, ravi.vle_profile)


def test_a_role_taken_away_is_no_role_at_the_next_request(ravi):
    token = token_of(ravi, Role.VLE)
    ravi.role_assignments.all().delete()
    assert (actor_of(token).role, actor_of(token).vle) == (None, None)


def test_the_leased_tractor_knows_its_lease(leased_tractor, ravi):
    found = type(leased_tractor).objects.with_current_lease().get()
    assert found.current_vle_id == ravi.vle_profile.pk
