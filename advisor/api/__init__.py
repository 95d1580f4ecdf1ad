"""The REST interface: one of three doors. Parses, calls the service, renders."""
