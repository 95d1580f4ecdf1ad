locals {
  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "lag" {
  alarm_name          = "${var.name}-lag"
  alarm_description   = "The worst partition is more than ${var.alarm_lag_messages} messages behind. Are consumers running, and enough of them?"
  namespace           = "AWS/Kafka"
  metric_name         = "MaxOffsetLag"
  dimensions          = { "Cluster Name" = local.cluster_name, "Consumer Group" = var.consumer_group, Topic = var.topic }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_lag_messages
  treat_missing_data  = "notBreaching" # a group that never committed reports nothing
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "more_lag" {
  for_each = var.more_groups

  alarm_name          = "${var.name}-lag-${each.key}"
  alarm_description   = "${each.key} is more than ${var.alarm_lag_messages} messages behind in the worst partition. Are consumers running, and enough of them?"
  namespace           = "AWS/Kafka"
  metric_name         = "MaxOffsetLag"
  dimensions          = { "Cluster Name" = local.cluster_name, "Consumer Group" = each.key, Topic = var.topic }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_lag_messages
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name          = "${var.name}-dead-letters"
  alarm_description   = "A record could not be handled. Its header dead-letter-reason in ${var.dead_letter_topic} says why."
  namespace           = "AWS/Kafka"
  metric_name         = "BytesInPerSec"
  dimensions          = { "Cluster Name" = local.cluster_name, Topic = var.dead_letter_topic }
  statistic           = "Sum" # each partition publishes its own
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0.1 # any record is more; Kafka's rates fade for a while and are not 0 at once
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}
