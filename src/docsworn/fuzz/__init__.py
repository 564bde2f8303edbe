"""Generated requests and bodies: what an API does with them, and what a contract sees of them."""
