"""The command line: one of three doors. Parses, calls the service, renders."""
