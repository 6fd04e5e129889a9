"""How words travel: the terminal today, each provider in a file of its own."""
