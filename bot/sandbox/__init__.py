"""A local Webex: messaging, telephony configuration and a chat page, over HTTP alone."""
