# `terraform test`: nothing is made, the provider is a stand-in. What AWS would answer is given where a value is read.

mock_provider "aws" {
  mock_data "aws_subnet" {
    defaults = { vpc_id = "vpc-1" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\": \"2012-10-17\", \"Statement\": []}" }
  }

  mock_resource "aws_msk_cluster" {
    defaults = {
      arn                          = "arn:aws:kafka:us-east-1:123456789012:cluster/orders/uuid"
      bootstrap_brokers_sasl_iam   = "iam:9098"
      bootstrap_brokers_sasl_scram = "scram:9096"
      bootstrap_brokers_tls        = "tls:9094"
    }
  }

  mock_data "aws_msk_cluster" {
    defaults = {
      arn                        = "arn:aws:kafka:us-east-1:123456789012:cluster/shared/uuid"
      bootstrap_brokers_sasl_iam = "shared:9098"
      number_of_broker_nodes     = 6
    }
  }

  mock_resource "aws_msk_configuration" {
    defaults = { arn = "arn:aws:kafka:us-east-1:123456789012:configuration/orders/uuid", latest_revision = 1 }
  }

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/orders" }
  }
}

variables {
  runs_already = false
  bridge       = null
  own_key      = false
  subnet_ids   = ["subnet-1", "subnet-2", "subnet-3"]
}

run "standard_brokers_with_iam" {
  variables {
    broker_type       = "kafka.m7g.large"
    broker_count      = 3
    broker_volume_gib = 100
    security_protocol = "SASL_SSL"
    sasl_mechanism    = "AWS_MSK_IAM"
  }

  assert {
    condition     = aws_msk_cluster.main[0].client_authentication[0].sasl[0].iam && output.bootstrap_servers == "iam:9098"
    error_message = "Clients sign in with IAM."
  }

  assert {
    condition     = aws_msk_cluster.main[0].encryption_info[0].encryption_in_transit[0].client_broker == "TLS"
    error_message = "Nothing travels in the clear."
  }

  assert {
    condition     = length(aws_msk_cluster.main[0].broker_node_group_info[0].storage_info[0].ebs_storage_info[0].provisioned_throughput) == 0
    error_message = "No throughput is provisioned that nobody asked for."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.disk) == 3 && length(aws_cloudwatch_metric_alarm.cpu) == 3
    error_message = "Each broker's disk and processor are watched."
  }

  assert {
    condition = jsonencode([for alarm in aws_cloudwatch_metric_alarm.dead_letters : alarm.dimensions]) == jsonencode([
      for broker in ["1", "2", "3"] :
      { "Broker ID" = broker, "Cluster Name" = var.name, Topic = var.dead_letter_topic }
    ])
    error_message = "A record that is set aside wakes somebody, on whichever broker it lies."
  }

  assert {
    condition     = strcontains(aws_msk_configuration.main[0].server_properties, "auto.create.topics.enable=false")
    error_message = "A mistyped topic makes none."
  }

  assert {
    condition     = toset(keys(output.policy_arns)) == toset(["producer", "consumer", "topics"])
    error_message = "Each role has its policy."
  }
}

run "a_project_without_a_bridge_has_nothing_for_one" {
  command = plan

  assert {
    condition     = length(aws_iam_policy.bridge) == 0 && length(aws_cloudwatch_metric_alarm.bridge_lag) == 0
    error_message = "There is no bridge."
  }
}

run "a_bridge_may_join_its_own_group_and_fill_its_queue" {
  variables {
    security_protocol = "SASL_SSL"
    sasl_mechanism    = "AWS_MSK_IAM"
    topic             = "orders"
    dead_letter_topic = "orders.dead-letters"
    bridge            = { group = "orders-bridge", queue_name = "orders" }
  }

  assert {
    condition = jsonencode({ for each in data.aws_iam_policy_document.bridge[0].statement : one(each.resources) => sort(each.actions) }) == jsonencode({
      "arn:aws:kafka:us-east-1:123456789012:cluster/orders/uuid"                   = ["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"]
      "arn:aws:kafka:us-east-1:123456789012:topic/orders/uuid/orders"              = ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"]
      "arn:aws:kafka:us-east-1:123456789012:topic/orders/uuid/orders.dead-letters" = ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
      "arn:aws:kafka:us-east-1:123456789012:group/orders/uuid/orders-bridge"       = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
      "arn:aws:sqs:us-east-1:123456789012:orders"                                  = ["sqs:GetQueueUrl", "sqs:SendMessage"]
    })
    error_message = "The bridge may do what it does, and nothing else."
  }

  assert {
    condition     = contains(keys(output.policy_arns), "bridge")
    error_message = "The bridge's policy can be found."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.bridge_lag[0].dimensions["Consumer Group"] == "orders-bridge"
    error_message = "A bridge that falls behind wakes somebody."
  }
}

run "express_brokers_take_no_disk_and_no_configuration" {
  variables {
    broker_type       = "express.m7g.large"
    broker_count      = 3
    broker_volume_gib = null
    log_roll_ms       = null
  }

  assert {
    condition = (
      length(aws_msk_cluster.main[0].broker_node_group_info[0].storage_info) == 0 && length(aws_msk_configuration.main) == 0 &&
      length(aws_cloudwatch_metric_alarm.disk) == 0 && length(aws_cloudwatch_metric_alarm.throttled) == 3
    )
    error_message = "Express brokers are watched for throttling instead."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.dead_letters) == 3
    error_message = "They publish what comes into a topic as well."
  }
}

run "disks_have_the_throughput_that_is_paid_for" {
  variables {
    broker_type                  = "kafka.m7g.4xlarge"
    broker_volume_mib_per_second = 625
  }

  assert {
    condition = jsonencode(aws_msk_cluster.main[0].broker_node_group_info[0].storage_info[0].ebs_storage_info[0].provisioned_throughput) == jsonencode([
      { enabled = true, volume_throughput = 625 }
    ])
    error_message = "Throughput is provisioned."
  }
}

run "a_password_opens_its_own_port" {
  variables {
    security_protocol = "SASL_SSL"
    sasl_mechanism    = "SCRAM-SHA-512"
    scram_secret_arns = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_orders"]
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.clients_to_brokers[0].from_port == 9096 && output.bootstrap_servers == "scram:9096" &&
      length(aws_msk_scram_secret_association.main) == 1 && length(output.policy_arns) == 0
    )
    error_message = "SCRAM has port 9096, a secret, and no IAM policy."
  }
}

run "disks_are_encrypted_with_a_key_of_yours" {
  variables {
    own_key     = true
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/yours"
  }

  assert {
    condition     = aws_msk_cluster.main[0].encryption_info[0].encryption_at_rest_kms_key_arn == var.kms_key_arn
    error_message = "The cluster is encrypted with the key."
  }
}

run "a_key_that_was_asked_for_is_not_forgotten" {
  command = plan

  variables {
    own_key = true
  }

  expect_failures = [var.kms_key_arn]
}

run "an_alias_of_a_key_is_refused" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:alias/yours"
  }

  expect_failures = [var.kms_key_arn]
}

run "certificates_need_an_authority" {
  command = plan

  variables {
    security_protocol          = "SSL"
    sasl_mechanism             = null
    certificate_authority_arns = []
  }

  expect_failures = [aws_msk_cluster.main]
}

run "brokers_are_spread_evenly" {
  command = plan

  variables {
    broker_count = 4
  }

  expect_failures = [aws_msk_cluster.main]
}

run "a_cluster_that_runs_already_is_not_forgotten" {
  command = plan

  variables {
    runs_already = true
  }

  expect_failures = [var.cluster_arn]
}

run "a_cluster_that_runs_already_gets_the_policies_and_alarms_of_the_project_and_nothing_beside_it" {
  variables {
    runs_already      = true
    cluster_arn       = "arn:aws:kafka:us-east-1:123456789012:cluster/shared/uuid"
    own_key           = true
    subnet_ids        = []
    security_protocol = "SASL_SSL"
    sasl_mechanism    = "AWS_MSK_IAM"
    topic             = "orders"
    bridge            = { group = "orders-bridge", queue_name = "orders" }
  }

  assert {
    condition = 0 == sum([for made in [
      aws_msk_cluster.main, aws_msk_configuration.main, aws_security_group.clients, aws_security_group.brokers,
      aws_cloudwatch_metric_alarm.cpu, aws_cloudwatch_metric_alarm.disk, aws_cloudwatch_metric_alarm.offline,
      aws_cloudwatch_metric_alarm.under_replicated, aws_cloudwatch_metric_alarm.throttled,
    ] : length(made)])
    error_message = "Nothing is made or watched that its owners make and watch."
  }

  assert {
    condition     = local.of_topics["orders"] == "arn:aws:kafka:us-east-1:123456789012:topic/shared/uuid/orders"
    error_message = "The policies are for its topics."
  }

  assert {
    condition     = toset(keys(output.policy_arns)) == toset(["producer", "consumer", "bridge", "topics"])
    error_message = "Each role has its policy."
  }

  assert {
    condition = length(aws_cloudwatch_metric_alarm.dead_letters) == 6 && toset([
      for alarm in concat(
        values(aws_cloudwatch_metric_alarm.dead_letters), aws_cloudwatch_metric_alarm.bridge_lag, [aws_cloudwatch_metric_alarm.lag]
      ) : alarm.dimensions["Cluster Name"]
    ]) == toset(["shared"])
    error_message = "Lag and dead letters are watched, on each of its brokers."
  }

  assert {
    condition     = output.bootstrap_servers == "shared:9098" && output.client_security_group_id == null
    error_message = "The project finds its brokers."
  }
}

run "each_further_reader_has_an_alarm_of_its_own" {
  command = plan

  variables {
    consumer_group = "orders-consumer"
    more_groups    = ["orders-consumer-audit"]
  }

  assert {
    condition = (
      jsonencode([for alarm in aws_cloudwatch_metric_alarm.more_lag : alarm.dimensions["Consumer Group"]]) == jsonencode(["orders-consumer-audit"]) &&
      aws_cloudwatch_metric_alarm.lag.dimensions["Consumer Group"] == "orders-consumer"
    )
    error_message = "A reader that falls behind wakes somebody, whichever it is."
  }
}

run "a_reader_that_may_not_read_is_told_so" {
  command = plan

  variables {
    consumer_group = "orders-consumer"
    more_groups    = ["audit"]
  }

  expect_failures = [var.more_groups]
}
