"""What staff see and do: their day, their customers, their house and its figures."""
