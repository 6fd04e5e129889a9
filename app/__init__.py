"""How it runs: settings, database, entry points. The only floor that commits."""
