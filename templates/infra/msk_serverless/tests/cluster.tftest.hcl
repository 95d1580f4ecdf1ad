# `terraform test`: nothing is made, the provider is a stand-in. What AWS would answer is given where a value is read.

mock_provider "aws" {
  mock_data "aws_subnet" {
    defaults = { vpc_id = "vpc-1" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\": \"2012-10-17\", \"Statement\": []}" }
  }

  mock_resource "aws_msk_serverless_cluster" {
    defaults = {
      arn                        = "arn:aws:kafka:us-east-1:123456789012:cluster/orders/uuid"
      bootstrap_brokers_sasl_iam = "iam:9098"
    }
  }

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/orders" }
  }
}

variables {
  runs_already   = false
  topic          = "orders"
  consumer_group = "orders-consumer"
  subnet_ids     = ["subnet-1", "subnet-2"]
}

run "clients_sign_in_with_iam" {
  assert {
    condition     = aws_msk_serverless_cluster.main[0].client_authentication[0].sasl[0].iam[0].enabled && output.bootstrap_servers == "iam:9098"
    error_message = "IAM is the only way in."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.clients_to_brokers[0].from_port == 9098
    error_message = "Only the IAM listener is open, and only to clients."
  }
}

run "each_role_may_touch_its_topic_and_no_other" {
  assert {
    condition     = local.of_topics["orders"] == "arn:aws:kafka:us-east-1:123456789012:topic/orders/uuid/orders"
    error_message = "A topic's ARN follows from its cluster's."
  }

  assert {
    condition     = local.of_groups == "arn:aws:kafka:us-east-1:123456789012:group/orders/uuid/orders-consumer*"
    error_message = "A group's ARN follows from its cluster's."
  }
}

run "a_record_that_is_set_aside_wakes_somebody" {
  command = plan

  variables {
    dead_letter_topic = "orders.dead-letters"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.dead_letters.dimensions == tomap({ "Cluster Name" = var.name, Topic = "orders.dead-letters" })
    error_message = "The dead-letter topic is watched."
  }
}

run "a_cluster_that_runs_already_is_not_forgotten" {
  command = plan

  variables {
    runs_already = true
  }

  expect_failures = [var.cluster_arn]
}

run "a_cluster_that_runs_already_gets_policies_and_alarms_and_nothing_beside_it" {
  variables {
    runs_already = true
    cluster_arn  = "arn:aws:kafka:us-east-1:123456789012:cluster/shared/uuid-s1"
    subnet_ids   = []
  }

  assert {
    condition     = length(aws_msk_serverless_cluster.main) + length(aws_security_group.clients) == 0
    error_message = "No cluster is made."
  }

  assert {
    condition     = local.of_topics["orders"] == "arn:aws:kafka:us-east-1:123456789012:topic/shared/uuid-s1/orders"
    error_message = "The policies are for its topics."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.lag.dimensions["Cluster Name"] == "shared"
    error_message = "Its consumers are watched."
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
