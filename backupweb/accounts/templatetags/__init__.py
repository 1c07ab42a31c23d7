"""Words for the account pages."""
