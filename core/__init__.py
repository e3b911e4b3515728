"""The ground everybody stands on: errors, the state machine, the contracts' envelopes. Knows no app."""
