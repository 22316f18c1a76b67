"""Networks that sort small pictures."""
