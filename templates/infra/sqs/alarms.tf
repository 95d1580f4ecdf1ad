locals {
  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "age" {
  for_each = aws_sqs_queue.main

  alarm_name          = "${each.value.name}-age"
  alarm_description   = "The oldest message waits for more than ${var.alarm_age_seconds} s. Are consumers running, and enough of them?"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = each.value.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_age_seconds
  treat_missing_data  = "notBreaching" # an idle queue reports nothing
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = aws_sqs_queue.dead_letters

  alarm_name          = "${each.value.name}-not-empty"
  alarm_description   = "A message could not be handled, or the topic could not deliver it. Its attribute DeadLetterReason says why, or the log of the consumer."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "in_flight" {
  for_each = aws_sqs_queue.main

  alarm_name          = "${each.value.name}-in-flight"
  alarm_description   = "Near the quota of messages in flight: at the quota the queue hands out nothing more. Handle faster, or ask AWS for more."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesNotVisible"
  dimensions          = { QueueName = each.value.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_in_flight_messages
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "undelivered" {
  count = var.topic_name == null ? 0 : 1

  alarm_name          = "${var.topic_name}-undelivered"
  alarm_description   = "The topic gave up on a message for one of its queues and put it into that one's dead-letter queue, if it may. Is the queue there, and may the topic send to it and use its key?"
  namespace           = "AWS/SNS"
  metric_name         = "NumberOfNotificationsFailed"
  dimensions          = { TopicName = var.topic_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching" # where nothing fails nothing is reported
  alarm_actions       = local.alarm_actions
}
