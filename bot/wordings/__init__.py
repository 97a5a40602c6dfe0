"""How commands are said, where that takes more lines than the commands themselves."""
