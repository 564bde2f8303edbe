"""One file a format; each holds ``FORMAT``. The loader lists this folder."""
