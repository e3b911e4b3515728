"""Provide errors, the state machine and the contracts' envelopes to all apps; imports none of them."""
