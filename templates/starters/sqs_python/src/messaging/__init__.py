"""Send to and receive from one Amazon SQS queue. Edit handler.py; the rest can stay as it is."""
