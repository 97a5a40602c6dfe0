"""The Virtual Extension bot: manage Webex Calling virtual extensions from a Webex space."""
