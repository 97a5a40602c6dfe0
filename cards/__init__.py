"""Adaptive Cards of the bot: pure builders, domain values in, a card out."""
