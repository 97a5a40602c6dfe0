"""The virtual extension API of Webex Calling."""
