output "queue_urls" {
  value = { for reader, queue in aws_sqs_queue.main : reader => queue.id }
}

output "dead_letter_queue_urls" {
  value = { for reader, queue in aws_sqs_queue.dead_letters : reader => queue.id }
}

output "topic_arn" {
  description = "Where producers publish; null without a topic."
  value       = one(aws_sns_topic.events[*].arn)
}

output "producer_policy_arn" {
  value = aws_iam_policy.producer.arn
}

output "consumer_policy_arns" {
  value = { for reader, policy in aws_iam_policy.consumer : reader => policy.arn }
}
