"""`python -m ironlaw`."""

from ironlaw.faces.cli import main

if __name__ == "__main__":
    main()
