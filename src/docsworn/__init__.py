"""docsworn holds HTTP APIs to what their documentation swears."""

__version__ = "0.1.0"
