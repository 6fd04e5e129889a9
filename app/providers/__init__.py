"""Providers that stand in for the real ones: ordinary programs that speak HTTP or SMTP and keep their own books."""
