"""Two JSON Schemas against each other: which bodies one allows and the other does not."""
