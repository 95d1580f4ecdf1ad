output "cluster_arn" {
  value = local.cluster_arn
}

output "bootstrap_servers" {
  description = "What the project's BOOTSTRAP_SERVERS wants; reachable from inside the VPC only. Null where the cluster runs already: its owners know it."
  value       = one(aws_msk_serverless_cluster.main[*].bootstrap_brokers_sasl_iam)
}

output "client_security_group_id" {
  description = "Null where the cluster runs already: its owners know who reaches it."
  value       = one(aws_security_group.clients[*].id)
}

output "policy_arns" {
  value = {
    producer = aws_iam_policy.producer.arn
    consumer = aws_iam_policy.consumer.arn
    topics   = aws_iam_policy.topics.arn
  }
}
