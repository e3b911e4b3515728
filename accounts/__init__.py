"""Who: users, roles, one-time passwords, sessions and tokens, VLE profiles, operators."""
