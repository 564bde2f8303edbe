"""What live responses have shown over time, and one round of checks that learns from them."""
