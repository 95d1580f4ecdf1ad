resource "aws_cloudwatch_metric_alarm" "lag" {
  alarm_name          = "${var.name}-lag"
  alarm_description   = "The worst partition is more than ${var.alarm_lag_messages} messages behind. Are consumers running, and enough of them?"
  namespace           = "AWS/Kafka"
  metric_name         = "MaxOffsetLag"
  dimensions          = { "Cluster Name" = var.name, "Consumer Group" = var.consumer_group, Topic = var.topic }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_lag_messages
  treat_missing_data  = "notBreaching" # a group that never committed reports nothing
  alarm_actions       = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}
