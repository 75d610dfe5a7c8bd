"""The subcommands of `python -m logos_grammar`, one module each."""

COMMANDS: tuple[str, ...] = ("prep", "check", "explain", "spec", "export", "conformance")
