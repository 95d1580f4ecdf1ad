locals {
  makes_cluster = var.cluster_arn == null
  cluster_arn   = local.makes_cluster ? one(aws_msk_serverless_cluster.main[*].arn) : var.cluster_arn
  cluster_name  = local.makes_cluster ? var.name : split("/", var.cluster_arn)[1]
}

resource "aws_msk_serverless_cluster" "main" {
  count = local.makes_cluster ? 1 : 0

  cluster_name = var.name

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.brokers[0].id]
  }

  client_authentication {
    sasl {
      iam {
        enabled = true # the only way in
      }
    }
  }
}
