# What the workload decided is in terraform.tfvars.json, its reasons in the project's settings.json and DECISION.md.
# What only you know has no value there: subnet_ids, or cluster_arn where the cluster runs already.

variable "name" {
  description = "The cluster's name; begins the name of everything else made here."
  type        = string
}

variable "region" {
  type = string
}

variable "runs_already" {
  description = "Kafka runs already, and the project was reckoned as what is added to it."
  type        = bool
  default     = false
}

variable "cluster_arn" {
  description = "The cluster that runs already, and that was not made here; null makes one."
  type        = string
  default     = null

  validation {
    condition     = var.cluster_arn != null || !var.runs_already
    error_message = "Kafka runs already: give cluster_arn, or set runs_already to false where this folder made it or is to make another."
  }
}

variable "subnet_ids" {
  description = "Private subnets of one VPC, each in another Availability Zone."
  type        = list(string)
  default     = []

  validation {
    condition     = var.cluster_arn != null || length(var.subnet_ids) >= 2
    error_message = "A cluster lies in at least two subnets: give subnet_ids."
  }
}

variable "topic" {
  type = string
}

variable "dead_letter_topic" {
  type = string
}

variable "consumer_group" {
  description = "The groups whose names begin so may read."
  type        = string
}

variable "more_groups" {
  description = "The groups of further readers, each with an alarm of its own for its lag."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for group in var.more_groups : startswith(group, var.consumer_group) && group != var.consumer_group])
    error_message = "Name other groups than consumer_group, which begin with it: those may read."
  }
}

variable "alarm_lag_messages" {
  description = "The worst partition is so many messages behind: consumers do not keep up."
  type        = number
}

variable "alarm_topic_arn" {
  description = "An SNS topic that tells the people on call; null makes alarms that only show."
  type        = string
  default     = null
}
