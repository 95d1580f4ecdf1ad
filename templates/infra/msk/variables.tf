# What the workload decided is in terraform.tfvars.json, its reasons in the project's settings.json and DECISION.md.
# What only you know has no value there: subnet_ids, or cluster_arn where the cluster runs already; the certificate
# authority, the secrets or kms_key_arn where they are used.

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
  description = "Private subnets of one VPC, each in another Availability Zone; brokers are spread evenly over them."
  type        = list(string)
  default     = []

  validation {
    condition     = var.cluster_arn != null || contains([2, 3], length(var.subnet_ids))
    error_message = "A cluster lies in two or three subnets: give subnet_ids."
  }
}

variable "kafka_version" {
  type = string
}

variable "broker_type" {
  description = "Begins with kafka. for Standard brokers, with express. for Express brokers."
  type        = string
}

variable "broker_count" {
  type = number
}

variable "broker_volume_gib" {
  description = "Disk of one Standard broker; null for Express brokers, whose storage needs no sizing."
  type        = number
  default     = null
}

variable "broker_volume_mib_per_second" {
  description = "Throughput provisioned for each of these disks, which only large Standard brokers can have; null leaves it to AWS."
  type        = number
  default     = null
}

variable "log_roll_ms" {
  description = "A partition of a Standard broker begins a new segment this often; null for Express brokers, whose storage grows."
  type        = number
  default     = null
}

variable "replication_factor" {
  type = number
}

variable "min_insync_replicas" {
  type = number
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

variable "bridge" {
  description = "The group of the bridge, and the queue that it fills; null where the project has none."
  type        = object({ group = string, queue_name = string })
  default     = null
}

variable "security_protocol" {
  description = "SASL_SSL, or SSL for certificates on both sides."
  type        = string
}

variable "sasl_mechanism" {
  description = "AWS_MSK_IAM or SCRAM-SHA-512; null for certificates on both sides."
  type        = string
  default     = null
}

variable "scram_secret_arns" {
  description = "Secrets with username and password, named AmazonMSK_..., encrypted with a key of your own. Made elsewhere, so that no password is in this state."
  type        = list(string)
  default     = []
}

variable "certificate_authority_arns" {
  description = "Private certificate authorities whose client certificates are taken."
  type        = list(string)
  default     = []
}

variable "own_key" {
  description = "Encryption with a key of your own was asked for."
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = "The KMS key that disks are encrypted with; null leaves it to AWS. Another key is another cluster."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn != null || !var.own_key || var.cluster_arn != null
    error_message = "Encryption with a key of your own was asked for: give kms_key_arn."
  }

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "Give the ARN of the key itself, arn:aws:kms:<region>:<account>:key/..., not that of an alias."
  }
}

variable "alarm_cpu_percent" {
  type = number
}

variable "alarm_disk_percent" {
  type    = number
  default = null
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
