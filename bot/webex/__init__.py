"""Webex messaging as the bot uses it."""
