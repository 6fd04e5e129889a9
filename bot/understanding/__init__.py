"""From words to facts."""
