"""Users, roles, one-time passwords, sessions, tokens, VLE profiles, operators and territories."""
