# AWS Lambda in place of the project's consumer. Without function_names nothing here is made.

data "aws_lambda_function" "consumer" {
  for_each = var.function_names

  function_name = each.value
}

# Lambda polls with the role of the function.
resource "aws_iam_role_policy_attachment" "function" {
  for_each = var.function_names

  role       = basename(data.aws_lambda_function.consumer[each.key].role)
  policy_arn = aws_iam_policy.consumer[each.key].arn
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = var.function_names

  event_source_arn        = aws_sqs_queue.main[each.key].arn
  function_name           = each.value
  batch_size              = var.batch_size
  function_response_types = ["ReportBatchItemFailures"] # only what the function returns comes again

  depends_on = [aws_iam_role_policy_attachment.function] # no mapping is made for a function that may not poll

  lifecycle {
    # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    precondition {
      condition     = var.visibility_timeout_seconds >= 6 * data.aws_lambda_function.consumer[each.key].timeout
      error_message = "Lambda needs time to try again: visibility_timeout_seconds must be at least six times the timeout of the function."
    }
  }
}
