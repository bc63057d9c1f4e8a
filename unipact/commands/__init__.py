"""The verbs of the command line, a module each; every module holds one `command`."""
