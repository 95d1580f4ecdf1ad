resource "aws_msk_serverless_cluster" "main" {
  cluster_name = var.name

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.brokers.id]
  }

  client_authentication {
    sasl {
      iam {
        enabled = true # the only way in
      }
    }
  }
}
