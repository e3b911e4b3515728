"""The first page of the back office: what needs me now, and what the last 30 days were like."""
