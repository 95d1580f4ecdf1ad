"""The page: reads a query string, asks the service, writes HTML. Must not know how an answer is found."""
