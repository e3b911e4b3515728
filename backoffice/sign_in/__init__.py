"""Sign-in to the back office: password, second factor, and the pages on which staff manage their own sessions."""
