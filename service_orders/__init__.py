"""Service orders: insured services inside a territory, and their contract."""
