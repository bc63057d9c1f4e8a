"""`python -m unipact` is the command `unipact`."""

from unipact.command import main

main()
