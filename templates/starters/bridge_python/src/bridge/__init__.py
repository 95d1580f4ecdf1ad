"""Sends a job to one Amazon SQS queue for each record of one Apache Kafka topic."""
