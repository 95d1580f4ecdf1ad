output "cluster_arn" {
  value = aws_msk_serverless_cluster.main.arn
}

output "bootstrap_servers" {
  description = "What the project's BOOTSTRAP_SERVERS wants; reachable from inside the VPC only."
  value       = aws_msk_serverless_cluster.main.bootstrap_brokers_sasl_iam
}

output "client_security_group_id" {
  value = aws_security_group.clients.id
}

output "policy_arns" {
  value = {
    producer = aws_iam_policy.producer.arn
    consumer = aws_iam_policy.consumer.arn
    topics   = aws_iam_policy.topics.arn
  }
}
