locals {
  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  brokers       = toset([for number in range(1, local.cluster.number_of_broker_nodes + 1) : tostring(number)])

  # Those of a cluster that runs already are its owners' to watch.
  own_brokers      = local.makes_cluster ? local.brokers : []
  standard_brokers = local.is_express ? [] : local.own_brokers
}

resource "aws_cloudwatch_metric_alarm" "lag" {
  alarm_name          = "${var.name}-lag"
  alarm_description   = "The worst partition is more than ${var.alarm_lag_messages} messages behind. Are consumers running, and enough of them?"
  namespace           = "AWS/Kafka"
  metric_name         = "MaxOffsetLag"
  dimensions          = { "Cluster Name" = local.cluster.cluster_name, "Consumer Group" = var.consumer_group, Topic = var.topic }
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
  dimensions          = { "Cluster Name" = local.cluster.cluster_name, "Consumer Group" = each.key, Topic = var.topic }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_lag_messages
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "bridge_lag" {
  count = var.bridge == null ? 0 : 1

  alarm_name          = "${var.name}-bridge-lag"
  alarm_description   = "The bridge is more than ${var.alarm_lag_messages} messages behind in the worst partition. Is it running, and does SQS take its jobs?"
  namespace           = "AWS/Kafka"
  metric_name         = "MaxOffsetLag"
  dimensions          = { "Cluster Name" = local.cluster.cluster_name, "Consumer Group" = var.bridge.group, Topic = var.topic }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_lag_messages
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}

# Bytes into a topic are published free of charge at every level of monitoring, by Standard and Express brokers; messages
# into a topic only from PER_TOPIC_PER_BROKER on, which CloudWatch bills for every topic.
resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = local.brokers

  alarm_name          = "${var.name}-${each.key}-dead-letters"
  alarm_description   = "A record could not be handled. Its header dead-letter-reason in ${var.dead_letter_topic} says why."
  namespace           = "AWS/Kafka"
  metric_name         = "BytesInPerSec"
  dimensions          = { "Cluster Name" = local.cluster.cluster_name, "Broker ID" = each.key, Topic = var.dead_letter_topic }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0.1 # any record is more; Kafka's rates fade for a while and are not 0 at once
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "cpu" {
  for_each = local.own_brokers

  alarm_name          = "${var.name}-${each.key}-cpu"
  alarm_description   = "A broker is too busy to take over from another one. Add brokers, or take larger ones."
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_cpu_percent
  alarm_actions       = local.alarm_actions

  metric_query {
    id          = "busy"
    expression  = "user + system"
    label       = "CpuUser + CpuSystem"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { user = "CpuUser", system = "CpuSystem" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/Kafka"
        metric_name = metric_query.value
        dimensions  = { "Cluster Name" = local.cluster.cluster_name, "Broker ID" = each.key }
        stat        = "Average"
        period      = 60
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "disk" {
  for_each = local.standard_brokers

  alarm_name          = "${var.name}-${each.key}-disk"
  alarm_description   = "A broker that has no disk left stops. Enlarge broker_volume_gib, or keep less."
  namespace           = "AWS/Kafka"
  metric_name         = "KafkaDataLogsDiskUsed"
  dimensions          = { "Cluster Name" = local.cluster.cluster_name, "Broker ID" = each.key }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_disk_percent
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "offline" {
  count = local.makes_cluster && !local.is_express ? 1 : 0

  alarm_name          = "${var.name}-offline"
  alarm_description   = "A partition has no leader: nothing can be written to it or read from it."
  namespace           = "AWS/Kafka"
  metric_name         = "OfflinePartitionsCount"
  dimensions          = { "Cluster Name" = local.cluster.cluster_name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "under_replicated" {
  for_each = local.standard_brokers

  alarm_name          = "${var.name}-${each.key}-under-replicated"
  alarm_description   = "Copies of this broker's partitions have been behind for a quarter of an hour: one more failure, and writes stop."
  namespace           = "AWS/Kafka"
  metric_name         = "UnderReplicatedPartitions"
  dimensions          = { "Cluster Name" = local.cluster.cluster_name, "Broker ID" = each.key }
  statistic           = "Minimum" # a broker that is patched is behind for some minutes
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  for_each = local.is_express ? local.own_brokers : []

  alarm_name          = "${var.name}-${each.key}-throttled"
  alarm_description   = "Producers wait, because the broker's rate is used up. Add brokers, or take larger ones."
  namespace           = "AWS/Kafka"
  metric_name         = "ProduceThrottleTime"
  dimensions          = { "Cluster Name" = local.cluster.cluster_name, "Broker ID" = each.key }
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}
