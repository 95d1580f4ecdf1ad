"""Produce to and consume from one Apache Kafka topic. Edit handler.py; the rest can stay as it is."""
