"""What the demo starts with. It tells a story of every app, so it lives at the roof."""
