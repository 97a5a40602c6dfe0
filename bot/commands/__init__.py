"""The commands of the bot, one module per capability."""
