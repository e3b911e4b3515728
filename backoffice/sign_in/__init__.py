"""The doors of the back office: password, second factor, and what everybody may see and change of their own there."""
