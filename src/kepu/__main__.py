"""`python -m kepu` is the `kepu` command."""

from kepu.config.command import main

if __name__ == "__main__":
    main()
