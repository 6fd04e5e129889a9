"""What is tried once per release: more deaths and more words than CI has time for."""
