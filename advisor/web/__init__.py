"""The page: one of three doors. Parses, calls the service, renders."""
