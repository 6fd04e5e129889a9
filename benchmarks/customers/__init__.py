"""Simulated customers: people with a goal and manners of their own lead whole conversations with the bot."""
