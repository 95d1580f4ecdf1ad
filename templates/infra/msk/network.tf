# Give your producers and consumers the security group `clients`; nothing else reaches the brokers.

data "aws_subnet" "first" {
  id = var.subnet_ids[0]
}

resource "aws_security_group" "clients" {
  name_prefix = "${var.name}-clients-"
  description = "Producers and consumers of ${var.name}"
  vpc_id      = data.aws_subnet.first.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "brokers" {
  name_prefix = "${var.name}-brokers-"
  description = "Brokers of ${var.name}"
  vpc_id      = data.aws_subnet.first.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  # The listener of each way to sign in: https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html
  port = local.is_iam ? 9098 : local.is_scram ? 9096 : 9094
}

resource "aws_vpc_security_group_ingress_rule" "clients_to_brokers" {
  security_group_id            = aws_security_group.brokers.id
  referenced_security_group_id = aws_security_group.clients.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_egress_rule" "clients_to_brokers" {
  security_group_id            = aws_security_group.clients.id
  referenced_security_group_id = aws_security_group.brokers.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}
