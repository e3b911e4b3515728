"""How the product is spoken over HTTP: one file per contract, and the one rule that chooses between them."""
