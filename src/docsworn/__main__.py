"""``python -m docsworn`` is the command ``docsworn``."""

from docsworn.cli.main import main

if __name__ == "__main__":
    main()
