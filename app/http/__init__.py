"""What all our answers over HTTP have in common, whoever gives them."""
