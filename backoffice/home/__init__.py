"""Render the home page of the back office: what is to do, and the last 30 days."""
