output "cluster_arn" {
  value = local.cluster.arn
}

output "bootstrap_servers" {
  description = "What the project's BOOTSTRAP_SERVERS wants; reachable from inside the VPC only."
  value = (
    local.is_iam ? local.cluster.bootstrap_brokers_sasl_iam :
    local.is_scram ? local.cluster.bootstrap_brokers_sasl_scram :
    local.cluster.bootstrap_brokers_tls
  )
}

output "client_security_group_id" {
  description = "Null where the cluster runs already: its owners know who reaches it."
  value       = one(aws_security_group.clients[*].id)
}

output "policy_arns" {
  description = "Empty where clients do not sign in with IAM."
  value = {
    for role, policies in {
      producer = aws_iam_policy.producer
      consumer = aws_iam_policy.consumer
      bridge   = aws_iam_policy.bridge
      topics   = aws_iam_policy.topics
    } :
    role => one(policies[*].arn) if length(policies) > 0
  }
}
