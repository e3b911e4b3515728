"""Telling: the SMS outbox, its delivery through Twilio or into the log, push tokens."""
