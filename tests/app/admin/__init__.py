"""The staff API."""
