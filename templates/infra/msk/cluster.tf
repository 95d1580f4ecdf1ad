locals {
  is_express = startswith(var.broker_type, "express.")
  is_iam     = var.sasl_mechanism == "AWS_MSK_IAM"
  is_scram   = var.sasl_mechanism == "SCRAM-SHA-512"
  is_mtls    = var.security_protocol == "SSL"

  makes_cluster = var.cluster_arn == null
  cluster       = one(concat(aws_msk_cluster.main, data.aws_msk_cluster.running))
}

data "aws_msk_cluster" "running" {
  count = local.makes_cluster ? 0 : 1

  cluster_name = split("/", var.cluster_arn)[1]
}

resource "aws_msk_cluster" "main" {
  count = local.makes_cluster ? 1 : 0

  cluster_name           = var.name
  kafka_version          = var.kafka_version
  number_of_broker_nodes = var.broker_count
  enhanced_monitoring    = "PER_BROKER"

  broker_node_group_info {
    instance_type   = var.broker_type
    client_subnets  = var.subnet_ids
    security_groups = [aws_security_group.brokers[0].id]

    dynamic "storage_info" {
      for_each = local.is_express ? [] : [var.broker_volume_gib]

      content {
        ebs_storage_info {
          volume_size = storage_info.value

          dynamic "provisioned_throughput" {
            for_each = var.broker_volume_mib_per_second == null ? [] : [var.broker_volume_mib_per_second]

            content {
              enabled           = true
              volume_throughput = provisioned_throughput.value
            }
          }
        }
      }
    }
  }

  client_authentication {
    dynamic "sasl" {
      for_each = local.is_iam || local.is_scram ? [1] : []

      content {
        iam   = local.is_iam
        scram = local.is_scram
      }
    }

    dynamic "tls" {
      for_each = local.is_mtls ? [1] : []

      content {
        certificate_authority_arns = var.certificate_authority_arns
      }
    }
  }

  encryption_info {
    encryption_at_rest_kms_key_arn = var.kms_key_arn

    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }

  # Express brokers set these by themselves and refuse most of them.
  dynamic "configuration_info" {
    for_each = aws_msk_configuration.main

    content {
      arn      = configuration_info.value.arn
      revision = configuration_info.value.latest_revision
    }
  }

  lifecycle {
    precondition {
      condition     = var.broker_count % length(var.subnet_ids) == 0
      error_message = "Brokers are spread evenly: broker_count must be a multiple of the number of subnets."
    }

    precondition {
      condition     = local.is_express == (var.broker_volume_gib == null) && local.is_express == (var.log_roll_ms == null)
      error_message = "Standard brokers need broker_volume_gib and log_roll_ms; Express brokers take neither."
    }

    precondition {
      condition     = !local.is_mtls || length(var.certificate_authority_arns) > 0
      error_message = "Certificates on both sides need certificate_authority_arns."
    }
  }
}

resource "aws_msk_configuration" "main" {
  count = local.makes_cluster && !local.is_express ? 1 : 0

  name = var.name

  # A mistyped topic must not make one; a write must be on more than one broker before it is confirmed. Retention deletes
  # whole segments: they must not grow for much longer than what is kept.
  server_properties = <<-EOT
    auto.create.topics.enable=false
    default.replication.factor=${var.replication_factor}
    log.roll.ms=${var.log_roll_ms}
    min.insync.replicas=${var.min_insync_replicas}
    unclean.leader.election.enable=false
  EOT

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_msk_scram_secret_association" "main" {
  count = local.makes_cluster && local.is_scram && length(var.scram_secret_arns) > 0 ? 1 : 0

  cluster_arn     = local.cluster.arn
  secret_arn_list = var.scram_secret_arns
}
